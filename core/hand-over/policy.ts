/** When a bot hands a conversation over to people, and what is said then. */
import { z } from "zod";
import { ConversationId } from "../conversation-id.ts";

/** The tool by which a crew hands over. */
export const HAND_OVER_TOOL = "hand_over";

const InARow = z.union([z.int().min(1).max(20), z.literal(false)]);

/** A bot without it hands nothing over by itself; an admin can always take a conversation. */
export const HandOverPolicy = z.strictObject({
  /** What hands over without being asked to. */
  rules: z
    .strictObject({
      /** So many answers in a row that did not know, could not, or asked what was meant. False: never. */
      misunderstandings: InARow.default(3),
      /** So many angry messages in a row. False: never. */
      angry: InARow.default(3),
      /** Requests that tell of fraud, by their names in a tool pack or in `intents`; they are answered first. */
      fraud: z.array(z.string().min(1)).default([]),
    })
    .prefault({}),
  /** Where people are told of it: the id of a conversation of any account of this installation, such as `slack:main:C0123`. */
  notify: ConversationId.describe('a conversation such as "slack:main:C0123"').optional(),
  /** Hours and contacts, said when a conversation is handed over. By language tag; `default` where the tag has none. */
  contact: z.record(z.string(), z.string().min(1)).default({}),
  /** The bot answers again when people said nothing for so long, in minutes; null: only when it is given back. */
  silenceMinutes: z
    .int()
    .positive()
    .nullable()
    .default(24 * 60),
});
export type HandOverPolicy = z.infer<typeof HandOverPolicy>;
