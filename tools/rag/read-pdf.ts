import { oneLine } from "../../core/text/cut.ts";
import { countWords, titleFromPath, type Block, type ReadDocument, type Section } from "./document.ts";
import type { PdfContent, PdfLine } from "./pdf-lines.ts";

/** Lines further apart than this many font heights belong to different paragraphs or rows. */
const PARAGRAPH_GAP = 1.8;
const HEADING_WORDS = 14;

/** Makes sections of a PDF's lines: headings are told by their font, paragraphs and table rows by the gaps. */
export function readPdf(content: PdfContent, path: string): ReadDocument {
  const body = bodyStyle(content.pages.flat());
  const pages = content.pages.map((lines) => paragraphs(lines).map((together) => describe(together, body)));
  const sections: Section[] = [];
  let headings: readonly string[] = [];
  for (const [index, parts] of pages.entries()) {
    const page = index + 1;
    let blocks: Block[] = [];
    const close = (): void => {
      if (blocks.length > 0) sections.push({ headings, anchor: `page=${page}`, page, blocks });
      blocks = [];
    };
    for (const { isHeading, kind, text } of parts) {
      if (isHeading) {
        close();
        headings = [text];
      } else {
        blocks.push({ kind, text });
      }
    }
    close();
  }
  const title = oneLine(content.title ?? "") || largestHeading(pages.flat()) || titleFromPath(path);
  return { title, pages: content.pageCount, sections: withoutTitle(sections, title) };
}

/** Lines that belong together. */
function describe(lines: readonly PdfLine[], body: Style) {
  const [first] = lines;
  const text = oneLine(lines.map((line) => line.text).join(" "));
  const kind = lines.some((line) => line.hasCells) ? ("row" as const) : ("text" as const);
  const size = first?.size ?? 0;
  const isShort = countWords(text) <= HEADING_WORDS && !/[.;:,]$/.test(text);
  const standsOut = size > body.size * 1.1 || (first?.font !== body.font && size >= body.size * 0.98);
  return { text, size, kind, isHeading: kind === "text" && isShort && standsOut };
}

function largestHeading(parts: readonly ReturnType<typeof describe>[]): string | undefined {
  return parts.filter((part) => part.isHeading).toSorted((left, right) => right.size - left.size)[0]?.text;
}

type Style = Pick<PdfLine, "size" | "font">;

/** How most of the text is set. */
function bodyStyle(lines: readonly PdfLine[]): Style {
  const characters = new Map<string, { readonly style: Style; count: number }>();
  for (const { size, font, text } of lines) {
    const key = `${size.toFixed(1)} ${font}`;
    const entry = characters.get(key) ?? { style: { size, font }, count: 0 };
    entry.count += text.length;
    characters.set(key, entry);
  }
  const most = [...characters.values()].toSorted((left, right) => right.count - left.count)[0];
  return most?.style ?? { size: 0, font: "" };
}

function paragraphs(lines: readonly PdfLine[]): readonly (readonly PdfLine[])[] {
  const groups: PdfLine[][] = [];
  for (const line of lines) {
    const group = groups.at(-1);
    const previous = group?.at(-1);
    const together =
      previous !== undefined &&
      line.font === previous.font &&
      Math.abs(line.size - previous.size) < 0.5 &&
      Math.abs(previous.y - line.y) <= PARAGRAPH_GAP * line.size;
    if (together) group?.push(line);
    else groups.push([line]);
  }
  return groups;
}

/** The title printed on the first page is no section of its own. */
function withoutTitle(sections: readonly Section[], title: string): readonly Section[] {
  return sections.map((section) => (section.headings[0] === title ? { ...section, headings: [] } : section));
}
