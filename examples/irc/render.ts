import type { Rendered, RenderOptions, Reply } from "parleyjs/adapter";
import { parseMarkdown, replyMarkdown, splitPlain, toPlainText } from "parleyjs/adapter";
import { MAX_LINE_BYTES } from "./manifest.ts";

/** One line to send. */
export type IrcPayload = string;

/** IRC has no markup and no line breaks: each line of the plain text is a message of its own. */
export function renderIrc(
  reply: Reply,
  options: Pick<RenderOptions, "locale" | "timeZone"> = {},
): Rendered<IrcPayload> {
  const text = toPlainText(parseMarkdown(replyMarkdown(reply, {}, options)));
  const lines = text
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .flatMap((line) => splitPlain(line, { limit: MAX_LINE_BYTES, measure: bytesIn }));
  const choices = (reply.choices ?? []).length > 0;
  return {
    parts: lines.length === 0 ? ["(no text)"] : lines,
    degraded: choices ? [{ feature: "choices", shownAs: "numbered list" }] : [],
    numberedChoices: choices,
  };
}

function bytesIn(text: string): number {
  return Buffer.byteLength(text);
}
