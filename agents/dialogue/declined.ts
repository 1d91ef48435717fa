/** What somebody says that they do not want is not asked for: "no human please", "I don't want to complain". */
import { wordsOf } from "../understanding/slots/words.ts";
import { allCues, type Cues, holdsCue, leadingCue, smallWords } from "./cues.ts";
import { clausesOf } from "./orders/left-over.ts";

const all = (part: "declines" | "openers" | "joints" | "machines"): readonly string[] =>
  allCues().flatMap((cues) => cues[part]);
const [declines, openers, joints, machines] = [all("declines"), all("openers"), all("joints"), all("machines")];
const MOST_OPENERS = 3;

/** The text without the clauses that decline something, "" where it does nothing else; undefined where none does. */
export function withoutDeclined(text: string): string | undefined {
  const starts = [...clausesOf(text).map(({ start }) => start), ...jointsIn(text)].toSorted(
    (one, other) => one - other,
  );
  const clauses = starts.map((start, place) => text.slice(start, starts[place + 1]));
  const kept = clauses.filter((clause) => !isDeclining(clause));
  return kept.length === clauses.length
    ? undefined
    : saying(
        kept
          .join("")
          .replace(/^[\s,;:.–-]+/u, "")
          .trim(),
      );
}

const saying = (text: string): string => (contentOf(text).length === 0 ? "" : text);

/** "… I want a human", "… but a human": what is wanted begins there. */
function jointsIn(text: string): readonly number[] {
  return wordsOf(text).flatMap(({ start }) =>
    start > 0 && leadingCue(text.slice(start), joints) !== undefined ? [start] : [],
  );
}

function isDeclining(clause: string): boolean {
  let rest = clause;
  for (let count = 0; count < MOST_OPENERS; count += 1) {
    const declined = leadingCue(rest, declines);
    // Whoever wants no machine wants somebody else.
    if (declined !== undefined) return !holdsCue(rest, machines);
    const opener = leadingCue(rest, openers);
    if (opener === undefined) break;
    ({ rest } = opener);
  }
  // "No human please" has one word; "no, show them" is a no before something else.
  return /^\s*no\s+\p{L}/iu.test(rest) && contentOf(rest).length === 1 && !holdsCue(rest, machines);
}

function contentOf(text: string): readonly string[] {
  const small = (form: string): boolean => allCues().some((cues: Cues) => smallWords(cues).has(form));
  return wordsOf(text).flatMap(({ form }) => (/\p{L}{2}/u.test(form) && !small(form) ? [form] : []));
}
