/** Where the values of a call come from: what a tool wants said by the person must stand in their own words. */
import { InvalidInputError } from "../../core/errors.ts";
import { type Json, JsonObject } from "../../core/json.ts";
import {
  compactIban,
  findIbans,
  findPhones,
  isNear,
  languageOf,
  languageOfLocale,
  numbersIn,
  readDates,
  readMoney,
} from "../../core/language/index.ts";
import { moneyFrom } from "../../core/money.ts";
import type { Slot } from "../../core/teaching.ts";
import type { Tool, ToolContext, ToolRunner } from "../../core/tool.ts";
import { canonicalJson } from "../canonical-json.ts";

export interface Hearing {
  readonly context: ToolContext;
  readonly entities: ToolRunner["entities"];
  readonly timeZone: string;
}

/** Throws `tool/not-said` where a value must be said by the person, or known, and is not. */
export async function requireSaid(
  tool: Pick<Tool, "name" | "slots" | "language">,
  input: Json,
  hearing: Hearing,
): Promise<void> {
  const fields = await unsaidFields(tool, input, hearing);
  if (fields.length === 0) return;
  const message = "must stand in the person's own words";
  throw new InvalidInputError(
    "tool/not-said",
    `${tool.name}: ${fields.join(", ")} must stand in the person's own words. Ask them for it.`,
    fields.map((path) => ({ path, message })),
  );
}

/** The fields whose value must be said or known and is not. */
async function unsaidFields(
  tool: Pick<Tool, "slots" | "language">,
  input: Json,
  hearing: Hearing,
): Promise<readonly string[]> {
  const values = JsonObject.safeParse(input).data ?? {};
  const unsaid: string[] = [];
  for (const [name, slot] of Object.entries(tool.slots)) {
    const value = values[name] ?? null;
    if (slot.provenance === "any" || value === null) continue;
    const sought = await soughtOf(tool, { name, value }, hearing);
    const isKnown = slot.provenance === "known" && sought.isKnown;
    if (!isKnown && !hearing.context.userTexts.some((text) => says(text, sought))) unsaid.push(name);
  }
  return unsaid;
}

/** A value to look for in words. */
export interface Sought {
  readonly value: Json;
  readonly slot: Pick<Slot, "entity" | "or">;
  /** What the value is called. */
  readonly names: readonly string[];
  /** Whether the tool pack knows it by name. */
  readonly isKnown: boolean;
  readonly hearing: Hearing;
}

/** What fills a field that says nothing of it. */
const WORDS: Sought["slot"] = { entity: "text", or: [] };

/** What to look for to find a field's value. */
export async function soughtOf(
  tool: Pick<Tool, "slots" | "language">,
  { name, value }: { readonly name: string; readonly value: Json },
  hearing: Hearing,
): Promise<Sought> {
  const { [name]: slot = WORDS } = tool.slots;
  const named = (await hearing.entities()).filter(
    ({ kind, value: one }) => (kind === slot.entity || slot.or.includes(kind)) && isSame(one, value),
  );
  const names = [...named.flatMap((one) => one.names), ...wordsFor(tool, name, value)];
  return { value, slot, names, isKnown: named.length > 0, hearing };
}

/** Whether the value stands in these words. */
export function says(text: string, sought: Sought): boolean {
  return [sought.slot.entity, ...sought.slot.or].some((kind) => saysAs(kind, text, sought));
}

function saysAs(kind: string, text: string, { value, names, hearing: { context, timeZone } }: Sought): boolean {
  const { locale } = context;
  switch (kind) {
    case "money":
      return saysMoney(text, value, locale);
    case "date":
    case "period": {
      const options = { now: new Date(context.environment.clock()), timeZone, locale };
      const directions = ["future", "past"] as const;
      const periods = directions.flatMap((direction) => readDates(text, { ...options, direction }).periods);
      return periods.some(({ readings }) =>
        readings.some((period) =>
          kind === "period" ? isSame(value, { ...period }) : value === period.from || value === period.to,
        ),
      );
    }
    case "number":
      return numbersIn(text, locale).some((one) => one === value);
    case "iban":
      return findIbans(text).some(({ iban }) => typeof value === "string" && iban === compactIban(value));
    case "phone":
      return findPhones(text, { language: languageOf(text) ?? languageOfLocale(locale) }).some(
        ({ phone }) => phone === value,
      );
    case "text":
    case "message":
    case "email":
    case "choice":
    default:
      return names.some((name) => holds(text, name));
  }
}

function saysMoney(text: string, value: Json, locale: string | undefined): boolean {
  return readMoney(text, { locale }).sums.some(({ readings, currencyGiven }) =>
    readings.some((sum) => {
      // A sum without a currency is in the one that the words have.
      const money = typeof value === "string" ? { ...moneyFrom(value, sum.currency) } : value;
      return isSame(money, { ...sum }) || (!currencyGiven && isSameSum(money, sum.minor));
    }),
  );
}

/** A name's words stand in the text, small slips of the keyboard allowed in long ones. */
function holds(text: string, name: string): boolean {
  const said = wordsOf(text);
  const wanted = wordsOf(name);
  return (
    wanted.length > 0 &&
    wanted.every((word) => said.some((one) => one === word || (word.length > 4 && isNear(one, word, 1))))
  );
}

function wordsOf(text: string): readonly string[] {
  const plain = text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  return plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
}

/** What a value is called: itself, and its names in the tool's languages. */
function wordsFor({ language }: Pick<Tool, "language">, field: string, value: Json): readonly string[] {
  if (typeof value !== "string") return [];
  const names = Object.values(language).flatMap(({ slots }) => slots?.[field]?.names?.[value] ?? []);
  return [value, ...names];
}

function isSameSum(value: Json, minor: number): boolean {
  return JsonObject.safeParse(value).data?.["minor"] === minor;
}

function isSame(one: Json, other: Json): boolean {
  return canonicalJson(one) === canonicalJson(other);
}
