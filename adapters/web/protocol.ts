/** What travels over HTTP and over the socket: schemas for both directions. */
import { z } from "zod";
import { JsonObject, Reply } from "../../adapter.ts";

const MAX_METADATA_CHARACTERS = 4_096;

export const SessionId = z.string().min(1).max(300);
export const UserId = z
  .string()
  .regex(/^[\w.@:+-]{1,128}$/u, "1 to 128 letters, digits and . _ @ : + -")
  .describe(
    "Whose session it is: taken for a new one only from a caller that sends gateway.trustedToken. Left out: the session's own user, or a guest of a new session.",
  );
const MessageId = z
  .string()
  .regex(/^[\w.:-]{1,64}$/u, "1 to 64 letters, digits and . _ : -")
  .describe("Chosen by the client: the same message sent again under it is not doubled.");
const Attachments = z
  .array(z.strictObject({ id: z.string().min(1).max(2_000) }))
  .max(10)
  .default([])
  .describe("What POST /api/v1/chat/attachments gave.");
const Metadata = JsonObject.refine((value) => JSON.stringify(value).length <= MAX_METADATA_CHARACTERS, {
  error: `at most ${MAX_METADATA_CHARACTERS} characters as JSON`,
}).default({});

const message = {
  messageId: MessageId.optional(),
  text: z
    .string()
    .describe(
      "What the person says. A choice of a reply is pressed by saying its `value`; a proposal by POST /api/v1/actions/confirm or …/cancel.",
    ),
  attachments: Attachments,
  metadata: Metadata,
};
const hasContent = ({ text, attachments }: { readonly text: string; readonly attachments: readonly unknown[] }) =>
  /[^\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/u.test(text) || attachments.length > 0;
const needsContent = { error: "say something or attach a file", path: ["text"] };

export const ChatRequest = z
  .strictObject({ sessionId: SessionId.optional(), userId: UserId.optional(), ...message })
  .refine(hasContent, needsContent);

const Code = z
  .string()
  .max(4_000)
  .describe(
    "The proposal's code. Left out, it is a press of the proposal's button; given, it must be the right one: any other is refused and counted.",
  );

export const ActionRequest = z.strictObject({
  sessionId: SessionId,
  userId: UserId.optional(),
  messageId: MessageId.optional(),
  proposalId: z.string().min(1).max(180),
  code: Code.optional(),
});

export const SessionQuery = z.strictObject({ sessionId: SessionId, userId: UserId.optional() });

/** What a client sends over the socket. */
export const ClientFrame = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("message"), ...message }).refine(hasContent, needsContent),
  z.strictObject({
    type: z.literal("action"),
    messageId: MessageId.optional(),
    choiceId: z.string().min(1).max(200),
    value: z.string().max(4_000).default(""),
    code: Code.optional(),
  }),
  z.strictObject({ type: z.literal("ping") }),
]);
export type ClientFrame = z.output<typeof ClientFrame>;

/** A reply as programs read it. */
export const ProgramReply = Reply.extend({
  text: z.string().describe("What it says, without markup."),
  markdown: z.string().describe("What it says as Markdown (CommonMark with GFM tables)."),
});
export type ProgramReply = z.infer<typeof ProgramReply>;

/** What the server sends of a turn. On the wire each carries an `id`: send the last one as `lastEventId` to resume. */
export const TurnFrame = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("accepted"),
    messageId: z.string(),
    /** Left out where it is a duplicate whose first sending is not known here. */
    eventId: z.string().optional(),
    /** What was said, for the session's other sockets. */
    text: z.string(),
    /** True when it had been sent before; nothing was doubled. */
    duplicate: z.boolean(),
  }),
  /** What is being done; empty while it is only being thought about. */
  z.object({ type: z.literal("status"), eventId: z.string(), text: z.string() }),
  z.object({ type: z.literal("delta"), eventId: z.string(), offset: z.number().int(), text: z.string() }),
  /** Forget the streamed text: another attempt starts. */
  z.object({ type: z.literal("reset"), eventId: z.string() }),
  z.object({
    type: z.literal("reply"),
    eventId: z.string(),
    index: z.number().int(),
    count: z.number().int(),
    at: z.iso.datetime(),
    reply: ProgramReply,
    html: z.string(),
    /** True when it is shown again from the history, after a gap that could not be filled otherwise. */
    replayed: z.boolean(),
  }),
  /** The message was over the limits and is not answered; it may be said again later, as a new one. */
  z.object({
    type: z.literal("error"),
    eventId: z.string(),
    messageId: z.string().optional(),
    code: z.string(),
    detail: z.string(),
    retryable: z.boolean(),
    /** When it may be said again, in ms from now. */
    retryAfterMs: z.number().int().optional(),
  }),
  z.object({ type: z.literal("finished"), eventId: z.string(), replies: z.number().int() }),
]);
export type TurnFrame = z.infer<typeof TurnFrame>;

/** What the server sends to one socket alone, outside the numbered stream. */
export type SocketFrame =
  | {
      readonly type: "session";
      readonly id: string;
      readonly sessionId: string;
      readonly userId: string;
      /** True when everything since `lastEventId` follows; false when replies of the history follow instead, if any. */
      readonly resumed: boolean;
    }
  | { readonly type: "pong" }
  | {
      readonly type: "error";
      readonly code: string;
      readonly detail: string;
      readonly retryable: boolean;
      readonly retryAfterMs?: number;
      readonly messageId?: string;
    };

export const ChatAnswer = z.object({
  messageId: z.string(),
  sessionId: z.string(),
  status: z.enum(["answered", "pending"]),
  replies: z.array(ProgramReply),
  /** Where to ask for the answer, while it is pending. */
  link: z.string().optional(),
});
export type ChatAnswer = z.infer<typeof ChatAnswer>;

export const HistoryAnswer = z.object({
  sessionId: z.string(),
  /** Oldest first. */
  messages: z.array(
    z.object({
      id: z.string(),
      role: z.enum(["user", "assistant"]),
      at: z.string(),
      userId: z.string().optional(),
      messageId: z.string().optional(),
      text: z.string(),
      reply: ProgramReply.optional(),
      html: z.string().optional(),
    }),
  ),
});

/** What was proposed in a session and what became of it, newest first. */
export const ActionsAnswer = z.object({
  sessionId: z.string(),
  actions: z.array(
    z.object({
      proposalId: z.string(),
      summary: z.string(),
      /** `confirmed` is being done; `executed` is done. */
      status: z.enum(["pending", "confirmed", "executed", "failed", "cancelled", "expired"]),
      createdAt: z.string(),
      decidedAt: z.string().optional(),
      /** What was told when it was decided. */
      result: z.string().optional(),
    }),
  ),
});

export const SessionAnswer = z.object({
  sessionId: z.string(),
  userId: z.string(),
  /** Null before the first message, and after a reset. */
  createdAt: z.string().nullable(),
  lastEventAt: z.string().nullable(),
  messageCount: z.number().int(),
});

export const UploadAnswer = z.object({
  id: z.string(),
  name: z.string(),
  mediaType: z.string(),
  sizeBytes: z.number().int(),
});
