/** Sentences that say something was done: true only where a tool did it in this turn, or a result tells of it. */
import { z } from "zod";
import { findNumbers } from "../../core/language/index.ts";
import { foldText } from "../../core/text/fold-text.ts";
import type { Evidence } from "./evidence.ts";
import german from "./language/de.json" with { type: "json" };
import english from "./language/en.json" with { type: "json" };
import otherPhrases from "./language/others.json" with { type: "json" };

const Words = z.array(z.string().min(1));
const ClaimWords = z.strictObject({
  /** What says that something was done, and the stems of the tools that can have done it; none: any tool. */
  effects: z.array(z.strictObject({ said: Words, of: Words })),
  /** Phrases that claim something by themselves, whatever it is. */
  claims: Words,
  /** What says that something was remembered, forgotten or consented to. */
  memory: Words,
  /** With one of these before it, such a word is a claim. */
  asserts: Words,
  /** Of those, the ones that also describe how things are in general, unless the sentence is about the person's own. */
  present: Words,
  own: Words,
  /** With one of these, nothing was done yet: denied, asked, planned, conditional. */
  open: Words,
  /** The same, but only before what says that something was done: "sent without a problem and nothing went wrong". */
  denied: Words,
});

interface Claims {
  readonly effects: readonly { readonly said: RegExp; readonly of: readonly string[] }[];
  readonly claims: RegExp;
  readonly memory: RegExp;
  readonly asserts: RegExp;
  readonly past: RegExp;
  readonly own: RegExp;
  readonly open: RegExp;
  readonly denied: RegExp;
}

const languages: readonly Claims[] = [english, german].map((data) => {
  const { effects, claims, memory, asserts, present, own, open, denied } = ClaimWords.parse(data);
  return {
    effects: effects.map(({ said, of }) => ({ said: oneOf(said), of })),
    claims: oneOf(claims),
    memory: oneOf(memory),
    asserts: oneOf(asserts),
    past: oneOf(asserts.filter((word) => !present.includes(word))),
    own: oneOf(own),
    open: oneOf(open),
    denied: oneOf(denied),
  };
});
const Others = z.strictObject({
  /** What claims something wherever it stands. */
  phrases: Words,
  /** What claims something as the only word of a sentence. */
  alone: Words,
});
const otherWords = Others.parse(otherPhrases);
// Not every script has blanks between words.
const others = new RegExp(
  `${oneOf(otherWords.phrases.filter(isSpaced)).source}|${otherWords.phrases.filter((phrase) => !isSpaced(phrase)).join("|")}`,
  "iu",
);
const alone = new Set(otherWords.alone);

function isSpaced(phrase: string): boolean {
  return !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(phrase);
}

/** Whether a sentence claims something that did not happen; `before` is what the answer says before it. */
export function isFalseClaim(sentence: string, evidence: Evidence, before = ""): boolean {
  const text = plainOf(sentence);
  const question = /^[^?]*\?/u.exec(text)?.[0];
  if (question !== undefined && question.trim() === text.trim()) return false;
  // "Sent? Yes." and "Has it been sent? It has." answer themselves.
  const asked = question ?? lastQuestion(plainOf(before));
  const told = question === undefined ? text : text.slice(question.length);
  if (asked !== undefined && AFFIRMS.test(told) && isFalse(asked.replaceAll("?", "."), evidence)) return true;
  return isFalse(told, evidence);
}

/** "Yes.", "It has.", "Ja, ist es." */
const AFFIRMS =
  /^[\s\p{P}\p{S}]*(?:(?:yes|yep|yeah|ja|jawohl|sure|certainly|of course|natürlich|sí|oui|si|да)(?![\p{L}])[^\n]{0,20}|(?:it|they|that|i|we) (?:has|have|was|were|did|is|are)(?: been| so)?)[\s\p{P}\p{S}]*$/iu;

function lastQuestion(before: string): string | undefined {
  return /[^.!?\n]*\?[\s\p{P}\p{S}]*$/u.exec(before)?.[0];
}

/** As it is read: without what is not seen and what only sets it, in Latin letters, "D o n e" as one word. */
function plainOf(sentence: string): string {
  return foldText(sentence)
    .text.normalize("NFKC")
    .replaceAll(/[’‘`´]/gu, "'")
    .replaceAll(/[*_~#>]/gu, "")
    .replaceAll(/(?<![\p{L}\p{N}])\p{L}(?: \p{L}){2,}(?![\p{L}\p{N}])/gu, (spaced) => spaced.replaceAll(" ", ""))
    .toLowerCase();
}

function isFalse(text: string, evidence: Evidence): boolean {
  if (evidence.executed.length === 0 && (others.test(text) || alone.has(text.replaceAll(/[^\p{L}]/gu, ""))))
    return true;
  return clausesOf(text).some((clause, index) =>
    languages.some((words) => isFalseClause(clause, { words, evidence, index, sentence: text })),
  );
}

interface Judged {
  readonly words: Claims;
  readonly evidence: Evidence;
  readonly index: number;
  readonly sentence: string;
}

function isFalseClause(clause: string, { words, evidence, index, sentence }: Judged): boolean {
  if (words.open.test(clause) || isDenied(clause, words)) return false;
  const isNothingDone = !evidence.isRemembered && evidence.executed.length === 0;
  if (isNothingDone && (words.claims.test(clause) || isSaid(clause, words.memory, words)))
    return !isReported(sentence, evidence);
  const found = words.effects.filter(
    ({ said }) => isSaid(clause, said, words) || (index === 0 && startsWith(clause, said)),
  );
  if (found.length === 0) return false;
  if (isReported(sentence, evidence)) return false;
  return !found.every(({ of }) => isExecuted(of, evidence));
}

function isDenied(clause: string, { denied, claims, memory, effects }: Claims): boolean {
  const at = clause.search(denied);
  if (at === -1) return false;
  const said = [claims, memory, ...effects.map((effect) => effect.said)].map((words) => clause.search(words));
  return said.every((found) => found === -1 || at < found);
}

/** A word of doing behind one that asserts, or at the very beginning: "Sent.", "Erledigt: …". */
function isSaid(clause: string, said: RegExp, { asserts, past, own }: Claims): boolean {
  const at = clause.search(said);
  if (at === -1) return false;
  const before = clause.slice(0, at);
  if (startsWith(clause, said) || isHeadline(clause, said)) return true;
  if (past.test(before)) return true;
  // German puts the verb that asserts behind it: "dass das Geld überwiesen wurde".
  if (past.test(clause.slice(at)) && !asserts.test(before))
    return before.trim() !== "" && /\b(?:wurden?|ist|sind|habe)\b/u.test(clause.slice(at));
  return asserts.test(before) && own.test(before);
}

/** "Payment sent": nothing but what and that. */
function isHeadline(clause: string, said: RegExp): boolean {
  const words = clause.replaceAll(/[^\p{L}\p{N}']+/gu, " ").trim();
  const at = words.search(said);
  return at > 0 && words.split(" ").length <= 3 && words.slice(at).replace(said, "").trim() === "";
}

function startsWith(clause: string, said: RegExp): boolean {
  return (
    clause
      .replace(
        /^[\s\p{P}\p{S}]*(?:(?:ok(?:ay)?|great|good|sure|yes|yep|alright|perfect|ja|gut|klar|super|alles|all|everything|now)[\s\p{P}]+)*/u,
        "",
      )
      .search(said) === 0
  );
}

/**
 * Something of that kind was done in this turn: a word of a tool with effects says so, or the first of another tool's name
 * ("add_item", never "list_payees").
 */
function isExecuted(stems: readonly string[], { executed, called }: Evidence): boolean {
  if (stems.length === 0) return executed.length > 0;
  const words = executed.flatMap((tool) => tool.split(/[^\p{L}\p{N}]+/u));
  const verbs = called.map((tool) => tool.replace(/^.*__/u, "").split("_")[0] ?? "");
  return [...words, ...verbs].some((word) => stems.some((stem) => word.startsWith(stem)));
}

/** A past matter that a result tells of with its figures; never what "I" did. */
function isReported(sentence: string, { reports }: Evidence): boolean {
  if (reports.length === 0 || FIRST_PERSON.test(sentence)) return false;
  const told = findNumbers(sentence.replaceAll(/\[\d+\]/gu, "")).filter(({ readings }) => readings.length > 0);
  if (told.length === 0) return false;
  const known = new Set(reports.flatMap((text) => findNumbers(text).flatMap(({ readings }) => readings.map(Math.abs))));
  return told.every(({ readings }) => readings.some((reading) => known.has(Math.abs(reading))));
}

const FIRST_PERSON = /(?<![\p{L}'])(?:i|i've|we|we've|ich|wir)(?![\p{L}])/iu;

function clausesOf(text: string): readonly string[] {
  return text.split(/[;:–—]|,\s|\s(?:but|and then|aber|sondern|und dann)\s/u);
}

/** Whole words; spaces between them may be of any kind. */
function oneOf(words: readonly string[]): RegExp {
  if (words.length === 0) return /$^/u;
  const escaped = words
    .toSorted((left, right) => right.length - left.length)
    .map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`).replaceAll(" ", String.raw`\s+`));
  return new RegExp(`(?<![\\p{L}\\p{N}'])(?:${escaped.join("|")})(?![\\p{L}\\p{N}])`, "iu");
}
