/** Looks every second at something that is kept, and tells what is new of it. One process at a time does. */
import type { Broker, Running } from "../../core/broker/broker.ts";
import { accountId } from "../../core/conversation-id.ts";
import type { Environment } from "../../core/environment.ts";
import { describeError } from "../../core/errors.ts";
import type { Json } from "../../core/json.ts";
import type { Values } from "../../core/store/store.ts";
import type { Telemetry } from "../../core/telemetry.ts";
import { backOffMs } from "../../core/timing/back-off.ts";
import { pauseFor } from "../../core/timing/sleep.ts";
import type { WebhookEvent } from "./event.ts";

export interface WatchParts {
  readonly broker: Pick<Broker, "hold">;
  readonly values: Pick<Values, "get" | "set">;
  readonly environment: Pick<Environment, "clock" | "random">;
  readonly telemetry: Telemetry;
  readonly tell: (event: WebhookEvent) => Promise<void>;
}

export interface Watch {
  readonly name: string;
  /**
   * Tells what is new since what was known, and gives what is known then; undefined where nothing is. Nothing known is the
   * beginning: what was before is not told. It is asked again where it fails, so each happening has one `source`.
   */
  readonly look: (known: Json | undefined) => Promise<Json | undefined>;
}

const OWNER = "webhooks";
const EVERY_MS = 1_000;
const RETRY = { baseDelayMs: 1_000, maxDelayMs: 30_000 };

/** Watches until it is closed, from where the process before stopped. */
export function keepWatch({ broker, values, environment, telemetry }: WatchParts, { name, look }: Watch): Running {
  return broker.hold(accountId("webhooks", name), async ({ closing }) => {
    let failures = 0;
    while (!closing.aborted) {
      try {
        const next = await look(await values.get(OWNER, name));
        if (next !== undefined) await values.set(OWNER, name, next);
        failures = 0;
      } catch (thrown) {
        failures += 1;
        const error = describeError(thrown);
        telemetry.log.warn({ watch: name, error }, "events for webhooks could not be noted and are looked for again");
      }
      await pauseFor(failures === 0 ? EVERY_MS : backOffMs(failures, RETRY, environment.random()), closing);
    }
  });
}
