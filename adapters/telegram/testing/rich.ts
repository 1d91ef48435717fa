/** Rich messages as the Bot API takes them: blocks of the kinds that carry words, checked against its limits. */
import { z } from "zod";
import { escapeHtml } from "../../../adapter.ts";
import { refuse } from "./refusal.ts";

const MAX_LENGTH = 32_768;
const MAX_BLOCKS = 500;
const MAX_DEPTH = 16;
const MAX_COLUMNS = 20;

const Styled = z.enum([
  "bold",
  "italic",
  "underline",
  "strikethrough",
  "spoiler",
  "subscript",
  "superscript",
  "marked",
  "code",
]);

/** Rich text is a string, a list of rich texts, or an object around one. */
export type LocalRichText =
  | string
  | LocalRichText[]
  | { type: z.infer<typeof Styled>; text: LocalRichText }
  | { type: "url"; text: LocalRichText; url: string };

const RichText: z.ZodType<LocalRichText> = z.lazy(() =>
  z.union([
    z.string(),
    z.array(RichText),
    z.strictObject({ type: Styled, text: RichText }),
    z.strictObject({ type: z.literal("url"), text: RichText, url: z.url() }),
  ]),
);

const Cell = z.strictObject({
  text: RichText.optional(),
  is_header: z.literal(true).optional(),
  colspan: z.number().int().min(1).optional(),
  rowspan: z.number().int().min(1).optional(),
  align: z.enum(["left", "center", "right"]),
  valign: z.enum(["top", "middle", "bottom"]),
});

const Item = z.strictObject({
  get blocks(): z.ZodArray<typeof Block> {
    return z.array(Block);
  },
  has_checkbox: z.literal(true).optional(),
  is_checked: z.literal(true).optional(),
  value: z.number().int().optional(),
  type: z.enum(["a", "A", "i", "I", "1"]).optional(),
});

const Block = z.discriminatedUnion("type", [
  z.strictObject({ type: z.enum(["paragraph", "footer"]), text: RichText }),
  z.strictObject({ type: z.literal("heading"), text: RichText, size: z.number().int().min(1).max(6) }),
  z.strictObject({ type: z.literal("pre"), text: RichText, language: z.string().optional() }),
  z.strictObject({ type: z.literal("divider") }),
  z.strictObject({ type: z.literal("list"), items: z.array(Item).min(1) }),
  z.strictObject({
    type: z.literal("blockquote"),
    get blocks(): z.ZodArray<typeof Block> {
      return z.array(Block).min(1);
    },
    credit: RichText.optional(),
  }),
  z.strictObject({
    type: z.literal("table"),
    cells: z.array(z.array(Cell).min(1)).min(1),
    is_bordered: z.literal(true).optional(),
    is_striped: z.literal(true).optional(),
    is_compact: z.literal(true).optional(),
    caption: RichText.optional(),
  }),
]);
export type LocalBlock = z.infer<typeof Block>;
type LocalItem = z.infer<typeof Item>;

/** What a call hands over. Markdown and HTML are not read here. */
export const RichMessage = z.strictObject({
  blocks: z.array(Block).min(1),
  is_rtl: z.boolean().optional(),
  skip_entity_detection: z.boolean().optional(),
});

/** The blocks, within the limits of a rich message. */
export function readRich({ blocks }: z.infer<typeof RichMessage>): readonly LocalBlock[] {
  const tag = pageOf(blocks);
  if (richPlain(blocks).trim() === "") refuse(400, "Bad Request: message text is empty");
  if (Array.from(richPlain(blocks)).length > MAX_LENGTH) refuse(400, "Bad Request: message is too long");
  if (countBlocks(blocks) > MAX_BLOCKS) refuse(400, "Bad Request: RICH_MESSAGE_BLOCKS_TOO_MUCH");
  if (depthOf(tag) > MAX_DEPTH) refuse(400, "Bad Request: RICH_MESSAGE_TOO_DEEP");
  const rows = blocks.flatMap((block) => (block.type === "table" ? block.cells : []));
  if (rows.some((row) => row.length > MAX_COLUMNS)) refuse(400, "Bad Request: RICH_MESSAGE_TABLE_TOO_WIDE");
  return blocks;
}

/** Blocks, items, rows and quotations, however deep. */
function countBlocks(blocks: readonly LocalBlock[]): number {
  return blocks.reduce((sum, block) => {
    if (block.type === "blockquote") return sum + 1 + countBlocks(block.blocks);
    if (block.type === "table") return sum + 1 + block.cells.length;
    if (block.type === "list")
      return sum + 1 + block.items.reduce((all, item) => all + 1 + countBlocks(item.blocks), 0);
    return sum + 1;
  }, 0);
}

/** A block or a text as a tag with what is in it. */
interface Tag {
  readonly name: string;
  readonly attributes?: string;
  readonly inner: readonly (Tag | string)[];
}

function depthOf(inner: Tag["inner"]): number {
  return Math.max(0, ...inner.map((one) => (typeof one === "string" ? 0 : 1 + depthOf(one.inner))));
}

const TEXT_TAGS = {
  bold: "b",
  italic: "i",
  underline: "u",
  strikethrough: "s",
  spoiler: "tg-spoiler",
  subscript: "sub",
  superscript: "sup",
  marked: "mark",
  code: "code",
} as const;

function textOf(text: LocalRichText): Tag["inner"] {
  if (typeof text === "string") return [text];
  if (Array.isArray(text)) return text.flatMap(textOf);
  if (text.type !== "url") return [{ name: TEXT_TAGS[text.type], inner: textOf(text.text) }];
  const attributes = ` href="${escapeHtml(text.url)}" target="_blank" rel="noopener noreferrer nofollow"`;
  return [{ name: "a", attributes, inner: textOf(text.text) }];
}

function pageOf(blocks: readonly LocalBlock[]): readonly Tag[] {
  return blocks.map((block): Tag => {
    switch (block.type) {
      case "heading":
        return { name: `h${block.size}`, inner: textOf(block.text) };
      case "paragraph":
        return { name: "p", inner: textOf(block.text) };
      case "divider":
        return { name: "hr", inner: [] };
      case "list":
        return listOf(block.items);
      case "blockquote":
        return { name: "blockquote", inner: pageOf(block.blocks) };
      case "table":
        return { name: "table", inner: block.cells.map(rowOf) };
      case "pre":
      case "footer":
        return { name: block.type, inner: textOf(block.text) };
    }
  });
}

function listOf(items: readonly LocalItem[]): Tag {
  const isOrdered = items.some(({ value }) => value !== undefined);
  return {
    name: isOrdered ? "ol" : "ul",
    inner: items.map(({ blocks, value, has_checkbox: hasBox, is_checked: isChecked }) => ({
      name: "li",
      ...(value === undefined ? {} : { attributes: ` value="${value}"` }),
      inner: [...(hasBox === true ? [isChecked === true ? "☑ " : "☐ "] : []), ...pageOf(blocks)],
    })),
  };
}

function rowOf(cells: readonly z.infer<typeof Cell>[]): Tag {
  return {
    name: "tr",
    inner: cells.map(({ text, is_header: isHeader, align }) => ({
      name: isHeader === true ? "th" : "td",
      attributes: ` align="${align}"`,
      inner: textOf(text ?? ""),
    })),
  };
}

/** As a client shows it. */
export function richHtml(blocks: readonly LocalBlock[]): string {
  return htmlOf(pageOf(blocks));
}

function htmlOf(inner: Tag["inner"]): string {
  return inner
    .map((one) => {
      if (typeof one === "string") return escapeHtml(one).replaceAll("\n", "<br>");
      const { name, attributes = "", inner: within } = one;
      return name === "hr" ? "<hr>" : `<${name}${attributes}>${htmlOf(within)}</${name}>`;
    })
    .join("");
}

/** Its words: a block or a row on a line, cells apart. */
export function richPlain(blocks: readonly LocalBlock[]): string {
  return pageOf(blocks).map(linesOf).join("\n\n");
}

function linesOf({ name, inner }: Tag): string {
  const words = inner.map((one) => (typeof one === "string" ? one : linesOf(one)));
  if (name === "tr") return words.join(" | ");
  return words.join(/^(?:table|ul|ol|li|blockquote)$/u.test(name) ? "\n" : "");
}

/** The blocks as a bot gets them back: items of lists have labels. */
export function toRichMessage(blocks: readonly LocalBlock[]): { readonly blocks: readonly unknown[] } {
  return {
    blocks: blocks.map((block) => {
      if (block.type === "blockquote") return { ...block, ...toRichMessage(block.blocks) };
      if (block.type !== "list") return block;
      return {
        ...block,
        items: block.items.map((item) => ({
          ...item,
          label: item.value === undefined ? "•" : `${item.value}.`,
          ...toRichMessage(item.blocks),
        })),
      };
    }),
  };
}
