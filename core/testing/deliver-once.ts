import assert from "node:assert/strict";
import type { AdapterSession } from "../adapter.ts";
import type { BoundAdapter, SealedPayload } from "../adapter-binding.ts";
import type { OutboxEntry } from "../broker/outbox-entry.ts";
import { createDelivery, createLimiter } from "../delivery/index.ts";
import { silentTelemetry } from "../silent-telemetry.ts";
import type { DeliveryRecord } from "../store/store.ts";

/** Delivers one reply as the framework does, and gives the record of it. */
export async function deliverOnce(
  adapter: BoundAdapter,
  session: AdapterSession<SealedPayload>,
  entry: OutboxEntry,
): Promise<DeliveryRecord> {
  const records: DeliveryRecord[] = [];
  const environment = { clock: () => Date.now(), newId: () => crypto.randomUUID(), random: Math.random };
  const nothing = async (): Promise<undefined> => undefined;
  const deliver = createDelivery({
    adapter,
    session,
    account: entry.account,
    bot: "conformance",
    deliveries: {
      save: async (record) => {
        records.push(record);
      },
    },
    broker: { emit: nothing, remember: nothing, recall: nothing },
    telemetry: silentTelemetry,
    environment,
    limiter: createLimiter({ rate: adapter.manifest.capabilities.rate, clock: environment.clock }),
  });
  await deliver({ entry, progress: undefined, attempt: 1, signal: new AbortController().signal, record: nothing });
  return records[0] ?? assert.fail("the delivery left no record");
}
