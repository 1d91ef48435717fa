/** What people do with products, as it comes in from chats, front ends and banks. */
import { z } from "zod";

/** The four kinds of interaction; each has a topic of its own on the queue. */
export const InteractionType = z.enum(["view", "comparison", "search", "interaction"]);
export type InteractionType = z.infer<typeof InteractionType>;

/** What an `interaction` was. `shown` says what was seen and nothing about taste. */
export const InteractionAction = z.enum(["shown", "opened", "accepted", "dismissed", "liked", "disliked", "acquired"]);
export type InteractionAction = z.infer<typeof InteractionAction>;

/** As long as the longest conversation id. */
const Identifier = z.string().min(1).max(1_000);
const Label = z.string().trim().min(1).max(100);

/** What is known of the person at that time. Groups and ranges, never exact facts. */
export const Demographics = z.strictObject({
  /** Such as `25-34` or `65+`. */
  ageGroup: z
    .string()
    .regex(/^\d{1,3}(?:-\d{1,3}|\+)$/, 'expected a range of years such as "25-34" or "65+"')
    .optional(),
  /** Such as `20000-40000`, in the currency of the bank. */
  incomeRange: Label.optional(),
  location: Label.optional(),
  /** Such as `student`. */
  segment: Label.optional(),
});
export type Demographics = z.infer<typeof Demographics>;

const fields = {
  /** The source's own id: the same source and id count once. */
  id: Identifier,
  userId: Identifier,
  /** The bank's own id of somebody who is known by another id here, such as a person of a chat. */
  customerId: Identifier.optional(),
  /** A visit or a conversation. */
  sessionId: Identifier,
  type: InteractionType,
  /** Given for an `interaction`, and only there. */
  action: InteractionAction.optional(),
  /** When it happened, by the source's clock. */
  timestamp: z.iso.datetime({ offset: true }),
  /** At least one, except for a search. */
  productIds: z.array(Identifier).max(50).default([]),
  category: Label.optional(),
  institution: Label.optional(),
  /** How long the product was looked at. */
  viewSeconds: z.number().nonnegative().finite().optional(),
  demographics: Demographics.optional(),
  /** The model version whose recommendation this answers. */
  modelVersion: Label.optional(),
};

/** As a source publishes it. */
export const InteractionDraft = z.strictObject(fields).superRefine(checkFields);
export type InteractionDraft = z.output<typeof InteractionDraft>;

/** As it is kept: with where it came from and when it was received. */
export const Interaction = z
  .strictObject({ ...fields, receivedAt: z.iso.datetime(), source: Identifier })
  .superRefine(checkFields);
export type Interaction = z.output<typeof Interaction>;

function checkFields(
  {
    type,
    action,
    productIds,
  }: { readonly type: InteractionType; readonly action?: string | undefined; readonly productIds: readonly string[] },
  context: z.RefinementCtx,
): void {
  if ((type === "interaction") !== (action !== undefined)) {
    const message = type === "interaction" ? "an interaction needs its action" : "only an interaction has an action";
    context.addIssue({ code: "custom", path: ["action"], message });
  }
  if (type !== "search" && productIds.length === 0)
    context.addIssue({ code: "custom", path: ["productIds"], message: `a ${type} needs at least one product` });
  if (type === "comparison" && productIds.length === 1)
    context.addIssue({ code: "custom", path: ["productIds"], message: "a comparison needs at least two products" });
}
