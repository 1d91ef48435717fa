/**
 * The delivery loop, the same for every broker: own the account, read its outbox in order, deliver one entry at a time
 * per conversation and many conversations at once, remove what has its outcome.
 */
import { setMaxListeners } from "node:events";
import type { AccountId } from "../conversation-id.ts";
import type { DeliverOptions, DeliveryHandler, Running } from "./broker.ts";
import { runDeliveries } from "./delivery-run.ts";
import type { Outboxes } from "./mailbox.ts";
import { type OwnershipParts, runWhileOwner } from "./ownership.ts";

/** What the delivery loop is built on. */
export interface CourierParts extends OwnershipParts {
  readonly outboxes: Outboxes;
}

/** What is delivered, and by what. */
export interface CourierTask extends DeliverOptions {
  readonly account: AccountId;
  readonly handler: DeliveryHandler;
}

/** Delivers the account's outbox whenever this process owns it, until closed. */
export function startCourier(parts: CourierParts, task: CourierTask): Running {
  const { account, handler, concurrency = 20, leaseMs } = task;
  return runWhileOwner(parts, {
    name: account,
    leaseMs,
    work: async ({ epoch, closing, stopping, lose }) => {
      // Each lane listens to both.
      setMaxListeners(0, closing, stopping);
      await runDeliveries({
        outboxes: parts.outboxes,
        environment: parts.environment,
        telemetry: parts.telemetry,
        handler,
        concurrency,
        owned: { account, epoch },
        lose,
        closing,
        stopping,
      });
    },
  });
}
