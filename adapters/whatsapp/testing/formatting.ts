/** How WhatsApp's clients show a message's text: its marks as styles, everything else as it is. */
import { firstCharacter, lastCharacter } from "../../../adapter.ts";
import { type Shown, shownIn, shownText, shownTogether } from "../../../core/testing/index.ts";

const TAGS: Readonly<Record<string, string>> = { "*": "strong", _: "em", "~": "s", "`": "code" };

/** The text as WhatsApp shows it. */
export function showFormatted(text: string): Shown {
  const pieces = text.split(/```([\s\S]+?)```/u);
  const shown = pieces.map((piece, index) =>
    index % 2 === 1 ? shownIn("code", literal(piece)) : lines(piece.split("\n").map(showLine)),
  );
  return shownTogether(shown);
}

/** What kind of message a file is sent as. */
export function mediaKindOf(mediaType: string): string {
  return /^(image|audio|video)\//u.exec(mediaType)?.[1] ?? "document";
}

function literal(text: string): Shown {
  const { plain, html } = shownText(text);
  return { plain: plain.replaceAll("\u200B", ""), html };
}

function lines(shown: readonly Shown[]): Shown {
  return { plain: shown.map(({ plain }) => plain).join("\n"), html: shown.map(({ html }) => html).join("<br>") };
}

function showLine(line: string): Shown {
  const quoted = /^> (.*)$/u.exec(line)?.[1];
  if (quoted !== undefined) return shownIn("q", showLine(quoted));
  const item = /^[-*] (.+)$/u.exec(line)?.[1];
  return item === undefined ? showInline(line) : shownTogether([literal("• "), showInline(item)]);
}

/** A mark opens behind nothing, a blank or punctuation and before a visible character, and closes the other way round. */
function showInline(text: string): Shown {
  for (let start = 0; start < text.length; start += 1) {
    const mark = text.charAt(start);
    const tag = TAGS[mark];
    if (tag === undefined || isWord(lastCharacter(text.slice(0, start))) || isBlank(text.at(start + 1))) continue;
    const end = closing(text, mark, start);
    if (end === undefined) continue;
    const inner = text.slice(start + 1, end);
    const styled = shownIn(tag, mark === "`" ? literal(inner) : showInline(inner));
    return shownTogether([literal(text.slice(0, start)), styled, showInline(text.slice(end + 1))]);
  }
  return literal(text);
}

function closing(text: string, mark: string, start: number): number | undefined {
  for (let end = start + 2; end < text.length; end += 1) {
    if (text.charAt(end) === mark && !isBlank(text.at(end - 1)) && !isWord(firstCharacter(text.slice(end + 1))))
      return end;
  }
  return undefined;
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}\p{M}]/u.test(character);
}

function isBlank(character: string | undefined): boolean {
  return character === undefined || /[\s\u200B]/u.test(character);
}
