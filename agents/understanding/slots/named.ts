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
  const names = namesIn(words.map(spelled), namesOf(values), tails);
  const found: NamedSpan[] = [];
  const isTaken: boolean[] = words.map(() => false);
  // "Yara Hadad": a longer name with a slip comes before a shorter one without.
  for (const pass of ["exact", "partly", "exact-word", "near"] as const) {
    for (const { length, values: named, places } of names) {
      if ((pass === "exact" || pass === "partly") !== length > 1 && pass !== "near") continue;
      for (const { from, likeness } of places) {
        const next = from + length;
        const [value, ...rivals] = named;
        if (value === undefined || !passes(likeness, pass) || isTaken.slice(from, next).includes(true)) continue;
        found.push({ value, rivals, isNear: pass === "near", from, next });
        isTaken.fill(true, from, next);
      }
    }
  }
  return found.toSorted((one, other) => one.from - other.from);
}

interface FoundName {
  readonly length: number;
  readonly values: readonly Json[];
  readonly places: readonly { readonly from: number; readonly likeness: readonly Likeness[] }[];
}

/** Names that may stand there, and where: each is compared only with words of its first letter, and with each of them once. */
function namesIn(
  spellings: readonly string[],
  names: readonly Name[],
  tails: ReadonlySet<string>,
): readonly FoundName[] {
  const placesOf = grouped([...spellings.keys()], (place) => spellings[place] ?? "");
  const byLetter = grouped([...placesOf.keys()], (word) => word.charAt(0));
  const likeTo = new Map<string, readonly number[]>();
  const placesLike = (form: string): readonly number[] => {
    const known = likeTo.get(form);
    if (known !== undefined) return known;
    const alike = (byLetter.get(form.charAt(0)) ?? []).filter((word) => likenessOf(word, form, tails) !== undefined);
    const places = alike.flatMap((word) => placesOf.get(word) ?? []).toSorted((one, other) => one - other);
    likeTo.set(form, places);
    return places;
  };
  return names.flatMap(({ forms, values }) => {
    const { length } = forms;
    const places = placesLike(forms[0] ?? "").flatMap((from) => {
      if (from + length > spellings.length) return [];
      const likeness = forms.map((form, at) => likenessOf(spellings[from + at] ?? "", form, tails));
      return likeness.includes(undefined) ? [] : [{ from, likeness }];
    });
    return places.length === 0 ? [] : [{ length, values, places }];
  });
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

/** "The firm one": a number may be a word of a name. */
function spelled({ form, literal }: Word): string {
  return form === "<number>" ? formOf(literal) : form;
}

type Likeness = "same" | "near" | undefined;

function passes(likeness: readonly Likeness[], pass: "exact" | "partly" | "exact-word" | "near"): boolean {
  if (pass === "near") return true;
  return pass === "partly" ? likeness.includes("same") : !likeness.includes("near");
}

/** Longer ones first; each with all that it names. The choices of a tool are the same in each turn. */
function namesOf(values: readonly NamedValue[]): readonly Name[] {
  const names = known.get(values) ?? readNames(values);
  known.set(values, names);
  return names;
}

const known = new WeakMap<readonly NamedValue[], readonly Name[]>();

function readNames(values: readonly NamedValue[]): readonly Name[] {
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
