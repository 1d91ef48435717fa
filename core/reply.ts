/** The one outbound shape: what a turn wants said. Adapters render it natively and report what they had to degrade. */
import { z } from "zod";
import { JsonObject } from "./json.ts";
import { readableItems } from "./lenient.ts";
import { wellFormed } from "./text/cut.ts";

/** Something to press. Where there are no buttons it becomes a numbered list that accepts the typed number. */
export const Choice = z.object({
  /** What comes back as `choiceId` of the action event. Short enough for every platform's button payload. */
  id: z.string().regex(/^[A-Za-z0-9_.:-]{1,48}$/, "1 to 48 of A-Z a-z 0-9 _ . : -"),
  label: z.string().min(1).max(200),
  /** What comes back as `value`; read as the person's words when the choice is no confirmation. */
  value: z.string().max(4_000),
  style: z.enum(["primary", "danger", "default"]).optional(),
  /** The card of the same reply that it is about, and what it says where it stands on that card. */
  card: z.object({ id: z.string(), label: z.string().min(1).max(40) }).optional(),
});
export type Choice = z.infer<typeof Choice>;

/** Something to know of a card or a proposal, in the bot's language. */
export const Fact = z.object({
  label: z.string(),
  value: z.string(),
  /** How it is said without its label, in a line of text; empty: there it is left out. @default the value */
  phrase: z.string().optional(),
  /** The value where it is a quantity, such as an amount in whole units: for thresholds and for programs. */
  number: z.number().optional(),
  /** What counts most; shown large where there is room. */
  isMain: z.boolean().optional(),
  /** Shown where there are colours. */
  tone: z.enum(["good", "caution", "alert"]).optional(),
});
export type Fact = z.infer<typeof Fact>;

/** Something to look at: a product, a booking, an appointment. Its pack says what; each platform shows it its own way. */
export const Card = z.object({
  id: z.string(),
  title: z.string(),
  /** Its place in a list that is spoken of by numbers. */
  number: z.number().int().positive().optional(),
  facts: z.array(Fact).default([]),
  /** A sentence below the facts: why it is shown. */
  text: z.string().default(""),
  /** True where it advises to take something: the risk disclosure of `compliance` is said with it. */
  isAdvice: z.boolean().optional(),
  /** What programs read that get the reply as data; never shown. */
  data: JsonObject.optional(),
});
export type Card = z.infer<typeof Card>;
/** A card as packs write it: what has a default may be left out. */
export type CardDraft = z.input<typeof Card>;

/** A tool call that waits for its requester. Rendered by code from stored arguments, never by a model. */
export const Proposal = z.object({
  id: z.string(),
  summary: z.string(),
  /** What else its requester must see before confirming: how much, to whom. */
  facts: z.array(Fact).default([]),
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
  /** What a picture shows, for people who do not see it. */
  alt: z.string().max(1_000).optional(),
  spoolKey: z.string().max(128),
});
export type ReplyFile = z.infer<typeof ReplyFile>;

/** One reply: Markdown text plus everything a platform may show natively. */
export const Reply = z.object({
  id: z.string(),
  /** Markdown (CommonMark with GFM tables), parsed once to mdast by the renderer. */
  text: z.string(),
  choices: z.array(Choice).max(25).optional(),
  cards: z.array(Card).optional(),
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
  /** BCP 47: the language that the words around it are in, such as those of a confirmation. @default the bot's */
  locale: z.string().min(2).max(35).optional(),
});
export type Reply = z.infer<typeof Reply>;

/** A reply before the turn fills in its id and processing time. */
export type ReplyDraft = Omit<z.input<typeof Reply>, "id" | "processingTimeMs">;

/** A reply that code writes, and no model. */
export function notice(text: string): ReplyDraft {
  return { text, confidence: 1, model: "none" };
}

/** A draft as data from elsewhere has to be. */
export const Draft = Reply.omit({ id: true, processingTimeMs: true });
/** What a draft can do without costs only itself; a proposal that does not fit is no proposal, so it fails. */
const ReadableDraft = Draft.extend({
  choices: readableItems(Choice).transform(firstOf(25)).optional(),
  cards: readableItems(Card).optional(),
  files: readableItems(ReplyFile).transform(firstOf(10)).optional(),
  sources: readableItems(Source),
  disclaimers: readableItems(z.string()),
});

/**
 * The drafts as they can be sent, wherever a model or a tool was careless: lone surrogates are replaced, for platforms
 * refuse them, and a choice, card, file or source that does not fit is left out.
 *
 * Throws a `ZodError` for a draft without words or with a proposal that does not fit.
 */
export function sendableReplies(drafts: readonly ReplyDraft[]): readonly Omit<Reply, "id" | "processingTimeMs">[] {
  const json = JSON.stringify(drafts);
  // JSON writes only a lone surrogate as an escape.
  const clean: unknown = /\\ud[89a-f]/iu.test(json)
    ? JSON.parse(json, (_key, value: unknown) => (typeof value === "string" ? wellFormed(value) : value))
    : drafts;
  const strict = z.array(Draft).safeParse(clean);
  return strict.success ? strict.data : z.array(ReadableDraft).parse(clean);
}

function firstOf(most: number) {
  return <Item>(items: readonly Item[]): Item[] => items.slice(0, most);
}

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
