/** Which doubts about an order are none once all of its text is read. Pure. */
import { type Doubt, overlaps, type Span } from "../../../core/language/index.ts";
import { formOf } from "../../understanding/slots/words.ts";
import { type Cues, leadingCue } from "../cues.ts";
import type { Mention } from "./mentions.ts";
import type { Part } from "./parts.ts";

/** An order as it was understood, with what its doubts are judged by. */
export interface Settling {
  readonly parts: readonly Part[];
  readonly void: readonly Pick<Span, "start" | "end">[];
  readonly used: readonly Mention[];
  readonly core: readonly Pick<Span, "start" | "end">[];
  /** Words that are the value of a field that was open. */
  readonly free: Span | undefined;
  readonly cues: Cues;
  readonly text: string;
  readonly harmless: ReadonlySet<string>;
  /** Whether nothing but a doubt is said of an order that is changed: "double that". */
  readonly isDoubtAlone: boolean;
}

/** Outside the clauses of the order these are talk. */
const talk: ReadonlySet<string> = new Set(["past", "relative", "approximate", "multiple", "question", "range"]);

/** Whether a doubt is none once the text is read as a whole. */
export function isSettled(doubt: Doubt, settling: Settling): boolean {
  const { parts, void: taken, cues } = settling;
  const { kind, literal } = doubt;
  if (taken.some((place) => overlaps(place, doubt)) && kind !== "condition") return true;
  if (isTalk(doubt, settling)) return true;
  if (kind === "several") return isSettledSeveral(doubt, settling);
  if (kind === "currency") return isSettledCurrency(doubt, settling);
  if (parts.length < 2 || (kind !== "multiple" && kind !== "relative")) return false;
  return [...cues.apiece, ...cues.collective].map(formOf).includes(formOf(literal));
}

function isTalk(doubt: Doubt, { core, isDoubtAlone }: Settling): boolean {
  return talk.has(doubt.kind) && !isDoubtAlone && !core.some((clause) => overlaps(clause, doubt));
}

function isSettledSeveral(doubt: Doubt, { used, void: taken, text, cues }: Settling): boolean {
  // "30 instead of 20": the value that was wrong is out already.
  const isPut = used.some(({ end }) => end <= doubt.start && text.slice(end, doubt.start).trim() === "");
  if (isPut && taken.length > 0) return true;
  const behind = leadingCue(text.slice(doubt.end), cues.apiece) !== undefined;
  return behind || used.some((one) => overlaps(one, doubt));
}

function isSettledCurrency(doubt: Doubt, { used, harmless, free }: Settling): boolean {
  const isName = used.some((one) => one.source === "known" && overlaps(one, doubt));
  return isName || harmless.has(formOf(doubt.literal)) || (free !== undefined && overlaps(free, doubt));
}
