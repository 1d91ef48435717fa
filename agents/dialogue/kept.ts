/** What a request takes over from the last one for the same. */
import type { Frame } from "../../core/dialogue.ts";
import type { Filling } from "../understanding/slots/fill-slots.ts";
import { holdsCue } from "./cues.ts";
import type { AskedTool, Hearing } from "./step.ts";

/** Whether the words surely ask for the same, or point at it: "who won the cup?" is not about the product before. */
export function goesOn({ heard, cues }: Hearing): boolean {
  return heard.isSure !== false || holdsCue(heard.text, cues.pointers);
}

/** What was told once is not meant again. */
const ONCE: ReadonlySet<string> = new Set(["message", "code"]);

/** "This month" names a time, and points at nothing that was said. */
export const timePointedAt =
  /(?<!\p{L})(?:this|these|diese[nrsm]?)\s+(?:day|weekend|week|month|quarter|year|morning|evening|tag|woche|wochenende|monat|quartal|jahr)\p{L}{0,2}(?!\p{L})/giu;

/** What the last request for the same has that this one needs, or points at, and leaves open. */
export function keptOf(
  last: Frame | undefined,
  { slots, hasEffects }: AskedTool,
  { filling, hearing: { heard, cues } }: { readonly filling: Filling; readonly hearing: Hearing },
): Frame["slots"] {
  const isUnfit = (name: string): boolean => filling.unfit.some(({ field }) => field === name);
  const words = heard.text.replaceAll(timePointedAt, " ");
  const isPointing = !hasEffects && holdsCue(words, [...cues.pointers, ...cues.refinements]);
  const isKept = (name: string): boolean => {
    const { required = false, essential = false, entity } = slots[name] ?? {};
    return (isPointing || (required && (!essential || heard.isSure !== false))) && !ONCE.has(entity ?? "");
  };
  return Object.fromEntries(Object.entries(last?.slots ?? {}).filter(([field]) => isKept(field) && !isUnfit(field)));
}
