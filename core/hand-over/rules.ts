/** The rules that hand a conversation over without being asked to. */
import { seemsAngry } from "../language/anger.ts";
import { ownWords } from "../language/segments.ts";
import type { HandOverCause, Strain } from "../store/store.ts";
import type { TraceStep } from "../trace.ts";
import type { HandOverPolicy } from "./policy.ts";

/** What a turn said and did. */
interface Happened {
  readonly text: string;
  readonly steps: readonly Pick<TraceStep, "act" | "missing" | "data">[];
}

/** How many turns in a row went wrong, this one included. */
export function strainAfter(before: Strain | undefined, { text, steps }: Happened): Strain {
  const isMisunderstood = steps.some(
    ({ act, missing, data }) =>
      act === "does-not-know" ||
      act === "cannot" ||
      // What was named is not known: it is asked for once more.
      (act === "asks" && (missing === "which" || data?.["unknown"] === true)),
  );
  return {
    misunderstood: isMisunderstood ? (before?.misunderstood ?? 0) + 1 : 0,
    angry: seemsAngry(ownWords(text)) ? (before?.angry ?? 0) + 1 : 0,
  };
}

/** The rule that hands over after this turn; undefined where none does. */
export function ruleBroken(
  { rules }: HandOverPolicy,
  strain: Strain,
  { steps }: Pick<Happened, "steps">,
): Extract<HandOverCause, "fraud" | "angry" | "misunderstandings"> | undefined {
  const requests = steps.flatMap(({ data }) => (typeof data?.["recognized"] === "string" ? [data["recognized"]] : []));
  // `request:…` of a tool pack, `intent:…` of the configuration, `tool:…`.
  if (requests.some((label) => rules.fraud.includes(label.replace(/^\w+:/u, "")))) return "fraud";
  if (rules.angry !== false && strain.angry >= rules.angry) return "angry";
  if (rules.misunderstandings !== false && strain.misunderstood >= rules.misunderstandings) return "misunderstandings";
  return undefined;
}
