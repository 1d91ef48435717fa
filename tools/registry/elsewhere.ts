/** Which values of a proposed call its requester did not write, and where they came from: said on the card. */
import { type Json, JsonObject } from "../../core/json.ts";
import type { OtherWords, Tool } from "../../core/tool.ts";
import { type Origin, textsFor } from "../confirmation/index.ts";
import { type Hearing, says, type Sought, soughtOf } from "./provenance.ts";

/** In the requester's language; undefined where all of it stands in their own words. */
export async function elsewhereOf(
  tool: Pick<Tool, "slots" | "language">,
  input: Json,
  { context, ...hearing }: Hearing,
): Promise<string | undefined> {
  const locale = readableLocale(context.locale);
  const heard = { ...hearing, context: { ...context, locale } };
  const found: string[] = [];
  for (const [name, given] of Object.entries(JsonObject.safeParse(input).data ?? {})) {
    for (const value of Array.isArray(given) ? given : [given]) {
      const origin = originOf(await soughtOf(tool, { name, value }, heard));
      if (origin === undefined) continue;
      found.push(`${labelOf(tool, name, locale)}: ${textsFor(locale).origins[origin]}`);
      break;
    }
  }
  return found.length === 0 ? undefined : found.join("; ");
}

/** Words are read by a locale that there is. */
function readableLocale(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? "en";
  } catch {
    return "en";
  }
}

/** The kinds of values besides strings that are read out of words. */
const WRITTEN: ReadonlySet<string> = new Set(["money", "period", "number"]);

/** Undefined for the requester's own words, and for a value that is not written as one. */
function originOf(sought: Sought): Origin | undefined {
  const { value, slot, isKnown, hearing } = sought;
  const isWritten = typeof value === "string" ? slot.entity !== "message" : WRITTEN.has(slot.entity);
  const { userTexts, otherWords = [], results } = hearing.context;
  if (!isWritten || userTexts.some((text) => says(text, sought))) return undefined;
  const others: readonly (Omit<OtherWords, "from"> & { readonly from: Origin })[] = [
    ...otherWords,
    ...(results?.() ?? []).map((result) => ({ from: "result" as const, text: JSON.stringify(result.value) })),
  ];
  const from = others.find(({ text }) => says(text, sought))?.from;
  return from ?? (isKnown ? "known" : "chosen");
}

/** What the field is called in the language, else in English, else in code. */
function labelOf({ language }: Pick<Tool, "language">, field: string, locale: string): string {
  const tag = locale.split("-")[0]?.toLowerCase() ?? "en";
  const words = [language[locale], language[tag], language["en"]].find(
    (one) => one?.slots?.[field]?.label !== undefined,
  );
  return words?.slots?.[field]?.label ?? field.replaceAll("_", " ");
}
