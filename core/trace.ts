/** Why the bot answered as it did, or did not: one record per turn, written as it happens. */
import { z } from "zod";
import { ConversationId } from "./conversation-id.ts";
import { JsonObject } from "./json.ts";

/** What a reply does, so that a program can tell a question from an answer without reading its words. */
export const ReplyAct = z.enum([
  "answers",
  "asks",
  "greets",
  "thanks",
  "says-goodbye",
  "helps",
  "does-not-know",
  "cannot",
  "reminds",
  "cancelled",
  "comforts",
]);
export type ReplyAct = z.infer<typeof ReplyAct>;

export const TraceStep = z.object({
  at: z.iso.datetime(),
  kind: z.enum([
    "normalize",
    "intake",
    "guard",
    "conversation",
    "cache",
    "confirmation",
    "agent",
    "model",
    "tool",
    "document",
    "breaker",
    "compliance",
    "commit",
    "delivery",
  ]),
  /** Which guard, agent, tool, document, adapter. */
  name: z.string(),
  /** `passed`, `stopped`, `done`, `refused`, `failed`, … */
  outcome: z.string(),
  /** For people: one sentence. Never message text or personal data. */
  detail: z.string().optional(),
  milliseconds: z.number().nonnegative().optional(),
  /** Of the step that wrote the reply, where it knows. */
  act: ReplyAct.optional(),
  /** What the reply asks for: a field of a tool's input, or a word such as `which`. */
  missing: z.string().optional(),
  data: JsonObject.optional(),
});
export type TraceStep = z.infer<typeof TraceStep>;

export const Trace = z.object({
  version: z.literal(1),
  /** The id of the event that started the turn (the correlation id). */
  id: z.string(),
  conversation: ConversationId,
  bot: z.string(),
  /** All events the turn covered (a collapsed burst has several). */
  eventIds: z.array(z.string()),
  /** Platform message ids in and out, so that `parley why` finds it by either. */
  messageIds: z.array(z.string()),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().optional(),
  outcome: z.enum(["running", "answered", "silent", "failed", "cancelled", "dead-lettered"]),
  steps: z.array(TraceStep),
});
export type Trace = z.infer<typeof Trace>;

/** Adds a step to the running turn's trace. */
export type Tracer = (step: Omit<TraceStep, "at">) => void;
