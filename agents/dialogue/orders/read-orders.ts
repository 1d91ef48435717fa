/**
 * Reads what a text orders of a tool that changes something: nothing of it is guessed, and what is not understood is told.
 * Pure: the same words give the same orders.
 */
import type { FilledSlot } from "../../../core/dialogue.ts";
import type { Json } from "../../../core/json.ts";
import {
  asksToShare,
  blanked,
  type Doubt,
  LONGEST_READ_TEXT,
  overlaps,
  readOrder,
  type Span,
} from "../../../core/language/index.ts";
import type { Slot } from "../../../core/teaching.ts";
import { fittingValue } from "../../understanding/slots/fitting-value.ts";
import { formOf, type Word } from "../../understanding/slots/words.ts";
import { allCues, smallWords } from "../cues.ts";
import type { AskedTool } from "../step.ts";
import { alikeIn, besideChange, deniedIn } from "./changes.ts";
import { type Grouping, isSameValue, valueFor } from "./grouping.ts";
import { clausesOf, leftOver, purposesIn } from "./left-over.ts";
import { type Mention, mentionsIn } from "./mentions.ts";
import { otherPersonIn } from "./other-person.ts";
import { isSettled } from "./settled-doubts.ts";
import { type Part, type Parts, partsOf } from "./parts.ts";
import { type LedText, referencesIn, textsIn } from "./led-texts.ts";
import { NOBODY, type Order, type OrderReader, type Orders, type Unclear } from "./order.ts";
import { withUnknownReceivers } from "./unknown-receivers.ts";
import { type Free, freeValue, otherNamed, unknownLed, withFurther } from "./unknown-names.ts";

/** People mix languages: "20 for Odd wegen der Suppe". */
const ALL_PURPOSES = allCues().flatMap(({ purposes }) => purposes);

/** More values in one text are a list, a log or an attack: nobody orders so much at once. */
const MOST_VALUES = 60;

/** Reads them; of a text that is too long, or names too much, only that. */
export function readOrders(whole: string, reader: OrderReader): Orders {
  const { tool, cues, entities, named } = reader;
  if (whole.length > LONGEST_READ_TEXT) return tooLong(whole);
  const text = blanked(whole, referencesIn(whole, reader));
  const { timeZone, locale, now, currency: defaultCurrency } = entities;
  const order = readOrder(text, { timeZone, locale, now, defaultCurrency });
  const { harmless } = tool;
  const choices = Object.values(tool.reader.choices).flat();
  const { words, mentions: every } = mentionsIn(text, tool.slots, { entities, named, choices, order, harmless });
  const owned = withoutOwners(every, text);
  if (owned.length > MOST_VALUES) return tooLong(text);
  const grouping = groupingOf(text, words, reader);
  const mentions = withUnknownReceivers(owned, grouping, reader);
  const repeatedValues = besideChange(mentions, reader, grouping);
  const found = partsOf(
    mentions.filter((one) => !repeatedValues.includes(one)),
    grouping,
  );
  const used = found.parts.flatMap((part) => [...part.values()]);
  const clauses = clausesOf(text);
  const core = clauses.filter((clause) => used.some((one) => overlaps(one, clause)));
  const dates = [...order.dates.periods, ...order.dates.unread];
  const texts = textsIn(whole, used, reader);
  const wrong = order.ibans.filter(({ valid }) => !valid);
  const read = [...mentions, ...wrong, ...order.doubts, ...dates, ...found.void, ...texts.map(({ place }) => place)];
  const known = {
    read,
    values: [...namedFirst(mentions, grouping), ...wrong, ...dates],
    harmless,
    purposes: ALL_PURPOSES,
  };
  const all = leftOver(text, clauses, known).filter((run) => !isApposition(run, used, text));
  const rest = core.length === 0 ? all : all.filter((run) => core.some((clause) => overlaps(run, clause)));
  const free = freeValue(found.parts, reader.current === undefined ? all : rest, { ...grouping, reader });
  const isOnly = found.parts.length === 1;
  const filling = { reader, texts, isOnly, unread: all, grouping, ...(free && { free }) };
  const readParts = found.parts.map((part) => orderOf(part, filling));
  const orders = free === undefined ? withFurther(readParts, all, { ...grouping, reader }) : readParts;
  const purposes = purposesIn(text, clauses, known);
  const isShared = isSharedOut(text, orders, used);
  const settling = { ...found, count: orders.length, isShared, used, clauses, core, purposes, unread: all, cues, text };
  const isDoubtAlone = reader.current !== undefined && used.length === 0;
  const denied = isDoubtAlone ? deniedIn(mentions, found.void, reader) : undefined;
  return {
    orders: ordersIn(fromKnown(orders, unknownLed(found.parts, mentions, { ...grouping, reader })), {
      denied: denied && { ...denied, literal: all[0]?.literal ?? denied.literal },
      found,
      wrong: wrong[0],
      tool,
      text,
    }),
    doubts: order.doubts.filter((one) => !isSettled(one, { ...settling, isDoubtAlone })),
    leftOver: rest.filter((run) => run !== free?.run && !used.some((one) => isOfIban(one, run))),
    values: used.length + texts.length,
    kept: blanked(text, found.void),
  };
}

/** Where they come from is asked for where it was named and is not known. */
const fromKnown = (orders: readonly Order[], source: Unclear | undefined): readonly Order[] =>
  source === undefined ? orders : orders.map((one) => (one.unclear ? one : { ...one, unclear: source }));

/** "Emre's 20 euros to Jana": whose the sum was is no receiver where there is another. */
function withoutOwners(mentions: readonly Mention[], text: string): readonly Mention[] {
  const owns = ({ source, literal, end }: Mention): boolean =>
    source === "known" && /['’]s$/u.test(literal) && /^\s+[€$£]?\d/u.test(text.slice(end));
  const others = mentions.filter((one) => !owns(one));
  return others.some(({ source }) => source === "known") ? others : mentions;
}

/** Whether several get their part of one and the same sum. */
function isSharedOut(text: string, orders: readonly Order[], used: readonly Mention[]): boolean {
  const sums = new Set(used.flatMap((one) => ("money" in one.values ? [one.start] : [])));
  return orders.length > 1 && sums.size === 1 && asksToShare(text);
}

interface Found {
  readonly denied: { readonly field: string; readonly literal: string } | undefined;
  readonly found: Parts;
  readonly wrong: Span | undefined;
  readonly tool: AskedTool;
  readonly text: string;
}

/** The orders as they were read, or what has to be asked about them first. */
function ordersIn(orders: readonly Order[], { denied, found, wrong, tool, text }: Found): readonly Order[] {
  if (denied !== undefined) return [{ slots: {}, unclear: { ...denied, ...NOBODY } }];
  return found.unclear === undefined ? withWrongIban(orders, tool, wrong) : [severalOf(orders[0], found.unclear, text)];
}

function groupingOf(text: string, words: readonly Word[], reader: OrderReader): Grouping {
  const { tool, cues, current } = reader;
  return {
    text,
    words,
    slots: tool.slots,
    leads: tool.leads,
    betweens: tool.betweens,
    small: smallWords(cues),
    prepositions: new Set(cues.prepositions.map(formOf)),
    cues,
    ...(current && { alike: alikeIn(current, reader) }),
  };
}

/** Those that name a value for the first time. */
function namedFirst(mentions: readonly Mention[], grouping: Grouping): readonly Mention[] {
  return mentions.filter((one, at) => !mentions.slice(0, at).some((before) => isSameValue(before, one, grouping)));
}

function tooLong(text: string): Orders {
  const doubt: Doubt = { kind: "too-long", start: 0, end: text.length, literal: "…" };
  return { orders: [{ slots: {} }], doubts: [doubt], leftOver: [], values: 0, kept: text };
}

/** "My granddaughter Thea": what somebody is stands before the name. */
function isApposition(run: Span, used: readonly Mention[], text: string): boolean {
  const name = used.find(
    ({ start, source }) => source === "known" && start > run.end && text.slice(run.end, start).trim() === "",
  );
  return (
    name !== undefined &&
    /(?<!\p{L})(?:my|our|the|mein\p{L}{0,2}|unser\p{L}{0,2}|dem|der|den|die)\s+$/iu.test(text.slice(0, run.start))
  );
}

/** An IBAN with a typing error is asked for again, and never passed over. */
function withWrongIban(
  orders: readonly Order[],
  { slots: fields }: AskedTool,
  wrong: Span | undefined,
): readonly Order[] {
  const taking = Object.keys(fields).filter((name) =>
    [fields[name]?.entity, ...(fields[name]?.or ?? [])].includes("iban"),
  );
  const openIn = ({ slots }: Order): string | undefined => taking.find((name) => !(name in slots));
  const meant = orders.find((one) => openIn(one) !== undefined) ?? orders[0];
  const field = (meant && openIn(meant)) ?? taking[0];
  if (wrong === undefined || meant === undefined || field === undefined) return orders;
  const { [field]: _replaced, ...slots } = meant.slots;
  const unclear: Unclear = { field, literal: wrong.literal, candidates: [], isSeveral: false, isWrong: true };
  return orders.map((one) => (one === meant ? { slots, unclear } : one));
}

const isOfIban = (one: Mention, other: Span): boolean =>
  "iban" in one.values && Math.min(Math.abs(one.start - other.end), Math.abs(other.start - one.end)) <= 8;

function severalOf(
  first: Order | undefined,
  { field, start, end }: { readonly field: string; readonly start: number; readonly end: number },
  text: string,
): Order {
  const { [field]: _several, ...slots } = first?.slots ?? {};
  return { slots, unclear: { field, literal: text.slice(start, end), candidates: [], isSeveral: true } };
}

interface Filling {
  readonly reader: OrderReader;
  readonly texts: readonly LedText[];
  /** Whether it is the only order of the text. */
  readonly isOnly: boolean;
  readonly free?: Free;
  /** Words that were not understood. */
  readonly unread: readonly Span[];
  readonly grouping: Grouping;
}

function orderOf(part: Part, filling: Filling): Order {
  const read = [...fromMentions(part, filling), ...fromFree(part, filling), ...fromTexts(part, filling)];
  const unclear = read.find((one) => "candidates" in one);
  const slots: Record<string, FilledSlot> = {};
  for (const one of read) if ("slot" in one) slots[one.field] ??= one.slot;
  return unclear === undefined ? { slots } : { slots, unclear };
}

/** A field with its value, or with what may be meant. */
type ReadField = Unclear | { readonly field: string; readonly slot: FilledSlot };

function fromMentions(part: Part, filling: Filling): readonly ReadField[] {
  return [...part].flatMap(([field, mention]): readonly ReadField[] => {
    if (mention.isUnknown === true) return [{ field, literal: mention.literal, ...NOBODY }];
    const candidates = candidatesOf(mention, filling.reader.tool.slots[field]);
    const other = otherPersonIn(mention, candidates[0], filling.grouping) ?? otherNamed(mention, field, filling);
    const { literal, source, isNear } = { ...mention, ...(other !== undefined && { literal: other, isNear: true }) };
    const [value, ...others] = candidates;
    if (value === undefined) return [];
    const isClear = others.length === 0 && !isNear;
    return [isClear ? { field, slot: { value, literal, source } } : { field, literal, candidates, isSeveral: false }];
  });
}

function fromTexts(part: Part, { texts, isOnly }: Filling): readonly ReadField[] {
  const end = Math.max(0, ...[...part.values()].map((one) => one.end));
  return texts
    .filter(({ place }) => isOnly || place.start >= end)
    .map(({ field, literal }) => ({ field, slot: ownWords(literal) }));
}

/** Words behind a preposition that name nothing known: the value where any text is one, else to be asked about. */
function fromFree(part: Part, { reader, free }: Filling): readonly ReadField[] {
  if (free === undefined || part.has(free.field)) return [];
  const { field, run } = free;
  const isKnown = reader.named.some(({ kind }) => kind === reader.tool.slots[field]?.entity);
  if (isKnown) return [{ field, literal: run.literal, candidates: [], isSeveral: false }];
  return [{ field, slot: ownWords(run.literal) }];
}

const ownWords = (literal: string): FilledSlot => ({ value: literal, literal, source: "own" });

/** What the words may mean, as the field takes it; the likeliest first. */
function candidatesOf(mention: Mention, slot: Slot | undefined): readonly Json[] {
  const value = slot && valueFor(mention, slot);
  if (slot === undefined || value === undefined) return [];
  return [value, ...mention.rivals].map((one) => fittingValue(one, slot));
}
