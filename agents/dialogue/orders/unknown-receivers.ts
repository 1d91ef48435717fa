/** Names that nobody knows, beside values that are known: whom the other sum is for is asked, never given to the next name. Pure. */
import type { Slot } from "../../../core/teaching.ts";
import { isSpoken, type Word } from "../../understanding/slots/words.ts";
import type { Grouping } from "./grouping.ts";
import type { Mention } from "./mentions.ts";
import type { OrderReader } from "./order.ts";
import { isNameable } from "./unknown-names.ts";

/**
 * "Pay Otto 12 and Jana 3", where only Jana is known: Otto, as a value of his own that names nobody. Only where sums
 * outnumber the known names, so that none of them can be without its receiver.
 */
export function withUnknownReceivers(
  mentions: readonly Mention[],
  grouping: Grouping,
  { tool, current }: Pick<OrderReader, "tool" | "current">,
): readonly Mention[] {
  // A change of an order names what it changes, and nobody new.
  if (current !== undefined) return mentions;
  const unknown = unknownReceivers(mentions, { ...grouping, harmless: tool.harmless });
  return [...mentions, ...unknown].toSorted((one, other) => one.start - other.start);
}

interface Around extends Grouping {
  /** Words that are no slip of the keyboard in a name. */
  readonly harmless: ReadonlySet<string>;
}

function unknownReceivers(mentions: readonly Mention[], around: Around): readonly Mention[] {
  const [field, slot] = Object.entries(around.slots).find(([, one]) => one.required && isName(one)) ?? ([] as const);
  if (field === undefined || slot === undefined) return [];
  const known = mentions.filter((one) => slot.entity in one.values);
  const sums = mentions.filter((one) => "money" in one.values);
  if (known.length === 0 || sums.length <= known.length) return [];
  const taken = new Set(mentions.map(({ from }) => from));
  return sums.flatMap((sum) => {
    const at = nameBeside(sum, field, { ...around, taken });
    const word = at === undefined ? undefined : around.words[at];
    if (at === undefined || word === undefined) return [];
    const { start, end, literal } = word;
    const values = { [slot.entity]: literal };
    return [
      {
        start,
        end,
        literal,
        from: at,
        next: at + 1,
        values,
        source: "own",
        rivals: [],
        isNear: false,
        isUnknown: true,
      },
    ];
  });
}

const isName = (slot: Slot): boolean => isNameable(slot) && slot.entity !== "text";

interface Among extends Around {
  /** Places of words that are values already. */
  readonly taken: ReadonlySet<number>;
}

/** The capital word in front of the sum, "Otto 12", or that it is led to, "12 to Otto". */
function nameBeside(sum: Mention, field: string, around: Among): number | undefined {
  const { words, leads, small, prepositions } = around;
  const leadsHere = (at: number): boolean => leads[field]?.has(formAt(words, at)) === true;
  const isFree = (at: number): boolean => !around.taken.has(at) && isUnknownName(words[at], around);
  const before = sum.from - 1;
  const isOfOther = prepositions.has(formAt(words, before - 1)) && !leadsHere(before - 1);
  if (!isOfOther && isFree(before)) return before;
  if (!leadsHere(sum.next)) return undefined;
  let behind = sum.next + 1;
  while (small.has(formAt(words, behind))) behind += 1;
  return isFree(behind) ? behind : undefined;
}

const formAt = (words: readonly Word[], at: number): string => words[at]?.form ?? "";

function isUnknownName(word: Word | undefined, { harmless, small }: Around): boolean {
  if (word === undefined || !isSpoken(word) || !/^\p{Lu}\p{Ll}+$/u.test(word.literal)) return false;
  return !harmless.has(word.form) && !small.has(word.form);
}
