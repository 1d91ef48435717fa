/** Hears the elements of a page one after the other, and makes headings and blocks of them; needs no tree, however deep it would be. */
import { oneLine } from "../../../core/text/cut.ts";
import type { Block } from "../document.ts";
import { createFacts } from "./html-facts.ts";
import { type Attributes, isFurniture, isUnread } from "./html-furniture.ts";
import { createTable, spanOf, type TableReader } from "./html-table.ts";
import type { Item } from "./sections.ts";

export type Found = Item & { readonly isMain: boolean };

interface OpenTable {
  readonly reader: TableReader;
  cell: { readonly isHeader: boolean; readonly columns: number; readonly rows: number } | undefined;
  /** It places whole parts of the page: its cells are no values. */
  isLayout: boolean;
}

const DEEPEST = 5_000;
const MOST_FOUND = 200_000;
/** A text goes on across these. */
const INLINE = new Set(
  "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q rp rt ruby s samp small span strike strong sub sup time tt u var wbr img input".split(
    " ",
  ),
);
const HEADING = /^h([1-6])$/u;

/** @param all also what looks like menus and footers */
export function createCollector(all: boolean) {
  const { see, facts } = createFacts();
  const page = createText();
  const open: { readonly name: string; readonly isSkipped: boolean; readonly isMain: boolean }[] = [];
  let skipped = 0;
  let title = "";
  const begin = (name: string, attributes: Attributes): void => {
    const isSkipped = isUnread(name, attributes) || (!all && isFurniture(name, attributes));
    const isMain = name === "main" || name === "article" || attributes["role"] === "main";
    if (open.push({ name, isSkipped, isMain }) > DEEPEST)
      throw new Error(`its elements stand in one another more than ${DEEPEST} deep`);
    see(name, attributes);
    if (skipped === 0 && !isSkipped) page.open(name, attributes);
    if (isSkipped) skipped += 1;
    if (isMain) page.inMain(1);
  };
  return {
    onopentag: begin,
    ontext: (text: string): void => {
      const name = open.at(-1)?.name;
      if (skipped > 0) return;
      if (name === "title") title += text;
      else page.text(text);
    },
    onclosetag: (): void => {
      const element = open.pop();
      if (element === undefined) return;
      if (element.isSkipped) skipped -= 1;
      else if (skipped === 0) page.close(element.name);
      if (element.isMain) page.inMain(-1);
    },
    end: () => {
      const { found, leftOut } = page.end();
      return { found, leftOut, facts: facts(), title: title.trim() === "" ? undefined : oneLine(title, 300) };
    },
  };
}

/** What the text so far has come to. */
function createPage() {
  const found: Found[] = [];
  const tables: OpenTable[] = [];
  let [main, leftOut] = [0, 0];
  let line: string[] = [];
  const page = {
    tables,
    /** Of the block that is being read. */
    kind: "text" as Block["kind"],
    /** What is defined next. */
    terms: new Array<string>(),
    put: (item: Item): void => {
      if (found.length < MOST_FOUND) found.push({ ...item, isMain: main > 0 });
    },
    text: (text: string): void => void line.push(text),
    isBlank: (): boolean => line.every((text) => text.trim() === ""),
    takeLine: (): string => {
      const text = oneLine(line.join(""));
      line = [];
      return text;
    },
    /** Ends a block; in a cell the text goes on. */
    flush: (): void => {
      if (tables.at(-1)?.cell !== undefined) return page.text(" ");
      const text = page.takeLine();
      if (text !== "") page.put({ block: { kind: page.kind, text } });
    },
    endTable: ({ reader }: OpenTable): void => {
      for (const block of reader.take()) page.put({ block });
      leftOut += reader.leftOut();
    },
    /** Of a table that holds tables or headings: what was read of it stands as text. */
    layOut: (): void => {
      for (const table of tables.filter((one) => !one.isLayout)) {
        table.isLayout = true;
        table.cell = undefined;
        page.endTable(table);
      }
      page.flush();
    },
    inMain: (change: 1 | -1): void => {
      page.flush();
      main += change;
    },
    end: () => {
      for (const one of tables.splice(0)) page.endTable(one);
      page.flush();
      return { found, leftOut };
    },
  };
  return page;
}

type Page = ReturnType<typeof createPage>;

/** Text as it comes, cut where an element begins or ends. */
function createText() {
  const page = createPage();
  const table = createTableEvents(page);
  /** Of a cell a heading or an item is a part of its text. */
  const openInCell = (name: string, { isHeader }: { readonly isHeader: boolean }): void => {
    if (HEADING.test(name) && !isHeader) page.layOut();
    else page.text(name === "li" && !page.isBlank() ? "; " : " ");
  };
  const open = (name: string, attributes: Attributes): void => {
    if (name === "br") return page.text(" ");
    if (INLINE.has(name) || table.open(name, attributes)) return;
    const cell = page.tables.at(-1)?.cell;
    if (cell !== undefined) return openInCell(name, cell);
    page.flush();
    if (name === "li" || name === "dd") page.kind = "item";
    if (name === "dd") for (const term of page.terms.splice(0)) page.text(`${term}: `);
  };
  const closeBlock = (name: string): void => {
    const depth = HEADING.exec(name)?.[1];
    if (depth === undefined) {
      page.flush();
      page.kind = "text";
    } else {
      const heading = oneLine(page.takeLine(), 300);
      if (heading !== "") page.put({ heading, depth: Number(depth) });
    }
    if (name === "dl") for (const text of page.terms.splice(0)) page.put({ block: { kind: "item", text } });
  };
  const close = (name: string): void => {
    if (INLINE.has(name) || name === "br" || table.close(name)) return;
    if (page.tables.at(-1)?.cell !== undefined) return page.text(" ");
    if (name !== "dt") return closeBlock(name);
    const term = page.takeLine();
    if (term !== "") page.terms.push(term);
  };
  const { text, inMain, end } = page;
  return { open, close, text, inMain, end };
}

/** Gives false for what is no part of a table. */
function createTableEvents({ tables, flush, takeLine, endTable, layOut }: Page) {
  const endCell = (table: OpenTable): void => {
    if (table.cell === undefined) return;
    table.reader.add({ ...table.cell, text: takeLine() });
    table.cell = undefined;
  };
  const openPart = (name: string, attributes: Attributes, table: OpenTable): boolean => {
    if (name === "td" || name === "th") {
      flush();
      const [columns, rows] = [spanOf(attributes["colspan"]), spanOf(attributes["rowspan"])];
      table.cell = table.isLayout ? undefined : { isHeader: name === "th", columns, rows };
    } else if (name === "tr") table.reader.endRow();
    else if (name === "thead") table.reader.head(true);
    else return false;
    return true;
  };
  const closePart = (name: string, table: OpenTable): boolean => {
    if (name === "td" || name === "th") {
      if (table.isLayout) flush();
      else endCell(table);
    } else if (name === "tr") table.reader.endRow();
    else if (name === "thead") table.reader.head(false);
    else if (name === "table") {
      endCell(table);
      flush();
      tables.pop();
      endTable(table);
    } else return false;
    return true;
  };
  return {
    open: (name: string, attributes: Attributes): boolean => {
      if (name === "table") {
        layOut();
        tables.push({ reader: createTable(), cell: undefined, isLayout: false });
        return true;
      }
      const table = tables.at(-1);
      return table !== undefined && openPart(name, attributes, table);
    },
    close: (name: string): boolean => {
      const table = tables.at(-1);
      return table !== undefined && closePart(name, table);
    },
  };
}
