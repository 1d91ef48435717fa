/** Reads what a person orders in their own words: what they only tell or ask is left out. */
import type { Frame } from "../../../core/dialogue.ts";
import { blanked, toldIn } from "../../../core/language/index.ts";
import type { AskedTool, Hearing } from "../step.ts";
import type { Orders } from "./order.ts";
import { readOrders } from "./read-orders.ts";

interface Way {
  /** The order that is changed: its own values, said again, change nothing. */
  readonly current?: Frame;
}

/** The orders of a text, for one tool. */
export function readFor(tool: AskedTool, text: string, { cues, options }: Hearing, { current }: Way = {}): Orders {
  const { entities, named = [] } = options;
  const { places, isAll, refused } = toldIn(text);
  const own = blanked(text, places);
  const read = readOrders(own, { tool, cues, entities, named, ...(current && { current: current.slots }) });
  if (refused === undefined) return { ...read, isTold: isAll };
  return { ...read, doubts: [...read.doubts, { kind: "negated", ...refused }] };
}
