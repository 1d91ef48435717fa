/** Values that several fields may take: the words between two of them tell which is which, never their order alone. */
import { blanked } from "../../../core/language/index.ts";
import { wordsBetween } from "../between.ts";
import { fittingFields, type Grouping, isCorrected, isSameValue, ledFields } from "./grouping.ts";
import type { Mention } from "./mentions.ts";

/** What is known of two values that stand one behind the other. */
interface Sides {
  readonly fields: ReadonlyMap<Mention, string>;
  /** Values that may be either. */
  readonly undecided: readonly Mention[];
}

/** A value with the fields that take it, and those of them that the word before it leads to. */
interface Side {
  readonly mention: Mention;
  readonly fitting: readonly string[];
  readonly led: readonly string[];
}

/** Goes through the values that have rivals, two by two. */
export function sidesOf(mentions: readonly Mention[], grouping: Grouping): Sides {
  const sides = mentions.map((mention) => sideOf(mention, grouping));
  const rivals = sides.filter((one) => sides.some((other) => other !== one && areRivals(one, other)));
  const fields = new Map<Mention, string>();
  const undecided: Mention[] = [];
  for (const [index, other] of rivals.entries()) {
    const one = rivals[index - 1];
    if (one === undefined || fields.has(one.mention) || undecided.includes(one.mention)) continue;
    const between = wordsBetween(textBetween(one.mention, other.mention, mentions, grouping));
    const [first, second] = toldBy(between, one, other, grouping) ?? correctedBy(one, other, grouping);
    if (first !== undefined) fields.set(one.mention, first);
    if (second !== undefined) fields.set(other.mention, second);
    else if (isOpen(between, one, other, grouping)) undecided.push(one.mention, other.mention);
  }
  return { fields, undecided };
}

function sideOf(mention: Mention, grouping: Grouping): Side {
  const fitting = fittingFields(mention, grouping);
  const { led } = ledFields(mention, grouping);
  return { mention, fitting, led: led.filter((field) => fitting.includes(field)) };
}

/** Whether they may take the same field, and one of them another one as well. */
function areRivals({ fitting }: Side, { fitting: others }: Side): boolean {
  return others.some((field) => fitting.includes(field)) && Math.max(fitting.length, others.length) > 1;
}

/** "Giro -> Spar": what the words between them say, unless the word before one of them says otherwise. */
function toldBy(between: string, one: Side, other: Side, { betweens }: Grouping): readonly string[] | undefined {
  const told = betweens.get(between);
  const fits = ({ fitting, led }: Side, field = ""): boolean =>
    fitting.includes(field) && led.every((name) => name === field);
  return told !== undefined && fits(one, told[0]) && fits(other, told[1]) ? told : undefined;
}

/** "to savings, no, everyday": the later value takes the field of the first. */
function correctedBy(one: Side, other: Side, grouping: Grouping): readonly (string | undefined)[] {
  return other.led.length === 0 && isCorrected(one.mention, other.mention, grouping) ? [undefined, one.led[0]] : [];
}

/** Whether either may be either. */
function isOpen(between: string, one: Side, other: Side, grouping: Grouping): boolean {
  if (Math.min(one.fitting.length, other.fitting.length) < 2) return false;
  if (isSameValue(one.mention, other.mention, grouping) || isCorrected(one.mention, other.mention, grouping))
    return false;
  return one.led.length === 0 || (other.led.length === 0 && between !== "");
}

/** Without other values: "Giro 100 € -> Spar". */
function textBetween(
  { end }: Mention,
  { start }: Mention,
  mentions: readonly Mention[],
  { text }: Pick<Grouping, "text">,
): string {
  const inside = mentions.flatMap((one) =>
    one.start >= end && one.end <= start ? [{ start: one.start - end, end: one.end - end }] : [],
  );
  return blanked(text.slice(end, start), inside);
}

/** The question for them. */
export function unclearSides(undecided: readonly Mention[], grouping: Grouping) {
  const [first] = undecided;
  const [field] = first === undefined ? [] : fittingFields(first, grouping);
  if (first === undefined || field === undefined) return undefined;
  return { field, start: first.start, end: undecided.at(-1)?.end ?? first.end };
}
