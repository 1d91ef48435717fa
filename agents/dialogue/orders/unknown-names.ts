/** Names in an order that nobody knows. Pure. */
import type { Span } from "../../../core/language/index.ts";
import { CORE_ENTITIES, type Slot } from "../../../core/teaching.ts";
import { formOf } from "../../understanding/slots/words.ts";
import { allCues, formsOf, holdsCue } from "../cues.ts";
import { type Grouping, leadBefore } from "./grouping.ts";
import type { Mention } from "./mentions.ts";
import type { Part } from "./parts.ts";
import { NOBODY, type Order, type OrderReader, type Unclear } from "./order.ts";

interface Reading extends Grouping {
  readonly reader: OrderReader;
}

export interface Free {
  readonly field: string;
  readonly run: Span;
}

/** A name that nobody knows: what is left over where a value is needed, and nothing else is. */
export function freeValue(parts: readonly Part[], rest: readonly Span[], around: Reading): Free | undefined {
  const { reader, words, small, prepositions } = around;
  const { slots } = reader.tool;
  const open = Object.keys(slots).find(
    (field) => isNameable(slots[field]) && parts.some((part) => !part.has(field)) && slots[field]?.required === true,
  );
  if (open === undefined) return undefined;
  const isChanged = reader.current?.[open] !== undefined;
  const isLed = (run: Span): boolean => {
    const at = words.findIndex((word) => word.start === run.start);
    const isDirect = prepositions.has(leadBefore(words, at, small, prepositions) ?? "");
    return isLedBy(run, open, around) && (!isChanged || isDirect);
  };
  const [lone, ...others] = rest;
  const capital = rest.filter(({ literal }) => /^\p{Lu}/u.test(literal) && literal !== literal.toUpperCase());
  const plain = others.length === 0 ? lone : capital.length === 1 ? capital[0] : undefined;
  const run = rest.find(isLed) ?? (isChanged ? undefined : plain);
  return run && { field: open, run };
}

/** "15 each to Mira and to a mate called Kofi": with somebody unknown besides those who are known. */
export function withFurther(orders: readonly Order[], rest: readonly Span[], around: Reading): readonly Order[] {
  const { reader, text, cues } = around;
  const field = Object.keys(reader.tool.slots).find(
    (name) => isNameable(reader.tool.slots[name]) && reader.tool.slots[name]?.required === true,
  );
  const [first] = orders;
  if (field === undefined || first?.slots[field] === undefined || !holdsCue(text, cues.apiece)) return orders;
  const { [field]: _known, ...slots } = first.slots;
  const run = rest.find(({ start }) => joinedBefore.test(text.slice(0, start)));
  if (run === undefined) return orders;
  const literal = nameAtEnd.exec(run.literal)?.[0] ?? run.literal;
  return [...orders, { slots, unclear: { field, literal, ...NOBODY } }];
}

const joinedBefore = /(?:(?:and|und)\s|&|,)\s*(?:\p{L}+\s+){0,4}$/iu;
/** "Called Kofi", "Kumpel namens Kofi". */
const nameAtEnd = /\p{Lu}\p{L}+(?:\s+\p{Lu}\p{L}+)*$/u;

/** Whether the word before leads values of the field. */
function isLedBy({ start }: Span, field: string, { words, leads, small, prepositions }: Grouping): boolean {
  const at = words.findIndex((word) => word.start === start);
  const lead = leadBefore(words, at, small, prepositions);
  return lead !== undefined && leads[field]?.has(lead) === true;
}

/** A kind of the tool pack, or free words. */
export const isNameable = (slot: Slot | undefined): boolean =>
  slot !== undefined && (slot.entity === "text" || !CORE_ENTITIES.some((kind) => kind === slot.entity));

/** "Jana Smith", "Jana's sister": the words that name somebody else than who is known. */
export function otherNamed(
  mention: Mention,
  field: string,
  { unread, grouping }: { readonly unread: readonly Span[]; readonly grouping: Grouping },
): string | undefined {
  const { start, end, literal, source, from } = mention;
  const { text, words, small, prepositions, leads, cues } = grouping;
  if (source !== "known") return undefined;
  const before = unread.find((one) => one.end < start && text.slice(one.end, start) === " ");
  if (before !== undefined && isFirstName(before, mention, field, grouping)) return text.slice(before.start, end);
  const run = unread.find((one) => one.start > end && text.slice(end, one.start) === " ");
  if (run === undefined) return undefined;
  const lead = leadBefore(words, from, small, prepositions) ?? "";
  const isOf = /['’]s?$/u.test(literal) && leads[field]?.has(lead) === true && !cues.purposes.includes(lead);
  const isName = /^\p{Lu}\p{Ll}/u.test(run.literal) && !/['’]s?$/u.test(literal);
  return isOf || isName ? text.slice(start, run.end) : undefined;
}

const titles = formsOf(allCues().flatMap((cues) => cues.titles));

/** "To Jane Novak" where Jana Novak is known: whoever has another first name is somebody else. */
function isFirstName({ start, literal }: Span, mention: Mention, field: string, grouping: Grouping): boolean {
  const { words, small, prepositions, leads } = grouping;
  const at = words.findIndex((word) => word.start === start);
  const lead = leadBefore(words, at, small, prepositions) ?? "";
  const isName = /^\p{Lu}\p{Ll}+$/u.test(literal) && !titles.has(formOf(literal));
  return isName && leads[field]?.has(lead) === true && isLastNameAlone(mention);
}

const isLastNameAlone = ({ literal, values }: Mention): boolean =>
  Object.values(values).some(
    (value) => typeof value === "string" && value.toLowerCase().endsWith(` ${literal.toLowerCase()}`),
  );

/** "From my business account", "from Jana": what stands where an optional value is led to, and is none that is known. */
export function unknownLed(parts: readonly Part[], mentions: readonly Mention[], around: Reading): Unclear | undefined {
  const { reader, slots } = around;
  const field = Object.keys(slots).find((name) => isNameable(slots[name]) && isOptionalName(slots[name]));
  if (field === undefined || parts.some((part) => part.has(field))) return undefined;
  const names = reader.named.filter(({ kind }) => kind === slots[field]?.entity).flatMap((one) => one.names);
  const literal = names.length === 0 ? undefined : unknownIn(mentions, around, { field, names });
  return literal === undefined ? undefined : { field, literal, ...NOBODY };
}

function unknownIn(
  mentions: readonly Mention[],
  { text, leads }: Reading,
  { field, names }: { readonly field: string; readonly names: readonly string[] },
): string | undefined {
  for (const { index, 0: all, groups } of text.matchAll(ledShape(leads[field] ?? []))) {
    const start = index + all.length - (groups?.["words"]?.length ?? 0);
    const other = mentions.find((one) => one.start === start && one.source === "known");
    const next = mentions.find((one) => one.start > start)?.start ?? text.length;
    const words = text.slice(start, Math.min(next, index + all.length)).replace(/\s+(?:to|an|for|für)?\s*$/iu, "");
    if (other !== undefined) return other.literal;
    if (isOwned.test(words) || endsLike(words, names)) return words;
  }
  return undefined;
}

const isOptionalName = (slot: Slot | undefined): boolean => slot?.entity !== "text" && slot?.required !== true;

/** Up to four words behind one that leads there; the longest lead counts. */
function ledShape(leads: Iterable<string>): RegExp {
  const led = [...leads].toSorted((one, other) => other.length - one.length).join("|");
  return new RegExp(String.raw`(?<!\p{L})(?:${led})\s+(?<words>(?:\p{L}[\p{L}'’-]*(?:\s+|$|(?=[.,;!?]))){1,4})`, "giu");
}

const isOwned =
  /^(?:my|our|her|his|their|mein\p{L}*|unser\p{L}*|ihre[nrm]|seine[nrm]|(?:the\s+)?\p{L}+['’]s)\s+(?:\p{L}+\s+){0,2}\p{L}{3,}$/iu;
const SHORTEST_ENDING = 5;

/** "Geschäftskonto" as "Girokonto", "joint account" as "savings account". */
function endsLike(words: string, names: readonly string[]): boolean {
  return formOf(words)
    .split(/\s+/u)
    .some((word) => names.some((name) => word.length >= SHORTEST_ENDING && endsAlike(word, formOf(name))));
}

const endsAlike = (one: string, other: string): boolean =>
  other.length > SHORTEST_ENDING && one.endsWith(other.slice(-SHORTEST_ENDING));
