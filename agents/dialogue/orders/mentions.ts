/** The values in a text that can fill a field of a tool, in the order in which they stand. */
import { z } from "zod";
import { Json } from "../../../core/json.ts";
import { type OrderReading, overlaps, type Span } from "../../../core/language/index.ts";
import type { NamedEntity, Slot } from "../../../core/teaching.ts";
import { findEntities, type EntityMention, type EntityOptions } from "../../understanding/slots/entities.ts";
import { findNamed, type NamedValue } from "../../understanding/slots/named.ts";
import { type Word, wordsOf } from "../../understanding/slots/words.ts";

/** A value and the words that name it. */
export interface Mention extends Span {
  /** Indexes of its first word and of the one behind the last. */
  readonly from: number;
  readonly next: number;
  /** By kind. */
  readonly values: Readonly<Record<string, Json>>;
  readonly source: "own" | "known";
  /** The other values that these words may name. */
  readonly rivals: readonly Json[];
  /** Whether the words are only like those that name it. */
  readonly isNear: boolean;
  /** A name that nobody knows, in the place of one. */
  readonly isUnknown?: true;
}

/** What the values are read with. */
export interface MentionOptions {
  readonly entities: EntityOptions;
  readonly named: readonly NamedEntity[];
  /** The choices of the tool's fields by name. */
  readonly choices: readonly NamedValue[];
  readonly order: OrderReading;
  /** Words that are no slip of the keyboard in a name. */
  readonly harmless: ReadonlySet<string>;
}

/** Finds them. What a bare number counts is no sum. */
export function mentionsIn(
  text: string,
  slots: Readonly<Record<string, Slot>>,
  { entities, named, choices, order, harmless }: MentionOptions,
): { readonly words: readonly Word[]; readonly mentions: readonly Mention[] } {
  const kinds = new Set(Object.values(slots).flatMap(({ entity, or }) => [entity, ...or]));
  const plain = wordsOf(text);
  const known = namedIn(plain, named, kinds).filter(
    ({ isNear, from, next }) => !isNear || plain.slice(from, next).some(({ form }) => !harmless.has(form)),
  );
  const chosen = findNamed(plain, choices).map((one) => ({ ...one, kind: "choice" }));
  const names = [...known, ...chosen].map(({ kind, value, rivals, isNear, from, next }) => {
    const [start, end] = [plain[from]?.start ?? 0, plain[next - 1]?.end ?? 0];
    const literal = text.slice(start, end);
    const source = kind === "choice" ? ("own" as const) : ("known" as const);
    return { kind: "name", start, end, literal, values: { [kind]: value }, source, rivals, isNear };
  });
  const typed = findEntities(text, entities)
    .map((one) => asSum(one, order))
    .filter((one) => Object.keys(one.values).some((kind) => kinds.has(kind)) || isTime(one))
    .filter((one) => !names.some((name) => overlaps(name, one) && !name.isNear));
  const kept = names.filter((name) => !name.isNear || !typed.some((one) => overlaps(name, one)));
  const sums = writtenSums(order, [...typed, ...kept], kinds);
  const all = [
    ...kept,
    ...[...typed, ...sums].map((one) => ({
      ...one,
      source: "own" as const,
      rivals: otherReadings(one, order),
      isNear: false,
    })),
  ].toSorted((one, other) => one.start - other.start);
  const words = wordsOf(text, all);
  const places = new Map(words.map(({ start }, place) => [start, place]));
  const mentions = all.flatMap((one): readonly Mention[] => {
    const from = places.get(one.start) ?? -1;
    const values = Object.fromEntries(Object.entries(one.values).filter(([kind]) => kinds.has(kind)));
    return from < 0 || Object.keys(values).length === 0 ? [] : [{ ...one, values, from, next: from + 1 }];
  });
  return { words, mentions };
}

const isTime = ({ values }: EntityMention): boolean => "date" in values || "period" in values;

/** A sum as the order has it, which knows what else a number may be. */
function asSum(mention: EntityMention, { sums }: OrderReading): EntityMention {
  if (!("money" in mention.values)) return mention;
  const { money: _money, ...others } = mention.values;
  const sum = sums.find((one) => overlaps(one, mention));
  if (sum === undefined) return { ...mention, values: others };
  return { ...mention, values: { ...others, money: { minor: sum.minor, currency: sum.currency } } };
}

/** What else a sum may be: "1.000". */
function otherReadings(mention: Span, { sums }: OrderReading): readonly Json[] {
  const sum = sums.find((one) => overlaps(one, mention));
  return sum?.ambiguous === true ? sum.readings.slice(1).map(({ minor, currency }) => ({ minor, currency })) : [];
}

/** Sums that were taken for something else. */
function writtenSums(
  { sums }: OrderReading,
  others: readonly Span[],
  kinds: ReadonlySet<string>,
): readonly EntityMention[] {
  if (!kinds.has("money")) return [];
  return sums
    .filter((sum) => !others.some((one) => overlaps(one, sum)))
    .map(({ start, end, literal, minor, currency }) => ({
      kind: "money",
      start,
      end,
      literal,
      values: { money: { minor, currency } },
      isAmbiguous: false,
    }));
}

function namedIn(words: readonly Word[], named: readonly NamedEntity[], kinds: ReadonlySet<string>) {
  const fitting = named.filter(({ kind }) => kinds.has(kind));
  return findNamed(
    words,
    fitting.map(({ kind, value, names }) => ({ value: { kind, value }, names })),
  ).map((span) => {
    const { kind, value } = partsOf(span.value);
    return { ...span, kind, value, rivals: span.rivals.map((rival) => partsOf(rival).value) };
  });
}

const Named = z.object({ kind: z.string(), value: Json });

const partsOf = (value: Json): z.infer<typeof Named> => Named.parse(value);
