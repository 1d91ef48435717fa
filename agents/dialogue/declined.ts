/** What somebody says that they do not want is not asked for: "no human please", "I don't want to complain". */
import { isTakenBack } from "../../core/language/plain-requests.ts";
import { formOf, wordsOf } from "../understanding/slots/words.ts";
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
    // "Don't forget …" asks for something; "never" by itself takes back what stands before it.
    if (declined !== undefined && (/^forget(?!\p{L})/iu.test(declined.rest) || /^\s*never\P{L}*$/iu.test(rest)))
      return false;
    if (declined !== undefined) return !holdsCue(rest, machines) && !/\?\s*$/u.test(clause);
    const opener = leadingCue(rest, openers);
    if (opener === undefined) break;
    ({ rest } = opener);
  }
  // "No human please" has one word; "no, show them" is a no before something else.
  return /^\s*no\s+\p{L}/iu.test(rest) && contentOf(rest).length === 1 && !holdsCue(rest, machines);
}

const negations = new Set(["not", "never", "nothing", "nicht", "nie", "niemals", "nichts", "kein", "keine", "keinen"]);

/**
 * Whether words that resemble a request for something are none: denied ("trenne den Chat nicht") or taken back ("a
 * complaint? never"). `firsts` are the words that requests for it begin with.
 */
export function isNotAsked(text: string, firsts: ReadonlySet<string>): boolean {
  if (withoutDeclined(text) === "" || isTakenBack(text)) return true;
  const [first, ...others] = wordsOf(withoutOpeners(text));
  const isDenied = others.some(({ form }) => negations.has(form)) && !/[?,.;]/u.test(text.replace(/[.!]+\s*$/u, ""));
  const isLead = first !== undefined && firsts.has(first.form) && !smalls.has(first.form);
  return isLead && isDenied && !holdsCue(text, machines);
}

/** The words that sentences begin with. */
export function firstWords(sentences: readonly string[]): ReadonlySet<string> {
  return new Set(sentences.flatMap((one) => formOf(wordsOf(withoutOpeners(one))[0]?.form ?? "")));
}

function withoutOpeners(text: string): string {
  let rest = text;
  for (let count = 0; count < MOST_OPENERS; count += 1) rest = leadingCue(rest, openers)?.rest ?? rest;
  return rest;
}

const smalls: ReadonlySet<string> = new Set(allCues().flatMap((cues) => [...smallWords(cues)]));

function contentOf(text: string): readonly string[] {
  const small = (form: string): boolean => allCues().some((cues: Cues) => smallWords(cues).has(form));
  return wordsOf(text).flatMap(({ form }) => (/\p{L}{2}/u.test(form) && !small(form) ? [form] : []));
}
