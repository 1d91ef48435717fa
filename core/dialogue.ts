/** Where a person's requests stand: kept with the turn that changed them, and erased with it. */
import { z } from "zod";
import { Json } from "./json.ts";

/** A value of a request, and the words that it was read from. */
export const FilledSlot = z.object({
  value: Json,
  literal: z.string(),
  /** `own`: from the person's own words; `known`: a name that the tool pack knows, in them. */
  source: z.enum(["own", "known"]),
});
export type FilledSlot = z.infer<typeof FilledSlot>;

/** A request for a tool. */
export const Frame = z.object({
  tool: z.string(),
  /** By field of the tool's input. */
  slots: z.record(z.string(), FilledSlot),
  /** The field that was asked for; left out when all is there. */
  asked: z.string().exactOptional(),
  /** The field that is asked for was told as a number that it does not take: nothing else is changed by those words. */
  isOutOfBounds: z.literal(true).exactOptional(),
  /** The proposal that it became. */
  proposal: z.string().exactOptional(),
  /** Asked for beside what waits: it takes no place. */
  isBeside: z.literal(true).exactOptional(),
  /** What may be meant for that field, in the order in which it was told. */
  offered: z.array(Json).exactOptional(),
  /** How often in a row that field was answered with something that is not known. */
  unknown: z.int().positive().exactOptional(),
  /** What was asked for after it, in the person's words: read once it was carried out. */
  followUp: z.string().exactOptional(),
  /** ISO 8601: when it was last touched. */
  at: z.string(),
});
export type Frame = z.infer<typeof Frame>;

/** The newest request first: what a correction or "and tomorrow?" is about. */
export const Dialogue = z.array(Frame);
export type Dialogue = z.infer<typeof Dialogue>;
