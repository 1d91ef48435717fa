/**
 * Markdown trees as Telegram shows them: a text, and entities that say which of its ranges are bold, code, links.
 *
 * Entities and not HTML: nothing has to be escaped, so nothing can be refused as unreadable, and the length of the
 * text is what Telegram counts.
 */
import type { Blockquote, Image, List, ListItem, Nodes, Root, Table, TableRow, Text } from "mdast";
import { toString } from "mdast-util-to-string";
import { toPlainText } from "../../adapter.ts";
import { webAddress } from "./web-address.ts";

type Style = "bold" | "italic" | "strikethrough" | "code" | "blockquote";

/** One entity; offset and length in UTF-16 units. */
export type Entity =
  | { readonly type: Style; readonly offset: number; readonly length: number }
  | { readonly type: "pre"; readonly offset: number; readonly length: number; readonly language?: string }
  | { readonly type: "text_link"; readonly offset: number; readonly length: number; readonly url: string };

export interface MarkedText {
  readonly text: string;
  readonly entities: readonly Entity[];
}

type Rest = Exclude<Nodes, Root>;

/** Wider tables become lines: a phone shows about this many characters of fixed width. */
const TABLE_WIDTH = 48;

/** The text and the entities of a tree. */
export function toMarkedText(tree: Root): MarkedText {
  const writer = createWriter();
  writeBlocks(tree.children, "\n\n", writer);
  return writer.result();
}

interface Writer {
  readonly write: (text: string) => void;
  /** Writes what `content` writes as one range of this kind. */
  readonly mark: (kind: Kind, content: () => void) => void;
  /** Lines that `content` begins start with these blanks. */
  readonly indented: (blanks: string, content: () => void) => void;
  readonly isWithin: (type: Entity["type"]) => boolean;
  readonly result: () => MarkedText;
}

type Kind =
  | { readonly type: Style }
  | { readonly type: "pre"; readonly language?: string }
  | { readonly type: "text_link"; readonly url: string };

function createWriter(): Writer {
  const entities: Entity[] = [];
  const open: Entity["type"][] = [];
  let text = "";
  let indent = "";
  return {
    write: (piece) => {
      text += piece.replaceAll("\n", `\n${indent}`);
    },
    mark: (kind, content) => {
      const start = text.length;
      open.push(kind.type);
      content();
      open.pop();
      entities.push(...rangesOf({ ...kind, offset: start, length: text.length - start }, text, entities));
    },
    indented: (blanks, content) => {
      const before = indent;
      indent += blanks;
      content();
      indent = before;
    },
    isWithin: (type) => open.includes(type),
    result: () => ({
      text,
      entities: entities.toSorted((left, right) => left.offset - right.offset || right.length - left.length),
    }),
  };
}

/** Code stands alone: a style around it covers what is before and behind. Only a quotation may hold it. */
function rangesOf(entity: Entity, text: string, inner: readonly Entity[]): Entity[] {
  const end = entity.offset + entity.length;
  const code =
    entity.type === "blockquote"
      ? []
      : inner.filter(
          ({ type, offset }) => (type === "code" || type === "pre") && offset >= entity.offset && offset < end,
        );
  let from = entity.offset;
  const ranges: Entity[] = [];
  for (const [start, next] of [
    ...code.map((one) => [one.offset, one.offset + one.length] as const),
    [end, end] as const,
  ]) {
    if (text.slice(from, start).trim() !== "") ranges.push({ ...entity, offset: from, length: start - from });
    from = next;
  }
  return ranges;
}

function writeBlocks(nodes: readonly Rest[], between: string, writer: Writer): void {
  for (const [index, node] of nodes.entries()) {
    if (index > 0) writer.write(between);
    writeBlock(node, writer);
  }
}

function writeBlock(node: Rest, writer: Writer): void {
  if (node.type === "heading") writeStyled("bold", node.children, writer);
  else if (node.type === "paragraph") writeInlines(node.children, writer);
  else if (node.type === "blockquote") writeQuote(node, writer);
  else if (node.type === "list") writeList(node, writer);
  else if (node.type === "table") writeTable(node, writer);
  else if (node.type === "code") writer.mark(preOf(node.lang), () => writer.write(node.value));
  else writer.write(toPlainText({ type: "root", children: [node] }));
}

/** A quotation in a quotation is shown as part of it: Telegram has one level. */
function writeQuote({ children }: Blockquote, writer: Writer): void {
  const write = (): void => writeBlocks(children, "\n\n", writer);
  if (writer.isWithin("blockquote")) write();
  else writer.mark({ type: "blockquote" }, write);
}

function preOf(language: string | null | undefined): Kind {
  return language !== null && language !== undefined && /^[\w+#-]{1,32}$/u.test(language)
    ? { type: "pre", language }
    : { type: "pre" };
}

function writeList({ ordered, start, spread, children }: List, writer: Writer): void {
  for (const [index, item] of children.entries()) {
    if (index > 0) writer.write(spread === true ? "\n\n" : "\n");
    writer.write(`${ordered === true ? `${(start ?? 1) + index}.` : "•"} ${boxOf(item)}`);
    writer.indented("   ", () => writeBlocks(item.children, item.spread === true ? "\n\n" : "\n", writer));
  }
}

function boxOf({ checked }: ListItem): string {
  if (checked === true) return "☑ ";
  return checked === false ? "☐ " : "";
}

/** In columns where they fit on a phone, else a line for each row, its first cell bold. */
function writeTable(table: Table, writer: Writer): void {
  const plain = toPlainText({ type: "root", children: [table] }, { tableWidth: TABLE_WIDTH });
  const inColumns = /^-+(?: {2}-+)*$/u.test(plain.split("\n")[1] ?? "");
  if (inColumns) writer.mark({ type: "pre" }, () => writer.write(plain));
  else for (const [index, row] of table.children.entries()) writeRow(row, index, writer);
}

function writeRow({ children }: TableRow, index: number, writer: Writer): void {
  if (index > 0) writer.write("\n");
  for (const [column, cell] of children.entries()) {
    if (column > 0) writer.write(" · ");
    const style = index === 0 ? "italic" : "bold";
    if (column === 0 || index === 0) writeStyled(style, cell.children, writer);
    else writeInlines(cell.children, writer);
  }
}

function writeInlines(nodes: readonly Rest[], writer: Writer): void {
  for (const node of nodes) writeInline(node, writer);
}

const STYLES = { strong: "bold", emphasis: "italic", delete: "strikethrough" } as const;

function writeInline(node: Rest, writer: Writer): void {
  if (node.type === "strong" || node.type === "emphasis" || node.type === "delete") {
    writeStyled(STYLES[node.type], node.children, writer);
  } else if (node.type === "link") writeLink(node.url, node.children, writer);
  else if (node.type === "image") writeLink(node.url, [altOf(node)], writer);
  else if (node.type === "inlineCode") writeCode(node.value, writer);
  else if (node.type === "break") writer.write("\n");
  else if ("value" in node) writer.write(node.value);
}

const altOf = ({ alt, url }: Image): Text => ({
  type: "text",
  value: alt === null || alt === undefined || alt === "" ? url : alt,
});

/** A label that is a link cannot be code as well. */
function writeCode(value: string, writer: Writer): void {
  if (writer.isWithin("text_link")) writer.write(value);
  else writer.mark({ type: "code" }, () => writer.write(value));
}

function writeStyled(type: "bold" | "italic" | "strikethrough", children: readonly Rest[], writer: Writer): void {
  if (writer.isWithin(type)) writeInlines(children, writer);
  else writer.mark({ type }, () => writeInlines(children, writer));
}

/** Only addresses of the web are linked. Others stand behind their label. */
function writeLink(url: string, label: readonly Rest[], writer: Writer): void {
  const href = webAddress(url);
  if (href !== undefined) {
    // An address inside a label is part of that link: Telegram refuses one in another.
    if (writer.isWithin("text_link")) return writeInlines(label, writer);
    writer.mark({ type: "text_link", url: href }, () => writeInlines(label, writer));
    return;
  }
  const address = url.replace(/^(?:mailto|tel):/iu, "");
  writeInlines(label, writer);
  if (![url, address].includes(toString(label))) writer.write(` (${address})`);
}

/** What breaks an @name without being seen. */
const JOINER = "\u2060";
const MENTION = /(?<![A-Za-z0-9_])@(?=[A-Za-z0-9_]{3})/gu;

/** Breaks each @name outside code with an invisible character, so that it notifies nobody. */
export function quietMentions({ text, entities }: MarkedText): MarkedText {
  const code = entities.filter(({ type }) => type === "code" || type === "pre");
  const places = [...text.matchAll(MENTION)]
    .map(({ index }) => index + 1)
    .filter((place) => !code.some(({ offset, length }) => offset < place && place <= offset + length));
  return places.length === 0 ? { text, entities } : withInserted({ text, entities }, places, JOINER);
}

/** Inserts a character at these places and moves the entities along. */
function withInserted({ text, entities }: MarkedText, places: readonly number[], inserted: string): MarkedText {
  const pieces = places.map((place, index) => text.slice(places[index - 1] ?? 0, place) + inserted);
  const start = (at: number): number => at + places.filter((place) => place <= at).length;
  const end = (at: number): number => at + places.filter((place) => place < at).length;
  return {
    text: pieces.join("") + text.slice(places.at(-1) ?? 0),
    entities: entities.map((entity) => {
      const offset = start(entity.offset);
      return { ...entity, offset, length: end(entity.offset + entity.length) - offset };
    }),
  };
}
