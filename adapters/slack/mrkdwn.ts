/** Slack's own markup: what people write in it, and the Markdown tree as mrkdwn. */
import type { BlockContent, List, PhrasingContent, Root } from "mdast";
import { firstCharacter, lastCharacter, toPlainText } from "../../adapter.ts";

/** A word joiner: nobody sees it, and what it stands in rings nobody. */
export const JOINER = "\u2060";

/** Text as it is in mrkdwn. */
export function encodeMrkdwn(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Slack makes links of addresses and numbers that people type: the label is then what was typed. */
function isTyped(label: string, target: string): boolean {
  const bare = (address: string): string =>
    address
      .replace(/^(?:https?:\/\/|mailto:|tel:)/iu, "")
      .replace(/\/$/u, "")
      .toLowerCase();
  if (/^tel:/iu.test(target)) return label.replaceAll(/\D/gu, "") === target.replaceAll(/\D/gu, "");
  return bare(label) === bare(target);
}

/** mrkdwn as a person wrote it, in words; mentions of the bot itself say nothing. */
export function decodeMrkdwn(text: string, self: readonly string[] = []): string {
  return text
    .replaceAll(/<([^<>|]*)(?:\|([^<>]*))?>/gu, (_whole, target: string, label?: string) => {
      if (self.includes(target.slice(1))) return "";
      if (target.startsWith("!date") && label !== undefined) return label;
      // The label of a user group has its sign already.
      const name = label?.replace(/^@/u, "") ?? target.slice(1);
      if (/^[@#!]/u.test(target)) return `${target.startsWith("#") ? "#" : "@"}${name}`;
      return label === undefined || isTyped(label, target) ? (label ?? target) : `${label} (${target})`;
    })
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .trim();
}

/** A tree as mrkdwn: headings are bold lines, tables are set in columns. */
export function toMrkdwn(tree: Root): string {
  return tree.children.map((node) => blockText(node)).join("\n\n");
}

function blockText(node: Root["children"][number]): string {
  if (node.type === "paragraph") return inline(node.children);
  if (node.type === "heading") return styled("*", inline(node.children).replaceAll(/[*\n]/gu, " ").trim());
  if (node.type === "blockquote") return node.children.map(blockText).join("\n\n").replaceAll(/^/gmu, "> ");
  if (node.type === "list") return list(node);
  if (node.type === "table") return fenced(toPlainText({ type: "root", children: [node] }));
  if (node.type === "thematicBreak") return "———";
  if (node.type === "code") return fenced(node.value);
  return "value" in node ? literal(node.value) : "";
}

function fenced(text: string): string {
  return `\`\`\`\n${encodeMrkdwn(text.replaceAll("```", `\`${JOINER}\`\``))}\n\`\`\``;
}

function list({ ordered, start, children }: List): string {
  return children
    .map((item, index) => {
      const bullet = ordered === true ? `${(start ?? 1) + index}.` : "•";
      const box = item.checked === true ? "☑ " : item.checked === false ? "☐ " : "";
      return `${bullet} ${box}${item.children.map((child: BlockContent | Root["children"][number]) => blockText(child)).join("\n")}`.replaceAll(
        "\n",
        "\n    ",
      );
    })
    .join("\n");
}

interface Piece {
  readonly text: string;
  readonly mark?: string;
}

/** Slack reads marks only between blanks and punctuation; elsewhere the words go without. */
function inline(nodes: readonly PhrasingContent[]): string {
  const pieces = nodes.map(piece);
  return pieces
    .map(({ text, mark }, index) => {
      const before = lastCharacter(pieces[index - 1]?.text ?? "") ?? " ";
      const after = firstCharacter(pieces[index + 1]?.text ?? "") ?? " ";
      return mark === undefined || /[\p{L}\p{N}*_~`]/u.test(before + after) ? text : styled(mark, text);
    })
    .join("");
}

function styled(mark: string, text: string): string {
  return text === "" || text !== text.trim() || text.includes("\n") || text.includes(mark)
    ? text
    : `${mark}${text}${mark}`;
}

const MARKS: Readonly<Record<string, string>> = { strong: "*", emphasis: "_", delete: "~" };

function piece(node: PhrasingContent): Piece {
  if (node.type === "break") return { text: "\n" };
  if (node.type === "inlineCode")
    return node.value.includes("`") ? { text: literal(node.value) } : { text: encodeMrkdwn(node.value), mark: "`" };
  if (node.type === "link") return { text: link(node.url, inline(node.children)) };
  if (node.type === "image") return { text: link(node.url, literal(node.alt ?? "")) };
  if ("children" in node) return { text: inline(node.children), mark: MARKS[node.type] ?? "" };
  return { text: "value" in node ? literal(node.value) : "" };
}

/** Marks that are meant as themselves. */
function literal(text: string): string {
  return encodeMrkdwn(text.replaceAll(/(?<![\p{L}\p{N}])[*_~`]|[*_~`](?![\p{L}\p{N}])/gu, `${JOINER}$&`));
}

function link(url: string, label: string): string {
  const address = encodeMrkdwn(url).replaceAll("|", "%7C");
  const words = label.replaceAll("\n", " ").trim();
  if (!/^(?:https?:\/\/|mailto:)/iu.test(url)) return words === "" ? address : `${words} (${address})`;
  return words === "" || words === address ? `<${address}>` : `<${address}|${words}>`;
}
