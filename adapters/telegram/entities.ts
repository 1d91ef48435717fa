/**
 * Markdown trees as Telegram shows them: a text, and entities that say which of its ranges are bold, code, links.
 *
 * Entities and not HTML: nothing has to be escaped, so nothing can be refused as unreadable, and the length of the
 * text is what Telegram counts.
 */
import type { Blockquote, Image, List, Nodes, Root, Table, TableRow, Text } from "mdast";
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
  const writer: Writer = { text: "", indent: "", entities: [], open: [] };
  writeBlocks(tree.children, "\n\n", writer);
  const { text, entities } = writer;
  return {
    text,
    entities: entities.toSorted((left, right) => left.offset - right.offset || right.length - left.length),
  };
}

/** What was written so far. */
interface Writer {
  text: string;
  /** Blanks at the start of each line that is begun now. */
  indent: string;
  readonly entities: Entity[];
  /** The kinds of range that are written now. */
  readonly open: Entity["type"][];
}

type Kind =
  | { readonly type: Style }
  | { readonly type: "pre"; readonly language?: string }
  | { readonly type: "text_link"; readonly url: string };

function write(piece: string, writer: Writer): void {
  writer.text += piece.replaceAll("\n", `\n${writer.indent}`);
}

/** Writes what `content` writes as one range of this kind. */
function mark(kind: Kind, writer: Writer, content: () => void): void {
  const start = writer.text.length;
  writer.open.push(kind.type);
  content();
  writer.open.pop();
  const { text, entities } = writer;
  entities.push(...rangesOf({ ...kind, offset: start, length: text.length - start }, text, entities));
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
    if (index > 0) write(between, writer);
    if (node.type === "heading") writeStyled("bold", node.children, writer);
    else if (node.type === "paragraph") writeInlines(node.children, writer);
    else if (node.type === "blockquote") writeQuote(node, writer);
    else if (node.type === "list") writeList(node, writer);
    else if (node.type === "table") writeTable(node, writer);
    else if (node.type === "code") mark(preOf(node.lang), writer, () => write(node.value, writer));
    else write(toPlainText({ type: "root", children: [node] }), writer);
  }
}

/** A quotation in a quotation is shown as part of it: Telegram has one level. */
function writeQuote({ children }: Blockquote, writer: Writer): void {
  const writeAll = (): void => writeBlocks(children, "\n\n", writer);
  if (writer.open.includes("blockquote")) writeAll();
  else mark({ type: "blockquote" }, writer, writeAll);
}

function preOf(language: string | null | undefined): Kind {
  return language !== null && language !== undefined && /^[\w+#-]{1,32}$/u.test(language)
    ? { type: "pre", language }
    : { type: "pre" };
}

/** In front of an item that is done, and of one that is still to be done. */
const BOXES: ReadonlyMap<unknown, string> = new Map([
  [true, "☑ "],
  [false, "☐ "],
]);

function writeList({ ordered, start, spread, children }: List, writer: Writer): void {
  const { indent } = writer;
  for (const [index, item] of children.entries()) {
    if (index > 0) write(spread === true ? "\n\n" : "\n", writer);
    const number = ordered === true ? `${(start ?? 1) + index}.` : "•";
    write(`${number} ${BOXES.get(item.checked) ?? ""}`, writer);
    writer.indent = `${indent}   `;
    writeBlocks(item.children, item.spread === true ? "\n\n" : "\n", writer);
    writer.indent = indent;
  }
}

/** In columns where they fit on a phone, else a line for each row, its first cell bold. */
function writeTable(table: Table, writer: Writer): void {
  const plain = toPlainText({ type: "root", children: [table] }, { tableWidth: TABLE_WIDTH });
  const inColumns = /^-+(?: {2}-+)*$/u.test(plain.split("\n")[1] ?? "");
  if (inColumns) mark({ type: "pre" }, writer, () => write(plain, writer));
  else for (const [index, row] of table.children.entries()) writeRow(row, index, writer);
}

function writeRow({ children }: TableRow, index: number, writer: Writer): void {
  if (index > 0) write("\n", writer);
  for (const [column, cell] of children.entries()) {
    if (column > 0) write(" · ", writer);
    const style = index === 0 ? "italic" : "bold";
    if (column === 0 || index === 0) writeStyled(style, cell.children, writer);
    else writeInlines(cell.children, writer);
  }
}

const STYLES = { strong: "bold", emphasis: "italic", delete: "strikethrough" } as const;

function writeInlines(nodes: readonly Rest[], writer: Writer): void {
  for (const node of nodes) {
    if (node.type === "strong" || node.type === "emphasis" || node.type === "delete") {
      writeStyled(STYLES[node.type], node.children, writer);
    } else if (node.type === "link") writeLink(node.url, node.children, writer);
    else if (node.type === "image") writeLink(node.url, [altOf(node)], writer);
    else if (node.type === "inlineCode") writeCode(node.value, writer);
    else if (node.type === "break") write("\n", writer);
    else if ("value" in node) write(node.value, writer);
  }
}

const altOf = ({ alt, url }: Image): Text => ({
  type: "text",
  value: alt === null || alt === undefined || alt === "" ? url : alt,
});

/** A label that is a link cannot be code as well. */
function writeCode(value: string, writer: Writer): void {
  if (writer.open.includes("text_link")) write(value, writer);
  else mark({ type: "code" }, writer, () => write(value, writer));
}

function writeStyled(type: "bold" | "italic" | "strikethrough", children: readonly Rest[], writer: Writer): void {
  if (writer.open.includes(type)) writeInlines(children, writer);
  else mark({ type }, writer, () => writeInlines(children, writer));
}

/** Only addresses of the web are linked. Others stand behind their label. */
function writeLink(url: string, label: readonly Rest[], writer: Writer): void {
  const href = webAddress(url);
  if (href !== undefined) {
    // An address inside a label is part of that link: Telegram refuses one in another.
    if (writer.open.includes("text_link")) return writeInlines(label, writer);
    mark({ type: "text_link", url: href }, writer, () => writeInlines(label, writer));
    return;
  }
  const address = url.replace(/^(?:mailto|tel):/iu, "");
  writeInlines(label, writer);
  if (![url, address].includes(toString(label))) write(` (${address})`, writer);
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
