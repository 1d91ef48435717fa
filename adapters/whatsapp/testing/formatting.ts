/** How WhatsApp's clients show a message's text: its marks as styles, everything else as it is. */
import { escapeHtml } from "../../../adapter.ts";

export interface Shown {
  /** Words alone: what a person reads. */
  readonly plain: string;
  readonly html: string;
}

interface Writer {
  readonly text: (text: string) => string;
  readonly styled: (mark: string, inner: string) => string;
  readonly line: (kind: "quote" | "item" | "line", inner: string) => string;
}

const TAGS: Readonly<Record<string, string>> = { "*": "strong", _: "em", "~": "s", "`": "code" };

const plainWriter: Writer = {
  text: (text) => text.replaceAll("\u200B", ""),
  styled: (_mark, inner) => inner,
  line: (kind, inner) => (kind === "item" ? `• ${inner}` : inner),
};

const htmlWriter: Writer = {
  text: escapeHtml,
  styled: (mark, inner) => `<${TAGS[mark] ?? "span"}>${inner}</${TAGS[mark] ?? "span"}>`,
  line: (kind, inner) => (kind === "quote" ? `<q>${inner}</q>` : kind === "item" ? `• ${inner}` : inner),
};

/** The text as WhatsApp shows it. */
export function showFormatted(text: string): Shown {
  return { plain: write(text, plainWriter), html: write(text, htmlWriter).replaceAll("\n", "<br>") };
}

function write(text: string, writer: Writer): string {
  return text
    .split(/```([\s\S]+?)```/u)
    .map((piece, index) =>
      index % 2 === 1
        ? writer.styled("`", writer.text(piece))
        : piece
            .split("\n")
            .map((line) => writeLine(line, writer))
            .join("\n"),
    )
    .join("");
}

function writeLine(line: string, writer: Writer): string {
  const quoted = /^> (.*)$/u.exec(line)?.[1];
  if (quoted !== undefined) return writer.line("quote", writeLine(quoted, writer));
  const item = /^[-*] (.+)$/u.exec(line)?.[1];
  return item === undefined ? writeInline(line, writer) : writer.line("item", writeInline(item, writer));
}

/** A mark opens behind nothing, a blank or punctuation and before a visible character, and closes the other way round. */
function writeInline(text: string, writer: Writer): string {
  for (let start = 0; start < text.length; start += 1) {
    const mark = text.charAt(start);
    if (TAGS[mark] === undefined || isWord(text.at(start - 1), start > 0) || isBlank(text.at(start + 1))) continue;
    const end = closing(text, mark, start);
    if (end === undefined) continue;
    const inner = text.slice(start + 1, end);
    return (
      writer.text(text.slice(0, start)) +
      writer.styled(mark, mark === "`" ? writer.text(inner) : writeInline(inner, writer)) +
      writeInline(text.slice(end + 1), writer)
    );
  }
  return writer.text(text);
}

function closing(text: string, mark: string, start: number): number | undefined {
  for (let end = start + 2; end < text.length; end += 1) {
    if (text.charAt(end) === mark && !isBlank(text.at(end - 1)) && !isWord(text.at(end + 1), end + 1 < text.length))
      return end;
  }
  return undefined;
}

function isWord(character: string | undefined, exists: boolean): boolean {
  return exists && character !== undefined && /[\p{L}\p{N}\p{M}]/u.test(character);
}

function isBlank(character: string | undefined): boolean {
  return character === undefined || /[\s\u200B]/u.test(character);
}
