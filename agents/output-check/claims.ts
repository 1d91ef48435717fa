/** Sentences that say something was done: true only where a tool did it in this turn, or a result tells of it. */
import { z } from "zod";
import { findNumbers } from "../../core/language/index.ts";
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
});

interface Claims {
  readonly effects: readonly { readonly said: RegExp; readonly of: readonly string[] }[];
  readonly claims: RegExp;
  readonly memory: RegExp;
  readonly asserts: RegExp;
  readonly past: RegExp;
  readonly own: RegExp;
  readonly open: RegExp;
}

const languages: readonly Claims[] = [english, german].map((data) => {
  const { effects, claims, memory, asserts, present, own, open } = ClaimWords.parse(data);
  return {
    effects: effects.map(({ said, of }) => ({ said: oneOf(said), of })),
    claims: oneOf(claims),
    memory: oneOf(memory),
    asserts: oneOf(asserts),
    past: oneOf(asserts.filter((word) => !present.includes(word))),
    own: own.length === 0 ? /$^/u : oneOf(own),
    open: oneOf(open),
  };
});
const others = oneOf(otherPhrases);

/** Whether a sentence claims something that did not happen. */
export function isFalseClaim(sentence: string, evidence: Evidence): boolean {
  const text = sentence
    .normalize("NFKC")
    .replaceAll(/[’‘`´]/gu, "'")
    .replaceAll(/[*_~#>]/gu, "")
    .toLowerCase();
  if (text.trimEnd().endsWith("?")) return false;
  if (others.test(text) && evidence.executed.length === 0) return true;
  return clausesOf(text).some((clause, index) =>
    languages.some((words) => isFalse(clause, { words, evidence, index, sentence: text })),
  );
}

interface Judged {
  readonly words: Claims;
  readonly evidence: Evidence;
  readonly index: number;
  readonly sentence: string;
}

function isFalse(clause: string, { words, evidence, index, sentence }: Judged): boolean {
  if (words.open.test(clause)) return false;
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

/** Something of that kind was done in this turn. */
function isExecuted(stems: readonly string[], { executed, called }: Evidence): boolean {
  if (stems.length === 0) return executed.length > 0;
  return [...executed, ...called].some((tool) => stems.some((stem) => tool.includes(stem)));
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
  const escaped = words
    .toSorted((left, right) => right.length - left.length)
    .map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`).replaceAll(" ", String.raw`\s+`));
  return new RegExp(`(?<![\\p{L}\\p{N}'])(?:${escaped.join("|")})(?![\\p{L}\\p{N}])`, "iu");
}
