import type { Running } from "../../core/broker/broker.ts";
import { describeError } from "../../core/errors.ts";
import type { Telemetry } from "../../core/telemetry.ts";
import { pauseFor } from "../../core/timing/sleep.ts";
import type { PaymentOrders } from "./port.ts";

const LOOK_EVERY_MS = 60_000;

/** Pays what is due, again and again until it is closed. Several processes may do so at once. */
export function payDueOrders(payDue: NonNullable<PaymentOrders["payDue"]>, log: Telemetry["log"]): Running {
  const closing = new AbortController();
  const loop = run(payDue, log, closing.signal);
  return {
    close: async () => {
      closing.abort();
      await loop;
    },
  };
}

async function run(payDue: () => Promise<void>, log: Telemetry["log"], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await payDue();
    } catch (thrown) {
      if (!signal.aborted) {
        log.warn({ error: describeError(thrown) }, "standing orders could not be paid and are tried again in a minute");
      }
    }
    await pauseFor(LOOK_EVERY_MS, signal);
  }
}
