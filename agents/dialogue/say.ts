/** What a tool's result is called in words: its own, else one of its language's sentences. */
import { JsonObject, type Json } from "../../core/json.ts";
import type { Hearer } from "../../core/teaching.ts";
import type { DescribedTool, ToolResult } from "../../core/tool.ts";
import { literal } from "../../core/markdown/index.ts";

/**
 * The result in Markdown; undefined where the tool has no words for it. The same result is always told by the same
 * sentence, others by others.
 */
export function sayResult(
  { language }: Pick<DescribedTool, "language">,
  { value, say }: ToolResult,
  hearer: Hearer,
): string | undefined {
  if (say !== undefined) return say(hearer);
  const { says = [] } = language[hearer.language] ?? language["en"] ?? Object.values(language)[0] ?? {};
  const sentences = says.flatMap((template) => {
    const sentence = filled(template, value, hearer.locale);
    return sentence === undefined ? [] : [sentence];
  });
  return sentences[sumOf(JSON.stringify(value)) % Math.max(1, sentences.length)];
}

function filled(template: string, value: Json, locale: string): string | undefined {
  let isWhole = true;
  const sentence = template.replaceAll(/\{([^{}]+)\}/gu, (_, path: string) => {
    const found = path.split(".").reduce<Json | undefined>(fieldOf, value);
    if (found === undefined || found === null || typeof found === "object") isWhole = false;
    return isWhole ? written(found, locale) : "";
  });
  return isWhole ? sentence : undefined;
}

function fieldOf(value: Json | undefined, name: string): Json | undefined {
  const fields = JsonObject.safeParse(value).data ?? {};
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function written(value: Json | undefined, locale: string): string {
  if (typeof value === "number") return value.toLocaleString(locale);
  const text = typeof value === "string" ? value : JSON.stringify(value ?? null);
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(text)) return literal(text);
  const day = new Date(`${text}T00:00:00Z`);
  if (Number.isNaN(day.getTime())) return literal(text);
  return day.toLocaleDateString(locale, { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" });
}

function sumOf(text: string): number {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  return sum;
}
