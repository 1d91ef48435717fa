/** Writes the Markdown tree in Discord's dialect. What the dialect lacks (tables, rules, deep headings) becomes text. */
import type { BlockContent, Image, Link, List, ListItem, PhrasingContent, Root, Table } from "mdast";
import { toPlainText } from "../../adapter.ts";

/** What of a text may stay a mention. */
export type MentionKind = "users" | "roles" | "everyone";

/** Keeps two runs of marks apart that Discord would read as one. */
const APART = "\u200B";
/** The widest table that a phone shows without wrapping. */
const TABLE_WIDTH = 56;

type Mentions = readonly MentionKind[];

/** The tree as a message; the same tree always gives the same text. */
export function toDiscord(tree: Root, mentions: Mentions = []): string {
  return blocksOf(tree.children.filter(isBlock), mentions);
}

const BLOCKS: ReadonlySet<string> = new Set([
  "paragraph",
  "heading",
  "blockquote",
  "list",
  "code",
  "table",
  "thematicBreak",
  "html",
]);

function isBlock(node: Root["children"][number]): node is BlockContent {
  return BLOCKS.has(node.type);
}

function blocksOf(nodes: readonly BlockContent[], mentions: Mentions): string {
  return nodes.reduce((text, node, index) => {
    const gap = index === 0 ? "" : nodes[index - 1]?.type === "heading" ? "\n" : "\n\n";
    return text + gap + blockOf(node, mentions);
  }, "");
}

function blockOf(node: BlockContent, mentions: Mentions): string {
  switch (node.type) {
    case "paragraph":
      return inlineOf(node.children, mentions);
    case "heading": {
      const words = inlineOf(node.children, mentions).replaceAll("\n", " ");
      return node.depth <= 3 ? `${"#".repeat(node.depth)} ${words}` : wrapped("**", words);
    }
    case "blockquote":
      return (
        blocksOf(node.children.filter(isBlock), mentions)
          .split("\n")
          // One level is all there is: an inner quote stands in the outer one.
          .map((line) => (line.startsWith("> ") ? line : `> ${line}`))
          .join("\n")
      );
    case "list":
      return listOf(node, mentions, "");
    case "table":
      return tableOf(node, mentions);
    case "code":
      return fence(node.value, node.lang ?? "");
    case "thematicBreak":
      return "———";
    case "html":
      return escapeText(node.value, mentions);
    default: {
      const unknown: never = node;
      return unknown;
    }
  }
}

function fence(code: string, language: string): string {
  const info = /^[a-z0-9_+\-.#]+$/i.test(language) ? language : "";
  const value = code.trim() === "" ? " " : code.replaceAll(/`(?=`)/g, `\`${APART}`).replace(/`$/, `\`${APART}`);
  return `\`\`\`${info}\n${value}\n\`\`\``;
}

function listOf(list: List, mentions: Mentions, indent: string): string {
  return list.children
    .map((item, index) => {
      const mark = list.ordered === true ? `${(list.start ?? 1) + index}.` : "-";
      return itemOf(item, mentions, { mark, indent });
    })
    .join("\n");
}

/** The first line stands behind the mark; what follows is indented, but for fences, which keep their own lines. */
function itemOf(item: ListItem, mentions: Mentions, { mark, indent }: { mark: string; indent: string }): string {
  const inner = `${indent}  `;
  const box = item.checked === true ? "☑ " : item.checked === false ? "☐ " : "";
  const [first, ...rest] = item.children.filter(isBlock);
  const opens = first?.type === "paragraph" || first?.type === "heading" ? first : undefined;
  const words = opens === undefined ? "" : inlineOf(opens.children, mentions).replaceAll("\n", `\n${inner}`);
  const head = `${indent}${mark} ${box}${words === "" ? APART : words}`;
  const below = (opens === undefined && first !== undefined ? [first, ...rest] : rest).map((node) => {
    if (node.type === "list") return listOf(node, mentions, inner);
    const text = blockOf(node, mentions);
    return node.type === "code" || node.type === "table" || node.type === "blockquote" ? text : indented(text, inner);
  });
  return [head, ...below].join("\n");
}

function indented(text: string, indent: string): string {
  return text
    .split("\n")
    .map((line) => `${indent}${line}`)
    .join("\n");
}

/** Columns in a fence where they fit a phone; else a list with a row in each item. */
function tableOf(table: Table, mentions: Mentions): string {
  const text = toPlainText({ type: "root", children: [table] }, { urls: true, tableWidth: TABLE_WIDTH });
  const isAligned = text.split("\n")[1]?.startsWith("-") === true;
  const hasLinks = table.children.some((row) =>
    row.children.some((cell) => cell.children.some(({ type }) => type === "link")),
  );
  if (isAligned && !hasLinks) return fence(text, "");
  const [header, ...rows] = table.children.map((row) => row.children.map((cell) => inlineOf(cell.children, mentions)));
  if (rows.length === 0) return `- ${header?.join(" · ") ?? ""}`;
  return rows
    .map((row) => row.map((cell, column) => labelled(header?.[column] ?? "", cell)).filter((one) => one !== ""))
    .map((cells) => `- ${cells.length === 0 ? APART : cells.join(" · ")}`)
    .join("\n");
}

function labelled(label: string, cell: string): string {
  if (cell === "") return label;
  return label === "" ? cell : `${label}: ${cell}`;
}

function inlineOf(nodes: readonly PhrasingContent[], mentions: Mentions): string {
  return nodes.reduce((text, node) => joined(text, phraseOf(node, mentions)), "");
}

/** Two runs of the same mark that meet would be read as one. */
function joined(left: string, right: string): string {
  const touching = /[*~|`]$/.test(left) && left.at(-1) === right.at(0);
  return touching ? `${left}${APART}${right}` : left + right;
}

function phraseOf(node: PhrasingContent, mentions: Mentions): string {
  if ("children" in node) return wordsOf(node, mentions);
  switch (node.type) {
    case "text":
    case "html":
      return escapeText(node.value, mentions);
    case "inlineCode":
      return inlineCode(node.value);
    case "break":
      return "\n";
    case "image":
      return imageOf(node, mentions);
    // Resolved in the canonical tree.
    case "imageReference":
    case "footnoteReference":
      return "";
  }
}

function wordsOf(node: Extract<PhrasingContent, { children: unknown }>, mentions: Mentions): string {
  switch (node.type) {
    case "strong":
      return styled("**", node.children, mentions);
    case "emphasis":
      return styled("*", node.children, mentions);
    case "delete":
      return styled("~~", node.children, mentions);
    case "link":
      return linkOf(node, inlineOf(node.children, mentions), mentions);
    case "linkReference":
      return inlineOf(node.children, mentions);
  }
}

function imageOf({ url, alt }: Image, mentions: Mentions): string {
  const value = alt ?? "";
  const children: PhrasingContent[] = value === "" ? [] : [{ type: "text", value }];
  return linkOf({ url, children }, escapeText(value, mentions), mentions);
}

/** Marks around words. Where code inside holds the mark itself, Discord would end the style there: then none is set. */
function styled(mark: string, children: readonly PhrasingContent[], mentions: Mentions): string {
  const words = inlineOf(children, mentions);
  return hasCodeWith(children, mark.charAt(0)) || words.includes("\n") ? words : wrapped(mark, words);
}

function wrapped(mark: string, words: string): string {
  const inner = words.trim();
  if (inner === "") return words;
  const start = words.indexOf(inner);
  return words.slice(0, start) + joined(joined(mark, inner), mark) + words.slice(start + inner.length);
}

function hasCodeWith(nodes: readonly PhrasingContent[], mark: string): boolean {
  return nodes.some((node) =>
    node.type === "inlineCode" ? node.value.includes(mark) : "children" in node && hasCodeWith(node.children, mark),
  );
}

function inlineCode(value: string): string {
  if (!value.includes("`")) return `\`${value}\``;
  const inner = value.replaceAll(/`(?=`)/g, `\`${APART}`);
  return `\`\`${inner.startsWith("`") ? " " : ""}${inner}${inner.endsWith("`") ? " " : ""}\`\``;
}

/** A masked link without a preview; the address itself where the label would hide or repeat it. */
function linkOf({ url, children }: Pick<Link, "url" | "children">, label: string, mentions: Mentions): string {
  const plain = toPlainText({ type: "root", children: [{ type: "paragraph", children }] }, { urls: false }).trim();
  const address = webAddress(url);
  if (address === undefined) {
    if (plain === "") return escapeText(url, mentions);
    return url.replace(/^[a-z]+:/i, "") === plain ? label : `${label} (${escapeText(url, mentions)})`;
  }
  if (plain === "" || plain === url || plain === address) return `<${address}>`;
  const isMaskable = !/:\/\/|[[\]]|\n/.test(plain) && !hasCodeWith(children, "`");
  return isMaskable ? `[${label}](<${address}>)` : `${label} (<${address}>)`;
}

/** The address with everything escaped that is a mark in Discord; undefined for what Discord does not link. */
function webAddress(url: string): string | undefined {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return undefined;
  return new URL(url).href.replaceAll(/[*~|`<>\\()\s]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Everything that Discord would read as something other than itself. */
const MARKS =
  /[\\*`]|_+|[~|]+|\](?=\(|$)|<(?=@|#|a?:|t:|\/|id:|https?:|$)|@(?=everyone|here)|(?<=https?):(?=\/\/)|(?<=^[ \t]*)(?:#|>|-(?=[ #]|$))|(?<=^[ \t]*\d{1,9})\.(?= |$)/gim;

/** A text that shows exactly itself: no markup, no link, and no mention but those that are allowed. */
export function escapeText(text: string, mentions: Mentions = []): string {
  return text.replaceAll(MARKS, (mark, at: number) => {
    const before = text.charAt(at - 1);
    const after = text.charAt(at + mark.length);
    if (mark === "_" && /[0-9A-Za-z]/.test(before) && /[0-9A-Za-z]/.test(after)) return mark;
    if ((mark === "~" || mark === "|") && before !== "" && after !== "") return mark;
    if (mark === "@" && mentions.includes("everyone")) return mark;
    if (mark === "<" && isAllowedMention(text.slice(at), mentions)) return mark;
    return mark.replaceAll(/./g, String.raw`\$&`);
  });
}

function isAllowedMention(text: string, mentions: Mentions): boolean {
  if (/^<@&\d+>/.test(text)) return mentions.includes("roles");
  return /^<@!?\d+>/.test(text) && mentions.includes("users");
}
