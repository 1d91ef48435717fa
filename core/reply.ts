/** The one outbound shape: what a turn wants said. Adapters render it natively and report what they had to degrade. */
import { z } from "zod";
import { JsonObject } from "./json.ts";

/** Money is always an integer of minor units with its currency, never a float. */
export const Money = z.object({
  minor: z.number().int().safe(),
  currency: z.string().regex(/^[A-Z]{3}$/),
});
export type Money = z.infer<typeof Money>;

/** Something to press. Where there are no buttons it becomes a numbered list that accepts the typed number. */
export const Choice = z.object({
  /** What comes back as `choiceId` of the action event. Short enough for every platform's button payload. */
  id: z.string().regex(/^[A-Za-z0-9_.:-]{1,48}$/, "1 to 48 of A-Z a-z 0-9 _ . : -"),
  label: z.string().min(1).max(200),
  /** What comes back as `value`; read as the person's words when the choice is no confirmation. */
  value: z.string().max(4_000),
  style: z.enum(["primary", "danger", "default"]).optional(),
});
export type Choice = z.infer<typeof Choice>;

export const Recommendation = z.object({
  id: z.string(),
  name: z.string(),
  category: z.string(),
  riskLevel: z.enum(["low", "medium", "high"]),
  /** Yearly, as a decimal fraction (0.021 = 2.1 %); null where a product has none. */
  expectedReturn: z.number().nullable(),
  /** 0..1. */
  relevanceScore: z.number().min(0).max(1),
  rank: z.number().int().positive(),
  reason: z.string(),
});
export type Recommendation = z.infer<typeof Recommendation>;

/** A tool call that waits for its requester. Rendered by code from stored arguments, never by a model. */
export const Proposal = z.object({
  id: z.string(),
  summary: z.string(),
  amount: Money.optional(),
  payee: z.string().optional(),
  /** Typed by the requester where there is no button. Shown to the requester only. */
  code: z.string().optional(),
  expiresAt: z.iso.datetime(),
});
export type Proposal = z.infer<typeof Proposal>;

/** Evidence for an answer: what was quoted and where it stands. */
export const Source = z.object({
  title: z.string(),
  /** Section, page or line: enough for a person to find it. */
  location: z.string(),
  url: z.string().optional(),
  quote: z.string(),
});
export type Source = z.infer<typeof Source>;

/** A file to show with the reply; its bytes are in the spool (`AdapterContext.openFile`). */
export const ReplyFile = z.object({
  name: z.string().min(1).max(256),
  mediaType: z.string().max(128),
  spoolKey: z.string().max(128),
});
export type ReplyFile = z.infer<typeof ReplyFile>;

/** One reply: Markdown text plus everything a platform may show natively. */
export const Reply = z.object({
  id: z.string(),
  /** Markdown (CommonMark with GFM tables), parsed once to mdast by the renderer. */
  text: z.string(),
  choices: z.array(Choice).max(25).optional(),
  recommendations: z.array(Recommendation).optional(),
  proposal: Proposal.optional(),
  files: z.array(ReplyFile).max(10).optional(),
  /** `requester`: shown to the person answered alone, where the platform can (ephemeral). @default everyone */
  visibility: z.enum(["everyone", "requester"]).optional(),
  sources: z.array(Source).default([]),
  confidence: z.number().min(0).max(1),
  disclaimers: z.array(z.string()).default([]),
  processingTimeMs: z.number().int().nonnegative(),
  /** The model that wrote it, or `none` where code did. */
  model: z.string(),
});
export type Reply = z.infer<typeof Reply>;

/** A reply before the turn fills in its id and processing time. */
export type ReplyDraft = Omit<z.input<typeof Reply>, "id" | "processingTimeMs">;

/** Where a reply goes. */
export const ReplyTarget = z.object({
  chat: z.string(),
  thread: z.string().optional(),
  /** The person answered; ephemeral and direct replies need it. */
  userId: z.string(),
  /** The platform message that is answered. */
  replyTo: z.string().optional(),
  /** The event's own `reference`, for its adapter. */
  reference: JsonObject.optional(),
});
export type ReplyTarget = z.infer<typeof ReplyTarget>;
