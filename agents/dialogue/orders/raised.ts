/** "It costs 9, put that on top": the sum of an order and one more. Pure. */
import type { FilledSlot, Frame } from "../../../core/dialogue.ts";
import { asksToAdd } from "../../../core/language/index.ts";
import type { AskedTool } from "../step.ts";
import type { Order } from "./order.ts";

interface Raising {
  /** The order as it was. */
  readonly base: Frame;
  readonly tool: AskedTool;
  readonly text: string;
}

/** Both sums together, where the words name nothing but the second one and want it added to what waits. */
export function raisedSum({ slots }: Order, { base, tool, text }: Raising): Frame["slots"] | undefined {
  const [field, ...others] = Object.keys(slots).filter((name) => tool.slots[name]?.entity !== "text");
  const [before, more] = [base.slots[field ?? ""], slots[field ?? ""]];
  if (field === undefined || others.length > 0 || !asksToAdd(text) || base.proposal === undefined) return undefined;
  if (tool.slots[field]?.entity !== "money" || before === undefined || more === undefined) return undefined;
  const value = together(before, more);
  return value === undefined ? undefined : { [field]: { ...more, value } };
}

const written = /^(?<whole>\d+)(?:\.(?<part>\d+))? (?<currency>[A-Z]{3})$/u;

/** "14.00 EUR" and "9.00 EUR" are "23.00 EUR". */
function together(one: FilledSlot, other: FilledSlot): string | undefined {
  const [left, right] = [one, other].map(({ value }) =>
    typeof value === "string" ? written.exec(value)?.groups : undefined,
  );
  if (left === undefined || right === undefined || left["currency"] !== right["currency"]) return undefined;
  const places = left["part"]?.length ?? 0;
  if (places !== (right["part"]?.length ?? 0)) return undefined;
  const minor = [left, right].reduce((sum, { whole = "", part = "" }) => sum + BigInt(`${whole}${part}`), 0n);
  const digits = minor.toString().padStart(places + 1, "0");
  const [whole, part] = [digits.slice(0, digits.length - places), digits.slice(digits.length - places)];
  return `${whole}${places === 0 ? "" : `.${part}`} ${left["currency"]}`;
}
