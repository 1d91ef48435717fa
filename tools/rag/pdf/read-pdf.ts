/** Makes a document of what is on the pages of a PDF. */
import { oneLine } from "../../../core/text/cut.ts";
import { type Block, type ReadDocument, type Section, titleFromPath } from "../document.ts";
import { regionsOf } from "./columns.ts";
import { createHeadings } from "./headings.ts";
import { wordsOf } from "./join-lines.ts";
import { joinPages, type PagePart } from "./join-pages.ts";
import { paragraphsOf, styleOf } from "./paragraphs.ts";
import type { PdfContent } from "./read-pages.ts";
import { withoutRunning } from "./running.ts";
import { linesOf, segmentsOf } from "./segments.ts";
import { partsOf, type Table } from "./tables.ts";

export function readPdf(content: PdfContent, path: string): ReadDocument {
  const pages = partsOfPages(content);
  const headings = createHeadings(pages, content.outline);
  const title = oneLine(content.title ?? "") || headings.largest || titleFromPath(path);
  const sections: Section[] = [];
  let open: Under = { headings: [], said: "" };
  // After the last page comes the end of what is open.
  for (const [index, parts] of [...pages, undefined].entries()) {
    const page = Math.min(index + 1, pages.length);
    let blocks: Block[] = [];
    const close = (next: Under): void => {
      // What looks like a heading and has nothing below it is text.
      const isEmpty = blocks.length === 0 && open.said !== "" && !next.headings.includes(open.said);
      if (isEmpty) blocks.push({ kind: "text", text: open.said });
      const above = isEmpty ? open.headings.slice(0, -1) : open.headings;
      if (blocks.length > 0) sections.push({ headings: above, anchor: `page=${page}`, page, blocks });
      blocks = [];
      open = next;
    };
    for (const part of parts ?? []) {
      const under = headings.under(part, page, title);
      if (under !== undefined) close({ headings: under, said: under.at(-1) ?? "" });
      else blocks.push(...blocksOf(part));
    }
    if (parts === undefined) close({ headings: [], said: "" });
    else close({ ...open, said: blocks.length > 0 ? "" : open.said });
  }
  return { title, pages: content.pageCount, sections };
}

/** The headings of what comes next, and the last of them while nothing stands below it. */
interface Under {
  readonly headings: readonly string[];
  readonly said: string;
}

function partsOfPages(content: PdfContent): readonly (readonly PagePart[])[] {
  const drawn = content.pages.map((page) => ({ segments: segmentsOf(page), height: page.height }));
  const pages = withoutRunning(drawn).map((segments, index) =>
    regionsOf(segments, content.pages[index]?.rulings ?? []).map(linesOf),
  );
  const style = styleOf(pages.flat());
  const words = wordsOf(pages.flat(2).flatMap(({ segments }) => segments.map(({ text }) => text)));
  const parts = pages.map((regions, index) => {
    const { rulings = [], turned = [] } = content.pages[index] ?? {};
    const setting = { rulings, style, words };
    const upright = regions.map((lines) =>
      partsOf(lines, setting).flatMap((part): readonly PagePart[] =>
        part.kind === "table" ? [part] : paragraphsOf(part.lines, style, words),
      ),
    );
    const note = oneLine(turned.join(" "));
    return note === "" ? upright : [...upright, [{ kind: "text", text: note, size: 0, bold: false } as const]];
  });
  return joinPages(parts, words);
}

function blocksOf(part: PagePart): readonly Block[] {
  if (part.kind === "table") return rowsOf(part);
  return part.text === "" ? [] : [{ kind: part.kind === "item" ? "item" : "text", text: part.text }];
}

/** As the rows of Markdown's tables. */
function rowsOf({ header, rows }: Table): readonly Block[] {
  const row = (cells: readonly string[]): string => oneLine(cells.join(" | "));
  const names: readonly Block[] = header.count === 0 ? [] : [{ kind: "header", text: row(header.names) }];
  return [...names, ...rows.map((cells) => ({ kind: "row", text: rowText(cells, row) }) as const)];
}

/** A row of one cell heads those below it. */
function rowText(cells: readonly string[], row: (cells: readonly string[]) => string): string {
  const [only, ...others] = cells.filter((cell) => cell !== "");
  return others.length === 0 && cells[0] === only ? (only ?? "") : row(cells);
}
