import { ParleyError } from "./errors.ts";
import { type Json, JsonObject } from "./json.ts";
import { cleanText } from "./text/clean-text.ts";

const LONGEST_SUMMARY = 1_500;
/** What looks like nothing at all, such as Hangul fillers and the empty pattern of Braille; an emoji's own mark is none. */
const BLANK = /\u2800|(?!\uFE0F)\p{Default_Ignorable_Code_Point}|(?<!\p{Extended_Pictographic})\uFE0F(?!\u20E3)/u;
/** What a message would swallow, or show like something else: it is written as in JSON. */
const UNSEEN = /[^\S ]| {2,}/gu;
const NEEDS_QUOTES = /[^\S ]| {2,}|^ | $|["\\`]/u;

/**
 * All that a call will do, as it will be sent, for whoever confirms it: every argument is seen. Throws `tool/not-shown` where
 * that is too long, or holds hidden characters: they would show another call than the one that is made.
 */
export function callSummary(doing: string, input: Json): string {
  const given = Object.entries(JsonObject.safeParse(input).data ?? {});
  const words = given.map(([field, value]) => code(`${exact(field)}: ${exact(value)}`)).join(", ");
  const summary = `${doing}${words === "" ? "" : ` (${words})`}`;
  if (summary.length > LONGEST_SUMMARY || cleanText(summary, LONGEST_SUMMARY) !== summary || BLANK.test(summary))
    throw new ParleyError(
      "tool/not-shown",
      `The arguments for ${doing} are too long, or hold hidden characters: they cannot be shown for confirmation.`,
      { status: 422 },
    );
  return summary;
}

/** Each character that is sent: a string as it is where it reads as it is, else in quotes with its blanks written out. */
function exact(value: Json): string {
  if (typeof value === "string" && !NEEDS_QUOTES.test(value)) return value;
  const written = (blanks: string): string =>
    blanks.replaceAll(/./gsu, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return JSON.stringify(value).replaceAll(UNSEEN, written);
}

/** As code, between more backticks than stand in it. */
function code(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/gu) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${text}${fence}`;
}
