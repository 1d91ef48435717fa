/**
 * Schemas for what platforms send: a part that does not fit costs itself, never the message. Only what a message cannot
 * do without (its id, its chat, its sender) is to be read strictly.
 */
import { z } from "zod";

/** A field that a message can do without: `null`, an odd type or too long a value leave it out. */
export function optionalPart<Schema extends z.ZodType>(schema: Schema) {
  return schema.optional().catch(undefined);
}

/** A list of which every element that does not fit costs itself alone; no list is an empty one. */
export function readableItems<Schema extends z.ZodType>(schema: Schema) {
  return z
    .array(z.unknown())
    .catch([])
    .transform((items) =>
      items.flatMap((item): z.output<Schema>[] => {
        const read = schema.safeParse(item);
        return read.success ? [read.data] : [];
      }),
    );
}
