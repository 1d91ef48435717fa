/** Reads the values of a tool's input from a person's words. */
import type { FilledSlot } from "../../../core/dialogue.ts";
import type { Json } from "../../../core/json.ts";
import type { NamedEntity, Slot } from "../../../core/teaching.ts";
import { findEntities, type EntityMention, type EntityOptions } from "./entities.ts";
import { fittingValue } from "./fitting-value.ts";
import { findNamed, type NamedValue } from "./named.ts";
import type { Tagger } from "./tagger.ts";
import { isSpoken, type Word, wordsOf } from "./words.ts";
import { isWithin } from "./within.ts";

/** What is known of a tool's fields. */
export interface SlotReader {
  readonly slots: Readonly<Record<string, Slot>>;
  /** What the values of each choice are called, in every language that the tool teaches. */
  readonly choices: Readonly<Record<string, readonly NamedValue[]>>;
  /** Words of the sentences that ask: names of choices may be joined with them. */
  readonly tails?: ReadonlySet<string>;
  /** By field: words that its values must stand behind. */
  readonly behind?: Readonly<Record<string, ReadonlySet<string>>>;
  /** Finds free words; left out where no field is such. */
  readonly tagger?: Tagger | undefined;
}

/** Words in the place of a field's value. */
export interface Unfit {
  readonly field: string;
  readonly literal: string;
  /** Where they are several values for a field that takes one: what each of them fills it with. */
  readonly several?: readonly FilledSlot[];
  /** Where it is a number: the least or the greatest one that the field takes, whichever it passes. */
  readonly bound?: { readonly least: number } | { readonly most: number };
}

/** What a text says about them. */
export interface Filling {
  readonly slots: Readonly<Record<string, FilledSlot>>;
  /** What stands where a value of the field should, and is none, or can be read in several ways. */
  readonly unfit: readonly Unfit[];
  /** The words that no value took. */
  readonly rest: readonly Word[];
}

/** Fills what the text names. Each value fills one field, in the order of the fields. */
export function fillSlots(
  text: string,
  reader: SlotReader,
  options: EntityOptions & { readonly named?: readonly NamedEntity[] | undefined },
): Filling {
  const { direction } = Object.values(reader.slots).find(({ direction: one }) => one === "past") ?? options;
  const mentions = findEntities(text, { ...options, direction });
  const words = wordsOf(text, mentions);
  const filler = new Filler(text, words, mentions);
  const fields = Object.entries(reader.slots);
  for (const [field, slot] of fields) {
    const isChoice = slot.entity === "choice";
    const named = isChoice ? reader.choices[field] : namedOf(slot.entity, options.named);
    if (named === undefined) continue;
    const tails = isChoice ? reader.tails : undefined;
    filler.fillNamed(field, { slot, values: named, source: isChoice ? "own" : "known", tails });
  }
  const typed = fields.filter(([, { entity }]) => entity !== "choice" && entity !== "text");
  for (const [field, slot] of typed) filler.fillTyped(field, slot, reader.behind?.[field]);
  for (const [field, { entity }] of typed) filler.findSeveral(field, entity);
  const free = fields.flatMap(([field, { entity, open }]) => (entity === "text" || open ? [field] : []));
  if (free.length > 0 && reader.tagger !== undefined) filler.fillFree(free, reader.tagger);
  return filler.filling();
}

/** A kind of the tool pack; undefined for one that is read without it. */
function namedOf(kind: string, named: readonly NamedEntity[] = []): readonly NamedValue[] | undefined {
  const values = named.filter((one) => one.kind === kind);
  return values.length === 0 ? undefined : values;
}

interface NamedReading {
  readonly slot: Slot;
  readonly values: readonly NamedValue[];
  readonly source: FilledSlot["source"];
  readonly tails: ReadonlySet<string> | undefined;
}

/** "Was it paid this month. Last month it was late": what the next sentence says of another time is no second value. */
const isOtherSentence = (between: string): boolean =>
  /\p{L}{3}[.!?]\s+(?!(?:and|also|plus|or|then|und|auch|oder|sowie|dann)(?!\p{L}))/iu.test(between);

/** The first choice that was named; "I sent" and other phrases say more than a word beside them: "did it arrive?" */
function rankedOf(
  found: readonly { readonly value: Json; readonly from: number; readonly next: number }[],
  choices: readonly string[],
): string | undefined {
  const phrases = found.filter(({ from, next }) => next - from > 1);
  const telling = phrases.length > 0 ? phrases : found;
  return choices.find((choice) => telling.some(({ value }) => value === choice));
}

class Filler {
  readonly #text: string;
  readonly #words: readonly Word[];
  readonly #mentions: readonly EntityMention[];
  /** What the words that are taken are of, by their place. */
  readonly #taken = new Map<number, string>();
  #slots: Record<string, FilledSlot> = {};
  readonly #unfit: Unfit[] = [];

  constructor(text: string, words: readonly Word[], mentions: readonly EntityMention[]) {
    this.#text = text;
    this.#words = words;
    this.#mentions = mentions;
  }

  fillNamed(field: string, { slot, values, source, tails }: NamedReading): void {
    const found = findNamed(this.#freeWords(), values, tails);
    const [first] = found;
    if (first === undefined) return;
    for (const { from, next } of found) this.#take(from, next, slot.entity);
    const literal = this.#literal(first.from, found.at(-1)?.next ?? first.next);
    const distinct = [...new Map(found.map(({ value }) => [JSON.stringify(value), value])).values()];
    const ranked = slot.ranked ? (rankedOf(found, slot.choices) ?? first.value) : undefined;
    const value = slot.many ? distinct : (ranked ?? first.value);
    if (distinct.length > 1 && !slot.many && ranked === undefined) {
      const several = distinct.map((one) => ({ value: one, literal, source }));
      this.#unfit.push({ field, literal, several });
    } else this.#slots[field] = { value, literal, source };
  }

  fillTyped(field: string, slot: Slot, behind?: ReadonlySet<string>): void {
    const { entity, required } = slot;
    const related = required ? (RELATED[entity] ?? []) : [];
    const free = this.#freeMentions().filter(({ start }) => behind?.has(this.#formBefore(start)) ?? true);
    const mention = free.find(({ values }) => entity in values) ?? free.find(({ kind }) => related.includes(kind));
    if (mention === undefined) return;
    const at = this.#words.findIndex(({ start }) => start === mention.start);
    const literal = this.#take(at, at + 1, entity);
    const value = mention.values[entity];
    const bound = boundPassed(value, slot);
    if (bound !== undefined) this.#unfit.push({ field, literal, bound });
    else if (value === undefined || mention.isAmbiguous) this.#unfit.push({ field, literal });
    else this.#slots[field] = { value: fittingValue(value, slot), literal, source: "own" };
  }

  /** Further values for a field that has one already: none of them is passed over. */
  findSeveral(field: string, entity: string): void {
    this.#takeSame(field, entity);
    const slot = this.#slots[field];
    const mentions = this.#freeMentions().filter(({ values }) => entity in values);
    const last = mentions.at(-1);
    if (slot === undefined || last === undefined) return;
    const start = Math.min(this.#text.indexOf(slot.literal), last.start);
    if (isOtherSentence(this.#text.slice(start, last.start))) return;
    const { [field]: _first, ...others } = this.#slots;
    this.#slots = others;
    const further = mentions.flatMap(({ values: { [entity]: value }, literal }) =>
      value === undefined ? [] : [{ value, literal, source: "own" as const }],
    );
    this.#unfit.push({ field, literal: this.#text.slice(start, last.end), several: [slot, ...further] });
  }

  /** The same said again, wider or narrower: the narrower one is meant, and the wider one where its parts are named. */
  #takeSame(field: string, entity: string): void {
    this.#takeParts(field, entity);
    for (const { start, values } of this.#freeMentions().filter((one) => entity in one.values)) {
      const [slot, value] = [this.#slots[field], values[entity]];
      if (slot === undefined || value === undefined) return;
      const isWider = isWithin(slot.value, value);
      if (!isWider && !isWithin(value, slot.value)) continue;
      const at = this.#words.findIndex((word) => word.start === start);
      const literal = this.#take(at, at + 1, entity);
      if (!isWider) this.#slots[field] = { value, literal, source: "own" };
    }
  }

  /** "Last weekend, Saturday and Sunday": a wider value with more than one part beside it. */
  #takeParts(field: string, entity: string): void {
    const slot = this.#slots[field];
    const free = this.#freeMentions().flatMap(({ start, values: { [entity]: value } }) =>
      value === undefined ? [] : [{ at: this.#words.findIndex((word) => word.start === start), value }],
    );
    const parts = slot === undefined ? [] : free.filter(({ value }) => isWithin(value, slot.value));
    if (new Set(parts.map(({ value }) => JSON.stringify(value))).size < 2) return;
    for (const { at } of parts) this.#take(at, at + 1, entity);
  }

  fillFree(fields: readonly string[], tagger: Tagger): void {
    for (const { field, from, next } of tagger.tag(this.#readWords())) {
      if (!fields.includes(field) || field in this.#slots || !this.#isFree(from, next)) continue;
      const literal = this.#take(from, next, "text");
      this.#slots[field] = { value: literal, literal, source: "own" };
    }
  }

  filling(): Filling {
    const rest = this.#words.filter((word, at) => !this.#taken.has(at) && isSpoken(word));
    return { slots: this.#slots, unfit: this.#unfit, rest };
  }

  /** What is taken names nothing more: "biggest" of "biggest expense" still does. */
  #freeWords(): readonly Word[] {
    return this.#words.map((word, at) => (this.#taken.has(at) ? { ...word, form: "<taken>" } : word));
  }

  /** Named values as the tagger has learned them: by their kind. */
  #readWords(): readonly Word[] {
    return this.#words.map((word, at) => {
      const kind = this.#taken.get(at);
      return kind === undefined || word.form.startsWith("<") ? word : { ...word, form: `<${kind}>`, isCapital: false };
    });
  }

  #freeMentions(): readonly EntityMention[] {
    return this.#mentions.filter((mention) => {
      const at = this.#words.findIndex(({ start }) => start === mention.start);
      return at >= 0 && !this.#taken.has(at);
    });
  }

  #formBefore(start: number): string {
    return this.#words.findLast((word) => word.end <= start)?.form ?? "";
  }

  #isFree(from: number, next: number): boolean {
    return this.#words.slice(from, next).every((_, offset) => !this.#taken.has(from + offset));
  }

  #literal(from: number, next: number): string {
    return this.#text.slice(this.#words[from]?.start ?? 0, this.#words[next - 1]?.end ?? 0);
  }

  #take(from: number, next: number, kind: string): string {
    for (let at = from; at < next; at += 1) this.#taken.set(at, kind);
    return this.#literal(from, next);
  }
}

/** Of a field that is asked for. */
function boundPassed(value: Json | undefined, { least, most, required }: Slot): Unfit["bound"] {
  if (typeof value !== "number" || !required) return undefined;
  if (most !== undefined && value > most) return { most };
  return least !== undefined && value < least ? { least } : undefined;
}

/** What somebody may say where another kind is needed: it does not fit, and is asked about rather than passed over. */
const RELATED: Readonly<Record<string, readonly string[]>> = { date: ["period"], money: ["number"], iban: ["iban"] };
