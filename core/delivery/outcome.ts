/** Records what became of a reply, everywhere it is asked for. */
import type { Degradation } from "../adapter.ts";
import type { DeliveryAttempt } from "../broker/broker.ts";
import type { DeliveryProgress } from "../broker/outbox-entry.ts";
import type { DeliveryRecord } from "../store/store.ts";
import type { Logger } from "../telemetry.ts";
import { briefError } from "./brief-error.ts";
import type { DeliveryOptions } from "./delivery-options.ts";
import type { Ending } from "./delivery-run.ts";

export interface Finished {
  readonly attempt: DeliveryAttempt;
  readonly log: Logger;
  readonly ending: Ending;
  readonly progress: DeliveryProgress;
  readonly parts: number;
  readonly degraded: readonly Degradation[];
  readonly startedAt: number;
}

/** Store, lifecycle stream, trace, metrics and log. Safe to repeat: the record and the event have stable ids. */
export async function saveOutcome(options: DeliveryOptions, finished: Finished): Promise<void> {
  const { environment, telemetry, adapter, broker, deliveries } = options;
  const { attempt, ending, progress } = finished;
  const { entry } = attempt;
  const now = environment.clock();
  const at = new Date(now).toISOString();
  const messageIds = progress.sent.map((receipt) => receipt.messageId);
  const record: DeliveryRecord = {
    id: entry.id,
    conversation: entry.conversation,
    account: entry.account,
    eventId: entry.eventId,
    outcome: ending.outcome,
    receipts: progress.sent,
    parts: finished.parts,
    plain: progress.plain,
    degraded: finished.degraded,
    ...(ending.detail === undefined ? {} : { detail: ending.detail }),
    at,
  };
  await deliveries.save(record);
  await broker.emit({
    version: 1,
    id: `${entry.id}.sent`,
    at,
    bot: options.bot,
    account: entry.account,
    conversation: entry.conversation,
    type: "reply-sent",
    eventId: entry.eventId,
    outcome: ending.outcome,
    messageIds,
  });
  const { platform } = adapter.manifest;
  const seconds = Math.max(0, now - Date.parse(entry.createdAt)) / 1000;
  telemetry.metrics.delivery({ platform, outcome: ending.outcome }, seconds);
  const { outcome, detail } = ending;
  const fields = { reply: entry.id, outcome, parts: finished.parts, sent: messageIds.length, detail };
  if (outcome === "delivered") finished.log.info(fields, "A reply was delivered");
  else finished.log.error(fields, "A reply was not delivered in full");
  await traceDelivery(options, finished, messageIds);
}

async function traceDelivery(
  options: DeliveryOptions,
  finished: Finished,
  messageIds: readonly string[],
): Promise<void> {
  const { attempt, ending, progress } = finished;
  const { entry } = attempt;
  try {
    await options.onStep?.({
      entry,
      messageIds,
      step: {
        kind: "delivery",
        name: options.adapter.manifest.platform,
        outcome: ending.outcome,
        ...(ending.detail === undefined ? {} : { detail: ending.detail }),
        milliseconds: Math.max(0, options.environment.clock() - finished.startedAt),
        data: {
          reply: entry.id,
          parts: finished.parts,
          sent: messageIds.length,
          plain: progress.plain,
          repeated: progress.repeated,
          degraded: finished.degraded.map(({ feature, shownAs }) => ({ feature, shownAs })),
        },
      },
    });
  } catch (thrown) {
    options.telemetry.log.error({ error: briefError(thrown), reply: entry.id }, "A delivery could not be traced");
  }
}
