import { ParleyError } from "./errors.ts";
import { type Json, JsonObject } from "./json.ts";
import { cleanText } from "./text/clean-text.ts";
import { oneLine } from "./text/cut.ts";

const LONGEST_SUMMARY = 1_500;
/** Letters and signs that look like nothing at all: Hangul fillers, the empty pattern of Braille. */
const BLANK = /[\u115F\u1160\u2800\u3164\uFFA0]/u;

/**
 * All that a call will do, as it will be sent, for whoever confirms it: every argument is seen. Throws `tool/not-shown` where
 * that is too long, or holds hidden characters: they would show another call than the one that is made.
 */
export function callSummary(doing: string, input: Json): string {
  const given = Object.entries(JsonObject.safeParse(input).data ?? {});
  const shown = given.map(([field, value]) => `${field}: ${typeof value === "string" ? value : JSON.stringify(value)}`);
  const words = shown.map((one) => `\`${oneLine(one).replaceAll("`", "'")}\``).join(", ");
  const summary = `${doing}${words === "" ? "" : ` (${words})`}`;
  if (summary.length > LONGEST_SUMMARY || cleanText(summary, LONGEST_SUMMARY) !== summary || BLANK.test(summary))
    throw new ParleyError(
      "tool/not-shown",
      `The arguments for ${doing} are too long, or hold hidden characters: they cannot be shown for confirmation.`,
      { status: 422 },
    );
  return summary;
}
