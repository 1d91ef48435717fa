/**
 * What webhooks tell. Events carry ids, never the words of people: whoever may read those asks for them with a permission.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { AccountId, ConversationId } from "../../core/conversation-id.ts";
import { InvalidInputError } from "../../core/errors.ts";
import { HandOverCause } from "../../core/store/store.ts";

const Id = z.string().min(1).max(500);
const base = {
  /** Unique and stable: the same happening told twice is one event. */
  source: Id,
  bot: z.string().min(1).max(64),
  at: z.iso.datetime(),
};
const inChat = { conversation: ConversationId };

const MessageReceived = z.object({
  ...base,
  type: z.literal("message.received"),
  data: z.strictObject({ ...inChat, account: AccountId, eventId: Id, kind: z.string().max(50) }),
});
const ReplySent = z.object({
  ...base,
  type: z.literal("reply.sent"),
  data: z.strictObject({
    ...inChat,
    account: AccountId,
    eventId: Id,
    outcome: z.enum(["delivered", "partial", "failed", "unknown"]),
    messageIds: z.array(Id).max(100),
  }),
});
const HandOverBegun = z.object({
  ...base,
  type: z.literal("hand_over.begun"),
  data: z.strictObject({ ...inChat, cause: HandOverCause }),
});
const HandOverEnded = z.object({ ...base, type: z.literal("hand_over.ended"), data: z.strictObject(inChat) });
const ProposalCreated = z.object({
  ...base,
  type: z.literal("proposal.created"),
  data: z.strictObject({
    ...inChat,
    proposalId: Id,
    tool: z.string().max(100),
    risk: z.string().max(20),
    expiresAt: z.iso.datetime(),
  }),
});
const ExecutionFinished = z.object({
  ...base,
  type: z.literal("execution.finished"),
  data: z.strictObject({
    ...inChat,
    proposalId: Id,
    tool: z.string().max(100),
    outcome: z.enum(["executed", "failed"]),
  }),
});
const DeadLetterCreated = z.object({
  ...base,
  type: z.literal("dead_letter.created"),
  data: z.strictObject({ ...inChat, eventId: Id, attempts: z.int().nonnegative() }),
});
const DocumentChanged = z.object({
  ...base,
  type: z.literal("document.changed"),
  data: z.strictObject({ document: Id, change: z.enum(["added", "updated", "removed"]) }),
});
const TrainingFinished = z.object({
  ...base,
  type: z.literal("training.finished"),
  data: z.strictObject({
    /** Missing where it failed. */
    model: z.string().max(100).exactOptional(),
    version: z.string().max(100).exactOptional(),
    outcome: z.enum(["replaced", "kept", "failed"]),
  }),
});
/** Something that people should look at. Of the installation's logins each bot is told. */
const AlertRaised = z.object({
  ...base,
  type: z.literal("alert.raised"),
  data: z.strictObject({
    kind: z.enum(["failed-logins", "token-reuse", "new-place", "webhook-disabled"]),
    /** Of `GET /api/v1/alerts`, or of the webhook. */
    about: Id,
  }),
});

/** An event as the part hands it over in which it happened. */
export const WebhookEvent = z.discriminatedUnion("type", [
  MessageReceived,
  ReplySent,
  HandOverBegun,
  HandOverEnded,
  ProposalCreated,
  ExecutionFinished,
  DeadLetterCreated,
  DocumentChanged,
  TrainingFinished,
  AlertRaised,
]);
export type WebhookEvent = z.infer<typeof WebhookEvent>;

/** What an endpoint can ask for. */
export const WebhookType = z.enum([
  "message.received",
  "reply.sent",
  "hand_over.begun",
  "hand_over.ended",
  "proposal.created",
  "execution.finished",
  "dead_letter.created",
  "document.changed",
  "training.finished",
  "alert.raised",
]);
export type WebhookType = z.infer<typeof WebhookType>;

/** An event on its way to endpoints. */
export interface WebhookMessage {
  /** `webhook-id`: the same for every endpoint and every attempt. */
  readonly id: string;
  readonly type: WebhookType | "ping";
  readonly body: string;
  /** Whose chat it is about, so that it can be forgotten with it. */
  readonly conversation: ConversationId | undefined;
}

/** Receivers are asked for little; the specification recommends less than 20 kB. */
const MAX_BODY_BYTES = 20_000;

/** The message of an event. Throws `webhook/too-large`. */
export function messageOf({ source, bot, at, type, data }: WebhookEvent): WebhookMessage {
  const body = JSON.stringify({ type, timestamp: at, bot, data });
  if (Buffer.byteLength(body) > MAX_BODY_BYTES)
    throw new InvalidInputError("webhook/too-large", `An event for webhooks has more than ${MAX_BODY_BYTES} bytes.`);
  const conversation = "conversation" in data ? data.conversation : undefined;
  return { id: hashedId("msg", `${type} ${source}`), type, body, conversation };
}

/** A message that only shows whether an endpoint answers. */
export function pingOf({ id, bot, at }: { readonly id: string; readonly bot: string; readonly at: string }) {
  const body = JSON.stringify({ type: "ping", timestamp: at, bot, data: {} });
  return { id: hashedId("msg", `ping ${id}`), type: "ping", body, conversation: undefined } satisfies WebhookMessage;
}

/** The same for the same text, and without a dot: those part what is signed. */
export function hashedId(prefix: string, text: string): string {
  return `${prefix}_${createHash("sha256").update(text).digest("hex").slice(0, 32)}`;
}
