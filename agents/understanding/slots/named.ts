/** Values with names: the choices of a field, and what a tool pack knows (people, products, places). */
import type { Json } from "../../../core/json.ts";
import { isNear as isNearWord } from "../../../core/language/index.ts";
import { formOf, type Word } from "./words.ts";

/** A value and what people call it. */
export interface NamedValue {
  readonly value: Json;
  readonly names: readonly string[];
}

/** Words that name a value. */
export interface NamedSpan {
  readonly value: Json;
  /** Other values that the same words name. */
  readonly rivals: readonly Json[];
  /** Whether no word of it was written as it is called. */
  readonly isNear: boolean;
  /** Indexes of the first word and of the one behind the last. */
  readonly from: number;
  readonly next: number;
}

interface Name {
  readonly forms: readonly string[];
  readonly values: readonly Json[];
}

/** Finds names word by word, a longer one before a shorter one; a slip of the keyboard in a longer word is forgiven. */
export function findNamed(
  words: readonly Word[],
  values: readonly NamedValue[],
  tails: ReadonlySet<string> = new Set(),
): readonly NamedSpan[] {
  const names = namesOf(values);
  const found: NamedSpan[] = [];
  const isTaken: boolean[] = words.map(() => false);
  // "Yara Hadad": a longer name with a slip comes before a shorter one without.
  for (const pass of ["exact", "partly", "exact-word", "near"] as const) {
    for (const { forms, values: named } of names) {
      if ((pass === "exact" || pass === "partly") !== forms.length > 1 && pass !== "near") continue;
      for (let from = 0; from + forms.length <= words.length; from += 1) {
        const next = from + forms.length;
        if (isTaken[from] === true) continue;
        const likeness = likenessesOf(words, from, forms, tails);
        const [value, ...rivals] = named;
        if (value === undefined || !passes(likeness, pass) || isTaken.slice(from, next).includes(true)) continue;
        found.push({ value, rivals, isNear: pass === "near", from, next });
        isTaken.fill(true, from, next);
      }
    }
  }
  return found.toSorted((one, other) => one.from - other.from);
}

/** Word by word; only the first where that is another one. */
function likenessesOf(
  words: readonly Word[],
  from: number,
  forms: readonly string[],
  tails: ReadonlySet<string>,
): readonly Likeness[] {
  const likeness = (form: string, index: number): Likeness => likenessOf(spelled(words[from + index]), form, tails);
  const first = likeness(forms[0] ?? "", 0);
  return first === undefined ? [first] : forms.map(likeness);
}

/** "The firm one": a number may be a word of a name. */
function spelled(word: Word | undefined): string {
  return word?.form === "<number>" ? formOf(word.literal) : (word?.form ?? "");
}

type Likeness = "same" | "near" | undefined;

function passes(likeness: readonly Likeness[], pass: "exact" | "partly" | "exact-word" | "near"): boolean {
  if (likeness.includes(undefined)) return false;
  if (pass === "near") return true;
  return pass === "partly" ? likeness.includes("same") : !likeness.includes("near");
}

/** Longer ones first; each with all that it names. */
function namesOf(values: readonly NamedValue[]): readonly Name[] {
  const byForm = new Map<string, Map<string, Json>>();
  for (const { value, names } of values) {
    for (const form of new Set(names.flatMap(spellingsOf))) {
      const named = byForm.get(form) ?? new Map<string, Json>();
      byForm.set(form, named.set(JSON.stringify(value), value));
    }
  }
  return [...byForm]
    .map(([form, named]) => ({ forms: form.split(/\s+/u), values: [...named.values()] }))
    .toSorted((one, other) => other.forms.length - one.forms.length);
}

/** "Business Konto" is written with a hyphen too, and as one word. */
function spellingsOf(name: string): readonly string[] {
  const form = formOf(name).trim();
  const words = form.split(/\s+/u);
  // "Transfer me" in one word would be a slip of "transfer".
  return words.length === 2 && words.every(({ length }) => length > 2)
    ? [form, words.join("-"), words.join("")]
    : [form];
}

/** `tails`: words that a name may be joined with, as in "Sturmwarnung". */
function likenessOf(word: string, form: string, tails: ReadonlySet<string>): Likeness {
  if (word === form || word.replace(/['’]s?$/u, "") === form) return "same";
  if (form.length > 2 && word.startsWith(form) && tails.has(word.slice(form.length).replace(/^-/u, ""))) return "same";
  if (form.length < 5 || word.length < 4 || word.startsWith("<") || word.charAt(0) !== form.charAt(0)) return undefined;
  return isNearWord(word, form, form.length >= 8 ? 2 : 1) ? "near" : undefined;
}
