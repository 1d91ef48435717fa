/** Shows a document as it was read: for formats whose files are not shown themselves. */
import type { Element, ElementContent } from "hast";
import type { Chunk } from "./chunk.ts";
import type { Block } from "./document.ts";
import type { DocumentBody } from "./document-page.ts";

/** What a next block may go on with. */
interface Open {
  header?: string | undefined;
  rows?: Element | undefined;
  list?: Element | undefined;
}

/** Its sections in their order; a table that was cut between chunks is one again. */
export function chunksBody(chunks: readonly Chunk[]): DocumentBody {
  const body: Element[] = [];
  let shown = "";
  let open: Open = {};
  for (const { section, anchor, blocks } of chunks) {
    if (section !== shown) {
      body.push(...headingsOf(section, shown, anchor));
      open = {};
    }
    shown = section;
    for (const block of blocks) addBlock(body, block, open);
  }
  return body;
}

/** Those that were not shown for the section before. */
function headingsOf(section: string, before: string, anchor: string): readonly Element[] {
  const [headings, shown] = [section, before].map((path) => path.split(" › "));
  const all = section === "" ? [] : (headings ?? []);
  const first = all.findIndex((heading, at) => heading !== shown?.[at]);
  const begin = first === -1 ? all.length - 1 : first;
  return all.flatMap((heading, at) => {
    if (at < begin) return [];
    const id = at === all.length - 1 ? { id: anchor } : {};
    return [element(`h${Math.min(6, at + 2)}`, [word(heading)], id)];
  });
}

function addBlock(body: Element[], { kind, text }: Block, open: Open): void {
  if (kind === "header" || kind === "row") return addRow(body, { kind, text }, open);
  open.rows = undefined;
  if (kind === "text") {
    open.list = undefined;
    body.push(element("p", [word(text)]));
    return;
  }
  if (open.list === undefined) {
    open.list = element("ul", []);
    body.push(open.list);
  }
  open.list.children.push(element("li", [word(text)]));
}

function addRow(body: Element[], { kind, text }: Block, open: Open): void {
  open.list = undefined;
  const isHeader = kind === "header";
  if (isHeader && open.rows !== undefined && text === open.header) return;
  if (isHeader || open.rows === undefined) {
    open.rows = element("tbody", []);
    open.header = isHeader ? text : undefined;
    body.push(element("table", [...(isHeader ? [element("thead", [rowOf(text, "th")])] : []), open.rows]));
  }
  if (!isHeader) open.rows.children.push(rowOf(text, "td"));
}

function rowOf(text: string, cell: "td" | "th"): Element {
  const cells = text.split(" | ").map((words) => element(cell, [word(words)]));
  return element("tr", cells);
}

function word(value: string): ElementContent {
  return { type: "text", value };
}

function element(tagName: string, children: ElementContent[], properties: Element["properties"] = {}): Element {
  return { type: "element", tagName, properties, children };
}
