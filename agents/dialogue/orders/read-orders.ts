/**
 * Reads what a text orders of a tool that changes something: nothing of it is guessed, and what is not understood is told.
 * Pure: the same words give the same orders.
 */
import type { FilledSlot } from "../../../core/dialogue.ts";
import type { Json } from "../../../core/json.ts";
import {
  blanked,
  type Doubt,
  LONGEST_READ_TEXT,
  overlaps,
  readOrder,
  type Span,
} from "../../../core/language/index.ts";
import type { NamedEntity, Slot } from "../../../core/teaching.ts";
import { CORE_ENTITIES } from "../../../core/teaching.ts";
import type { EntityOptions } from "../../understanding/slots/entities.ts";
import { fittingValue } from "../../understanding/slots/fitting-value.ts";
import { formOf, type Word } from "../../understanding/slots/words.ts";
import { allCues, type Cues, holdsCue, smallWords } from "../cues.ts";
import type { AskedTool } from "../step.ts";
import { alikeIn, besideChange, deniedIn } from "./changes.ts";
import { type Grouping, isSameValue, leadBefore, valueFor } from "./grouping.ts";
import { clausesOf, leftOver } from "./left-over.ts";
import { type Mention, mentionsIn } from "./mentions.ts";
import { isSettled } from "./settled-doubts.ts";
import { type Part, partsOf } from "./parts.ts";

/** Words in the place of a value that cannot be taken as they are. */
export interface Unclear {
  readonly field: string;
  readonly literal: string;
  /** What they may mean; nothing where they name nobody and nothing that is known. */
  readonly candidates: readonly Json[];
  /** True where they are several values for a field that takes one. */
  readonly isSeveral: boolean;
  /** True where it is an IBAN with a typing error. */
  readonly isWrong?: true;
}

/** One of the orders of a text. */
export interface Order {
  readonly slots: Readonly<Record<string, FilledSlot>>;
  readonly unclear?: Unclear;
}

/** What a text orders. */
export interface Orders {
  /** In the order in which they were said; one without values where nothing is named. */
  readonly orders: readonly Order[];
  /** Why it may be less simple than it looks. */
  readonly doubts: readonly Doubt[];
  /** Words in the orders that were not understood. */
  readonly leftOver: readonly Span[];
  /** How many values were found. */
  readonly values: number;
  /** The text without what the text itself took back: "50, no wait," of "50, no wait, 55". */
  readonly kept: string;
}

/** What a text is read with. */
export interface OrderReader {
  readonly tool: AskedTool;
  readonly cues: Cues;
  readonly entities: EntityOptions;
  readonly named: readonly NamedEntity[];
  /** An order that is changed: its own values beside others change nothing. */
  readonly current?: Readonly<Record<string, FilledSlot>>;
}

const NOBODY = { candidates: [], isSeveral: false } as const;

/** People mix languages: "20 for Odd wegen der Suppe". */
const ALL_PURPOSES = allCues().flatMap(({ purposes }) => purposes);

/** More values in one text are a list, a log or an attack: nobody orders so much at once. */
const MOST_VALUES = 60;

/** Reads them; of a text that is too long, or names too much, only that. */
export function readOrders(text: string, reader: OrderReader): Orders {
  const { tool, cues, entities, named } = reader;
  if (text.length > LONGEST_READ_TEXT) return tooLong(text);
  const { timeZone, locale, now, currency: defaultCurrency } = entities;
  const order = readOrder(text, { timeZone, locale, now, defaultCurrency });
  const { harmless } = tool;
  const choices = Object.values(tool.reader.choices).flat();
  const { words, mentions } = mentionsIn(text, tool.slots, { entities, named, choices, order, harmless });
  if (mentions.length > MOST_VALUES) return tooLong(text);
  const grouping = groupingOf(text, words, reader);
  const repeatedValues = besideChange(mentions, reader, grouping);
  const found = partsOf(
    mentions.filter((one) => !repeatedValues.includes(one)),
    grouping,
  );
  const used = found.parts.flatMap((part) => [...part.values()]);
  const core = clausesOf(text).filter((clause) => used.some((one) => overlaps(one, clause)));
  const dates = [...order.dates.periods, ...order.dates.unread];
  const texts = textsIn(text, used, reader);
  const wrong = order.ibans.filter(({ valid }) => !valid);
  const read = [...mentions, ...wrong, ...order.doubts, ...dates, ...found.void, ...texts.map(({ place }) => place)];
  const known = {
    read,
    values: [...namedFirst(mentions, grouping), ...wrong, ...dates],
    harmless,
    purposes: ALL_PURPOSES,
  };
  const all = leftOver(text, clausesOf(text), known).filter((run) => !isApposition(run, used, text));
  const told = core.length === 0 ? clausesOf(text) : toldIn(core, used, { text, cues });
  const rest = all.filter((run) => told.some((clause) => overlaps(run, clause)));
  const free = freeValue(found.parts, reader.current === undefined ? all : rest, { ...grouping, reader });
  const orders = found.parts.map((part) =>
    orderOf(part, { reader, texts, isOnly: found.parts.length === 1, ...(free && { free }) }),
  );
  const settling = { ...found, used, core, free: free?.run, cues, text, harmless };
  const isDoubtAlone = reader.current !== undefined && used.length === 0;
  const denied = used.length === 0 ? deniedIn(mentions, found.void, reader) : undefined;
  return {
    orders:
      denied !== undefined
        ? [{ slots: {}, unclear: { ...denied, literal: all[0]?.literal ?? denied.literal, ...NOBODY } }]
        : found.unclear === undefined
          ? withWrongIban(orders, tool, wrong[0])
          : [severalOf(orders[0], found.unclear, text)],
    doubts: order.doubts.filter((one) => !isSettled(one, { ...settling, isDoubtAlone })),
    leftOver: rest.filter(
      (run) => run !== free?.run && !used.some((one) => "iban" in one.values && isBeside(one, run)),
    ),
    values: used.length + texts.length,
    kept: blanked(text, found.void),
  };
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

/** Where what is sent stands apart from who gets it, the one who "them" means may be talked about. */
function toldIn(
  core: readonly Pick<Span, "start" | "end">[],
  used: readonly Mention[],
  { text, cues }: { readonly text: string; readonly cues: Cues },
) {
  const typed = core.filter((clause) => used.some((one) => one.source === "own" && overlaps(one, clause)));
  const isReferred = typed.some(({ start, end }) => holdsCue(text.slice(start, end), cues.pronouns));
  return isReferred ? typed : core;
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

const isBeside = (one: Span, other: Span): boolean =>
  Math.min(Math.abs(one.start - other.end), Math.abs(other.start - one.end)) <= 8;

function severalOf(
  first: Order | undefined,
  { field, start, end }: { readonly field: string; readonly start: number; readonly end: number },
  text: string,
): Order {
  const { [field]: _several, ...slots } = first?.slots ?? {};
  return { slots, unclear: { field, literal: text.slice(start, end), candidates: [], isSeveral: true } };
}

interface Free {
  readonly field: string;
  readonly run: Span;
}

/** A name that nobody knows: what is left over where a value is needed, and nothing else is. */
function freeValue(
  parts: readonly Part[],
  rest: readonly Span[],
  { reader, words, leads, small, prepositions }: Parameters<typeof partsOf>[1] & { readonly reader: OrderReader },
): Free | undefined {
  const { slots } = reader.tool;
  const open = Object.keys(slots).find(
    (field) => isNameable(slots[field]) && parts.some((part) => !part.has(field)) && slots[field]?.required === true,
  );
  if (open === undefined) return undefined;
  const isChanged = reader.current?.[open] !== undefined;
  const isLed = ({ start }: Span): boolean => {
    const lead = leadBefore(
      words,
      words.findIndex((word) => word.start === start),
      small,
      prepositions,
    );
    return lead !== undefined && leads[open]?.has(lead) === true && (!isChanged || prepositions.has(lead));
  };
  const [lone, ...others] = rest;
  const capital = rest.filter(({ literal }) => /^\p{Lu}/u.test(literal) && literal !== literal.toUpperCase());
  const plain = others.length === 0 ? lone : capital.length === 1 ? capital[0] : undefined;
  const run = rest.find(isLed) ?? (isChanged ? undefined : plain);
  return run && { field: open, run };
}

/** A kind of the tool pack, or free words. */
const isNameable = (slot: Slot | undefined): boolean =>
  slot !== undefined && (slot.entity === "text" || !CORE_ENTITIES.some((kind) => kind === slot.entity));

interface Filling {
  readonly reader: OrderReader;
  readonly texts: readonly LedText[];
  /** Whether it is the only order of the text. */
  readonly isOnly: boolean;
  readonly free?: Free;
}

function orderOf(part: Part, filling: Filling): Order {
  const read = [
    ...fromMentions(part, filling.reader.tool.slots),
    ...fromFree(part, filling),
    ...fromTexts(part, filling),
  ];
  const unclear = read.find((one) => "candidates" in one);
  const slots: Record<string, FilledSlot> = {};
  for (const one of read) if ("slot" in one) slots[one.field] ??= one.slot;
  return unclear === undefined ? { slots } : { slots, unclear };
}

/** A field with its value, or with what may be meant. */
type ReadField = Unclear | { readonly field: string; readonly slot: FilledSlot };

function fromMentions(part: Part, fields: AskedTool["slots"]): readonly ReadField[] {
  return [...part].flatMap(([field, mention]): readonly ReadField[] => {
    const { literal, source, isNear } = mention;
    const candidates = candidatesOf(mention, fields[field]);
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

interface LedText {
  readonly field: string;
  readonly literal: string;
  readonly place: Pick<Span, "start" | "end">;
}

/** Free words that need not be said count only behind a word that says so: "reference rent", "… for lunch". */
function textsIn(text: string, used: readonly Mention[], { tool, cues }: OrderReader): readonly LedText[] {
  const fields = Object.keys(tool.slots).filter(
    (field) => tool.slots[field]?.entity === "text" && !tool.slots[field]?.required,
  );
  const weak = new Set([...cues.purposes, ...cues.prepositions].map(formOf));
  const small = new Set([...smallWords(cues), ...cues.pronouns.map(formOf)]);
  const behind = Math.max(0, ...used.map(({ end }) => end));
  return fields.flatMap((field): readonly LedText[] => {
    const leads = [...text.matchAll(/(?<![\p{L}\p{N}])\p{L}+(?![\p{L}\p{N}])/gu)].filter((match) => {
      const form = formOf(match[0]);
      const isLead = tool.leads[field]?.has(form) === true && !used.some((one) => overlaps(one, spanOf(match)));
      return isLead && !(weak.has(form) && (behind === 0 || match.index < behind));
    });
    return leads.flatMap((lead) => ledText(field, lead, { text, used, small })).slice(0, 1);
  });
}

const tail =
  /^(?:\s+(?:is|ist|the|as|als|lautet|shall read))?\s*:?\s*["“„'’]?(?<words>[\p{L}\p{N}][\p{L}\p{M}\p{N} /#&'’-]{0,60}?)["”“'’]?\s*(?:[.,;!?\n]|$)/iu;

interface Around {
  readonly text: string;
  readonly used: readonly Mention[];
  readonly small: ReadonlySet<string>;
}

function ledText(field: string, lead: RegExpExecArray, { text, used, small }: Around): readonly LedText[] {
  const from = lead.index + lead[0].length;
  const next = used.find((one) => one.start >= from)?.start ?? text.length;
  const words = tail.exec(text.slice(from, next))?.groups?.["words"];
  if (words === undefined || small.has(formOf(words))) return [];
  const end = from + text.slice(from).indexOf(words) + words.length;
  return [{ field, literal: words.trim(), place: { start: lead.index, end } }];
}

function spanOf({ index, 0: literal }: RegExpExecArray): Span {
  return { start: index, end: index + literal.length, literal };
}
