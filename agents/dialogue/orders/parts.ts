/** Several orders in one sentence: which values belong together. */
import { asksToShare } from "../../../core/language/index.ts";
import { Money } from "../../../core/money.ts";
import { formOf } from "../../understanding/slots/words.ts";
import { holdsCue } from "../cues.ts";
import {
  fittingFields,
  type Grouping,
  isCorrected,
  isSameValue,
  ledFields,
  standsBehind,
  withRejection,
} from "./grouping.ts";
import { clausesOf } from "./left-over.ts";
import type { Mention } from "./mentions.ts";
import { sidesOf, unclearSides } from "./sides.ts";

/** The values of one order by field. */
export type Part = ReadonlyMap<string, Mention>;

/** The orders of a text. */
export interface Parts {
  /** In the order in which they were said. */
  readonly parts: readonly Part[];
  /** Places that belong to none of them: a value taken back, somebody who gets nothing. */
  readonly void: readonly { readonly start: number; readonly end: number }[];
  /** The fields that several orders share without a word that says so. */
  readonly unclear?: { readonly field: string; readonly start: number; readonly end: number };
}

/** Puts the values together: a further value of a field begins a further order. */
export function partsOf(mentions: readonly Mention[], grouping: Grouping): Parts {
  const parts: Map<string, Mention>[] = [new Map()];
  const taken: { start: number; end: number }[] = [];
  const wrong = mentions.filter((one) => isWrong(one, mentions, grouping));
  const { fields, undecided } = sidesOf(
    mentions.filter((one) => !wrong.includes(one)),
    grouping,
  );
  for (const mention of mentions) {
    const current = parts.at(-1) ?? new Map<string, Mention>();
    const later = mentions.slice(mentions.indexOf(mention) + 1);
    const field = fields.get(mention) ?? fieldOf(mention, current, { grouping, later });
    if (field === undefined || undecided.includes(mention)) continue;
    const before = current.get(field);
    if (wrong.includes(mention)) taken.push(withRejection(mention, grouping));
    else if (before === undefined) current.set(field, mention);
    else if (isCorrected(before, mention, grouping)) {
      taken.push({ start: before.end, end: mention.start }, before);
      current.set(field, mention);
    } else if (!isSameValue(before, mention, grouping) || isWhole(current, grouping)) {
      parts.push(new Map([[field, mention]]));
    }
  }
  const { kept, left } = withoutNothing(withoutRepetition(parts, grouping), grouping);
  const unclear = unclearSides(undecided, grouping);
  return { ...sharing(kept, grouping), ...(unclear && { unclear }), void: [...taken, ...left] };
}

const isWhole = (part: Part, { slots }: Grouping): boolean =>
  Object.keys(slots).every((field) => slots[field]?.required !== true || part.has(field));

/** "Send Jana 20, yes 20": the last values say nothing new. */
function withoutRepetition(parts: readonly Part[], grouping: Grouping): readonly Part[] {
  const [before, last] = parts.slice(-2);
  if (before === undefined || last === undefined || isWhole(last, grouping)) return parts;
  const isSaid = [...last].every(([field, one]) => {
    const former = before.get(field);
    return former !== undefined && isSameValue(former, one, grouping);
  });
  return isSaid ? parts.slice(0, -1) : parts;
}

interface Among {
  readonly grouping: Grouping;
  /** The values behind it. */
  readonly later: readonly Mention[];
}

/** Which field it fills: the word before it decides, else the first that is free, and that no later value is led to. */
function fieldOf(mention: Mention, part: Part, { grouping, later }: Among): string | undefined {
  const fitting = fittingFields(mention, grouping);
  const { lead, led } = ledFields(mention, grouping);
  const ledFitting = fitting.filter((field) => led.includes(field));
  if (ledFitting.length === 1) return ledFitting[0];
  // "20 from Jana": that is another field, which takes no such value.
  const isElsewhere = led.length > 0 && ledFitting.length === 0 && grouping.prepositions.has(lead ?? "");
  if (isElsewhere && fitting.length > 0 && isNamed(mention)) return undefined;
  const kinds = Object.keys(mention.values);
  const alike = fitting.filter((field) => grouping.alike?.(field, kinds) === true);
  const [first] = alike.length === 1 ? alike : fitting;
  const free = [...alike, ...fitting].filter((field) => !part.has(field));
  return free.find((field) => !later.some((one) => isLedTo(field, one, grouping))) ?? free[0] ?? first;
}

/** "My everyday account, send 11 from it to Emre": where the one goes is said of the other. */
function isLedTo(field: string, mention: Mention, grouping: Grouping): boolean {
  const { led } = ledFields(mention, grouping);
  return led.length === 1 && led[0] === field && fittingFields(mention, grouping).includes(field);
}

const isNamed = ({ source }: Mention): boolean => source === "known";

/** "not Emre", "instead of 20". */
const isRejected = ({ start }: Mention, grouping: Grouping): boolean =>
  standsBehind(start, grouping.cues.rejections, grouping);

const isWrong = (mention: Mention, mentions: readonly Mention[], grouping: Grouping): boolean =>
  isRejected(mention, grouping) || isTakenBack(mention, mentions, grouping);

/** "20 to Jana, no, to Ruth, and 30 instead of 20": the value beside the rejected one takes the place of the same value before. */
function isTakenBack(mention: Mention, mentions: readonly Mention[], grouping: Grouping): boolean {
  return mentions.some((rejected, at) => {
    if (rejected.start <= mention.start || !isSameValue(rejected, mention, grouping)) return false;
    if (!isRejected(rejected, grouping)) return false;
    const beside = [mentions[at - 1], mentions[at + 1]].filter((one) => one !== undefined && one !== mention);
    return beside.some((one) => one !== undefined && areAlike(one, rejected, grouping));
  });
}

/** Whether one field may take either, and they are not the same. */
function areAlike(one: Mention, other: Mention, grouping: Grouping): boolean {
  const fields = fittingFields(other, grouping);
  return fittingFields(one, grouping).some((field) => fields.includes(field)) && !isSameValue(one, other, grouping);
}

/** Who gets nothing is no order: "nothing for Jana this time". */
function withoutNothing(parts: readonly Part[], grouping: Grouping) {
  const { text, cues, slots } = grouping;
  const required = Object.keys(slots).filter((field) => slots[field]?.required === true);
  const nothing = new Set(cues.nothing.map(formOf));
  const clauses = clausesOf(text);
  const left: { start: number; end: number }[] = [];
  const kept = parts.filter((part) => {
    if (part.size === 0 || required.every((field) => part.has(field))) return true;
    const clause = clauses.find(({ start, end }) =>
      [...part.values()].every((one) => one.start >= start && one.end <= end),
    );
    const words = clause === undefined ? [] : formOf(text.slice(clause.start, clause.end)).split(/[^\p{L}]+/u);
    if (clause === undefined || !words.some((word) => nothing.has(word))) return true;
    left.push(clause);
    return false;
  });
  return { kept: kept.length === 0 && left.length === 0 ? parts : kept, left };
}

/** What is said once for all of them: "25 each", "all from savings". */
function sharing(parts: readonly Part[], grouping: Grouping): Pick<Parts, "parts" | "unclear"> {
  if (parts.length < 2) return { parts };
  let filled = parts;
  let unclear: Parts["unclear"];
  for (const [field, { required }] of Object.entries(grouping.slots)) {
    const [only, ...others] = parts.flatMap((part) => part.get(field) ?? []);
    if (only === undefined || others.length > 0) continue;
    const shared = required ? shareOf(only, parts.length, grouping) : outside(only, parts, grouping.slots);
    if (shared !== undefined) filled = filled.map((part) => new Map(part).set(field, shared));
    else if (required && isShared(only, parts)) unclear = { field: otherOf(field, parts), ...around(parts) };
  }
  return unclear === undefined ? { parts: filled } : { parts: filled, unclear };
}

/** What each of so many gets: all of a value, or its part of a sum that comes out even. */
function shareOf(mention: Mention, count: number, { text, cues }: Grouping): Mention | undefined {
  const sum = Money.safeParse(mention.values["money"]).data;
  if (sum === undefined || !asksToShare(text) || isEachBeside(mention, text))
    return holdsCue(text, cues.apiece) ? mention : undefined;
  if (sum.minor % count !== 0) return undefined;
  return { ...mention, values: { ...mention.values, money: { ...sum, minor: sum.minor / count } } };
}

/** "42 each": that is a share already. */
const isEachBeside = ({ start, end }: Mention, text: string): boolean =>
  /^\s*(?:each|apiece|(?:pro|per) (?:kopf|nase|person|head))(?!\p{L})/iu.test(text.slice(end)) ||
  /(?<!\p{L})(?:je|jeweils)\s*$/iu.test(text.slice(0, start));

/** The value, where it stands before all values that are needed, or behind them. */
function outside(mention: Mention, parts: readonly Part[], slots: Grouping["slots"]): Mention | undefined {
  const { start } = mention;
  const needed = parts.flatMap((part) =>
    [...part].flatMap(([field, one]) => (slots[field]?.required === true ? [one] : [])),
  );
  const isOutside = needed.every((one) => one.start > start) || needed.every((one) => one.start < start);
  return isOutside ? mention : undefined;
}

/** "20 to Jana and Emre": the one value stands before or behind all others; "Jana 20 and Emre" leaves one open. */
function isShared({ start }: Mention, parts: readonly Part[]): boolean {
  const others = parts.flatMap((part) => [...part.values()]).filter((one) => one.start !== start);
  return others.every((one) => one.start > start) || others.every((one) => one.start < start);
}

function otherOf(field: string, parts: readonly Part[]): string {
  return parts.flatMap((part) => [...part.keys()]).find((one) => one !== field) ?? field;
}

function around(parts: readonly Part[]) {
  const all = parts.flatMap((part) => [...part.values()]);
  return { start: Math.min(...all.map(({ start }) => start)), end: Math.max(...all.map(({ end }) => end)) };
}
