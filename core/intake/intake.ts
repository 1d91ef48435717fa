/**
 * From what an adapter normalised to an event in the mailbox: completes it, cleans its texts, validates it, and makes it
 * durable. Only when `accept` resolves may the platform be told that the event arrived.
 */
import { z } from "zod";
import type { Accepted, Normalized } from "../adapter.ts";
import type { Broker } from "../broker/broker.ts";
import type { AccountId } from "../conversation-id.ts";
import { conversationId, conversationParts } from "../conversation-id.ts";
import type { Environment } from "../environment.ts";
import { describeError, InvalidInputError } from "../errors.ts";
import type { EventDraft } from "../event.ts";
import type { InboundEvent } from "../event.ts";
import { EVENT_VERSION, MAX_TEXT_LENGTH } from "../event.ts";
import type { Store } from "../store/store.ts";
import type { Telemetry } from "../telemetry.ts";
import { readEvent } from "./read-event.ts";

export interface IntakeOptions {
  readonly account: AccountId;
  readonly bot: string;
  /** How long a burst of short messages is collected, in ms; asked for each message, so that a reload takes effect. */
  readonly burstMs: () => number;
  readonly broker: Pick<Broker, "accept" | "emit">;
  readonly store: Pick<Store, "traces">;
  readonly environment: Environment;
  readonly telemetry: Telemetry;
  /** Hears each event once it is durable, before its turn may have started (its files are fetched then). */
  readonly onAccepted?: (event: InboundEvent) => void;
}

/** Makes the `accept` of one account. */
export function createIntake(options: IntakeOptions): (normalized: Normalized) => Promise<Accepted | undefined> {
  const { telemetry, account, broker, environment } = options;
  const platform = account.slice(0, account.indexOf(":"));
  return async (normalized) => {
    // What the bot said itself is known, and so much that traces of it would hide the others.
    if ("event" in normalized && normalized.event.echo === true) {
      telemetry.metrics.event({ platform, type: "ignored", outcome: "the bot's own message" });
      return undefined;
    }
    if ("ignored" in normalized) {
      telemetry.metrics.event({ platform, type: "ignored", outcome: normalized.ignored });
      await traceIgnored(options, normalized);
      return undefined;
    }
    const event = completeEvent(normalized.event, options);
    const { id: eventId, conversation, bot, type, repairs } = event;
    const attributes = { "parley.event": eventId, "parley.conversation": conversation };
    return await telemetry.inSpan({ name: "parley.accept", attributes }, async () => {
      const holdMs = type === "message" ? options.burstMs() : 0;
      const acceptance = await broker.accept(event, holdMs > 0 ? { holdMs } : {});
      const outcome = acceptance.status;
      telemetry.metrics.event({ platform, type, outcome });
      const fields = { correlationId: eventId, conversation, type, outcome, ...(repairs && { repairs }) };
      telemetry.log.debug(fields, "event accepted");
      if (outcome === "accepted") {
        options.onAccepted?.(event);
        const received = {
          version: 1,
          type: "message-received",
          id: environment.newId(),
          at: event.receivedAt,
        } as const;
        // The lifecycle stream tells, it does not decide: its failure is logged and the acceptance stands.
        broker
          .emit({ ...received, bot, account, conversation, eventId, userId: event.user.id, kind: type })
          .catch((thrown: unknown) =>
            telemetry.log.warn({ correlationId: eventId, error: describeError(thrown) }, "lifecycle event lost"),
          );
      }
      return { ...acceptance, eventId, conversation };
    });
  };
}

/** Fills in the framework's fields. Throws `InvalidInputError` with the fields that do not fit. */
export function completeEvent(
  draft: EventDraft,
  { account, bot, environment }: Pick<IntakeOptions, "account" | "bot" | "environment">,
): InboundEvent {
  const { platform, account: accountName } = conversationParts(`${account}:x`);
  if ("text" in draft && (draft.text?.length ?? 0) > MAX_TEXT_LENGTH) {
    throw new InvalidInputError(
      "event/text-too-long",
      `A message may have at most ${MAX_TEXT_LENGTH} characters; this one has ${draft.text?.length}.`,
      [{ path: "text", message: `at most ${MAX_TEXT_LENGTH} characters` }],
      { status: 413 },
    );
  }
  const chat = { platform, account: accountName, chat: draft.chat.keptAs ?? draft.chat.id, thread: draft.chat.thread };
  const parsed = readEvent({
    ...draft,
    version: EVENT_VERSION,
    id: environment.newId(),
    bot,
    platform,
    account,
    conversation: conversationId(chat),
    receivedAt: new Date(environment.clock()).toISOString(),
  });
  if (parsed.success) return parsed.data;
  throw new InvalidInputError(
    "event/invalid",
    `The ${platform} event does not fit: ${z.prettifyError(parsed.error)}`,
    parsed.error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message })),
  );
}

async function traceIgnored(
  { account, bot, store, environment, telemetry }: IntakeOptions,
  ignored: Extract<Normalized, { ignored: string }>,
): Promise<void> {
  if (ignored.messageId === undefined || ignored.chat === undefined) return;
  const { platform, account: accountName } = conversationParts(`${account}:x`);
  const at = new Date(environment.clock()).toISOString();
  await store.traces
    .save({
      version: 1,
      id: environment.newId(),
      conversation: conversationId({ platform, account: accountName, chat: ignored.chat }),
      bot,
      eventIds: [],
      messageIds: [ignored.messageId],
      startedAt: at,
      finishedAt: at,
      outcome: "silent",
      steps: [{ at, kind: "normalize", name: platform, outcome: "ignored", detail: ignored.ignored }],
    })
    .catch((thrown: unknown) => telemetry.log.warn({ error: describeError(thrown) }, "trace of an ignored event lost"));
}
