/** Finds the condition of a request ("if I have more than 500, …") and what it measures. Pure. */
import type { Condition } from "../roles/contract.ts";
import type { Money } from "../../core/money.ts";
import { Money as MoneySchema } from "../../core/money.ts";
import { type EntityOptions, findEntities } from "../understanding/slots/entities.ts";
import { phrasePattern } from "./clauses.ts";

/** A request with the words of its condition taken out. */
export interface Conditioned {
  readonly condition: string;
  readonly request: string;
  /** What is asked for where it does not hold; may be nothing at all. */
  readonly otherwise?: string;
}

/** A comparison that was said. */
export interface Measure extends Pick<Condition, "comparison" | "than"> {
  /** The condition without it: what is measured. */
  readonly of: string;
}

const start = new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${phrasePattern("conditions")})(?!\p{L})\s+`, "iu");
const separator = new RegExp(
  String.raw`\s*,\s*(?:(?:${phrasePattern("thens")})(?!\p{L})\s*)?|\s+(?:${phrasePattern("thens")})(?!\p{L})\s+`,
  "iu",
);
const otherwise = new RegExp(
  String.raw`[,.;:!–-]*\s+(?:(?:and|und|but|aber)\s+)?(?:${phrasePattern("otherwise")})(?!\p{L})[\s,]*`,
  "iu",
);

/** Takes a text apart into condition and request; undefined where it has no condition with a request beside it. */
export function conditionIn(text: string): Conditioned | undefined {
  const [before, rest] = splitOnce(text, start);
  if (rest === undefined) return undefined;
  const [main, other] = splitOnce(rest, otherwise);
  const besides = other === undefined ? {} : { otherwise: other };
  if (/[\p{L}\p{N}]/u.test(before)) {
    return { condition: bare(main), request: before.trim(), ...besides };
  }
  const [condition, request] = splitOnce(main, separator);
  if (request === undefined) return undefined;
  return { condition: bare(condition), request: request.trim(), ...besides };
}

const comparisons = (["atLeast", "atMost", "above", "below"] as const).map((comparison) => ({
  comparison,
  pattern: new RegExp(String.raw`(?<!\p{L})(?:${phrasePattern(comparison)})(?!\p{L})`, "iu"),
}));

/** What a condition compares; undefined where it compares nothing with exactly one sum. */
export function measureIn(condition: string, options: EntityOptions): Measure | undefined {
  const found = comparisons.find(({ pattern }) => pattern.test(condition));
  const [only, ...others] = findEntities(condition, options).filter(({ values }) => "money" in values);
  if (found === undefined || only === undefined || others.length > 0 || only.isAmbiguous) return undefined;
  const than = MoneySchema.safeParse(only.values["money"]).data;
  if (than === undefined) return undefined;
  const rest = condition.slice(0, only.start) + condition.slice(only.end);
  return { comparison: found.comparison, than, of: rest.replace(found.pattern, " ") };
}

/** Whether a measured quantity is as the condition has it; undefined where it cannot be compared. */
export function holds(
  { comparison, than, isOtherwise }: Omit<Condition, "call" | "text">,
  figure: Money,
): boolean | undefined {
  if (figure.currency !== than.currency) return undefined;
  const isSo = {
    above: figure.minor > than.minor,
    atLeast: figure.minor >= than.minor,
    below: figure.minor < than.minor,
    atMost: figure.minor <= than.minor,
  }[comparison];
  return isSo !== isOtherwise;
}

function splitOnce(text: string, pattern: RegExp): readonly [string, string | undefined] {
  const found = pattern.exec(text);
  return found === null ? [text, undefined] : [text.slice(0, found.index), text.slice(found.index + found[0].length)];
}

const bare = (text: string): string => text.replace(/[\s,.;:!?]+$/u, "").trim();
