/** Small words that carry a conversation on, by language: data that a translator can edit. */
import { z } from "zod";
import { Shift } from "./shift.ts";
import { formOf, wordsOf } from "../understanding/slots/words.ts";
import german from "./language/de.json" with { type: "json" };
import english from "./language/en.json" with { type: "json" };

const Words = z.array(z.string().min(1)).min(1);

const Cues = z.strictObject({
  /** What people say around a request. */
  openers: Words,
  closers: Words,
  prepositions: Words,
  /** A message that begins with one wants to know something. */
  questions: Words,
  /** "no", "I meant": the value before was wrong. */
  corrections: Words,
  /** "and", "what about": the same with another value. */
  additions: Words,
  /** "not", "instead of": what follows was wrong. */
  rejections: Words,
  /** "the day after that", "the month before": how far from the time before. */
  shifts: z.record(z.string().min(1), Shift),
  /** "back to": an earlier request. */
  returns: Words,
  /** "never mind": the open request is dropped. */
  refusals: Words,
  /** "I don't want": a clause that begins with one asks for nothing. */
  declines: Words,
  /** "but", "I want": behind them stands what is asked for. */
  joints: Words,
  /** Whoever declines these asks for a person. */
  machines: Words,
  /** Words without a meaning of their own. */
  small: Words,
  /** "no", "i mean": between two values of a field, the later one counts. */
  replacements: Words,
  /** "nothing": who gets it is no order. */
  nothing: Words,
  /** "each": one value for all. */
  apiece: Words,
  /** "all of it from …": all that was named. */
  collective: Words,
  /** Behind them stands what a request is for. */
  purposes: Words,
  /** "only": the same, of less. */
  narrowings: Words,
  /** "something safer": the same, of another sort. */
  refinements: Words,
  /** "because": what follows tells why, and orders nothing. */
  reasons: Words,
  /** "that", "there", "the same": something that was said before. */
  pointers: Words,
  /** "the other way round": two values change places. */
  swaps: Words,
  /** "the other one": of several that are known, those that were not named. */
  others: Words,
  /** "in total": all that are known. */
  all: Words,
  /** "too": a further request like the one before. */
  more: Words,
  /** "instead": the one before was wrong. */
  instead: Words,
  /** "Mrs": stands before a name, and is none. */
  titles: Words,
  /** "Emre's sister": whom a name with these tells of is somebody else. */
  relations: Words,
  /** "him": somebody named before. */
  pronouns: Words,
  yes: Words,
  /** "the second one" of those that were offered; from the end where negative. */
  ordinals: z.record(z.string().min(1), z.int()),
  /** Sentences with `{literal}`, `{names}`, `{ask}`, `{reason}` and `{order}`. */
  which: z.string(),
  near: z.string(),
  unknown: z.string(),
  wrongIban: z.string(),
  doubtful: z.string(),
  onceNow: z.string(),
  notDone: z.string(),
  prepareIt: z.string(),
  backTo: z.string(),
  dropped: z.string(),
  notUnderstood: z.string(),
  /** Before the question for a field that takes one value and was given more. */
  several: z.string(),
  unfit: z.string(),
  /** Where a number is greater or less than the field takes, with `{bound}` for what it takes. */
  atMost: z.string(),
  atLeast: z.string(),
});
export type Cues = z.infer<typeof Cues>;

const [inEnglish, inGerman] = [Cues.parse(english), Cues.parse(german)];

/** People mix languages: what is short and means the same in both is heard in both. */
function mixed(own: Cues, other: Cues): Cues {
  const more = other.more.filter((one) => one !== "also");
  const both = { apiece: [...own.apiece, ...other.apiece], refusals: [...own.refusals, ...other.refusals] };
  return { ...own, ...both, more: [...own.more, ...more] };
}

const byLanguage: Readonly<Record<string, Cues>> = { en: mixed(inEnglish, inGerman), de: mixed(inGerman, inEnglish) };

/** The words of a language; English where there are none. */
export function cuesOf(language: string): Cues {
  const cues = byLanguage[language] ?? byLanguage["en"];
  if (cues === undefined) throw new Error("The English words of the dialogue are missing. Install parleyjs again.");
  return cues;
}

/** No phrase is longer: a text is looked at no further, however long it is. */
const LONGEST_PHRASE = 80;

/** Which phrase a text begins with, and what stands behind it; the longest phrase counts. */
export function leadingCue(text: string, phrases: readonly string[]): { readonly rest: string } | undefined {
  const start = text.replace(/^[\s,.;:!?…–-]+/u, "");
  const form = formOf(start.slice(0, LONGEST_PHRASE));
  const phrase = longestFirst(phrases).find(
    (one) => form.startsWith(one) && !/^[\p{L}\p{N}]/u.test(form.slice(one.length)),
  );
  if (phrase === undefined) return undefined;
  return { rest: behind(start, phrase.length) };
}

const sorted = new WeakMap<readonly string[], readonly string[]>();

function longestFirst(phrases: readonly string[]): readonly string[] {
  const known = sorted.get(phrases);
  if (known !== undefined) return known;
  const forms = phrases.map(formOf).toSorted((one, other) => other.length - one.length);
  sorted.set(phrases, forms);
  return forms;
}

/** The text behind the words whose forms take so many characters: a form may be longer or shorter than its letters. */
function behind(text: string, length: number): string {
  let end = 0;
  while (end < text.length && formOf(text.slice(0, end)).length < length) end += 1;
  return text.slice(end).replace(/^[\s,.;:!?…–-]+/u, "");
}

/** The words of all languages. */
export function allCues(): readonly Cues[] {
  return Object.values(byLanguage);
}

const smallByCues = new WeakMap<Cues, ReadonlySet<string>>();

/** Words of phrases that carry on, and words without a meaning of their own. */
export function smallWords(cues: Cues): ReadonlySet<string> {
  const known = smallByCues.get(cues);
  if (known !== undefined) return known;
  const { openers, closers, prepositions, corrections, additions, small } = cues;
  const set = formsOf([openers, closers, prepositions, corrections, additions, small].flat());
  smallByCues.set(cues, set);
  return set;
}

/** The words of phrases, as they are compared. */
export function formsOf(phrases: readonly string[]): ReadonlySet<string> {
  return new Set(phrases.flatMap((phrase) => wordsOf(phrase).map(({ form }) => form)));
}

/** Whether a phrase stands anywhere in the text, as whole words. */
export function holdsCue(text: string, phrases: readonly string[]): boolean {
  const form = ` ${wordsOf(text)
    .map((word) => word.form)
    .join(" ")} `;
  return phrases.some((phrase) => form.includes(` ${formOf(phrase)} `));
}
