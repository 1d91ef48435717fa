/** The words of a rich message: its blocks as Markdown, as far as a reader of words needs it. */
import { z } from "zod";

/** Deeper nesting than Telegram allows is not followed. */
const DEEPEST = 32;

const Block = z.looseObject({ type: z.string().catch("") });

/** Unknown blocks give the words that are in them. */
export function richWords(blocks: unknown, depth = 0): string {
  if (!Array.isArray(blocks) || depth > DEEPEST) return "";
  const items: readonly unknown[] = blocks;
  return items
    .map((block) => blockWords(block, depth))
    .filter((words) => words.trim() !== "")
    .join("\n\n");
}

function blockWords(value: unknown, depth: number): string {
  const block = Block.safeParse(value).data;
  if (block === undefined) return inlineWords(value, depth);
  const inner = (field: string): string => richWords(block[field], depth + 1);
  const words = [inlineWords(block["summary"], depth), inlineWords(block["text"], depth), inner("blocks")]
    .filter((part) => part !== "")
    .join("\n\n");
  const caption = captionWords(block["caption"], depth);
  switch (block.type) {
    case "list":
      return listOf(block["items"], depth);
    case "table":
      return [tableOf(block["cells"], depth), caption].filter((part) => part !== "").join("\n");
    case "blockquote":
    case "expandable_blockquote":
    case "pullquote":
      return words.replaceAll(/^/gmu, "> ");
    case "pre":
    case "preformatted":
      return `\`\`\`\n${words}\n\`\`\``;
    case "mathematical_expression":
      return inlineWords(block["expression"], depth);
    default:
      return [words, caption].filter((part) => part !== "").join("\n");
  }
}

function listOf(items: unknown, depth: number): string {
  return elementsOf(items)
    .map((item) => {
      const { label, blocks } = z
        .object({ label: z.string().catch("-"), blocks: z.unknown() })
        .catch({ label: "-", blocks: [] })
        .parse(item);
      return `${label} ${richWords(blocks, depth + 1).replaceAll("\n", "\n  ")}`;
    })
    .join("\n");
}

function tableOf(rows: unknown, depth: number): string {
  return elementsOf(rows)
    .map((row) =>
      elementsOf(row)
        .map((cell) => inlineWords(Block.safeParse(cell).data?.["text"], depth))
        .join(" | "),
    )
    .join("\n");
}

function captionWords(caption: unknown, depth: number): string {
  return inlineWords(z.object({ text: z.unknown() }).safeParse(caption).data?.text ?? caption, depth);
}

const elementsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Rich text is a string, a list of rich texts, or an object around one. */
function inlineWords(value: unknown, depth: number): string {
  if (typeof value === "string") return value;
  if (depth > DEEPEST || typeof value !== "object" || value === null) return "";
  if (Array.isArray(value))
    return elementsOf(value)
      .map((part) => inlineWords(part, depth + 1))
      .join("");
  const { text, url, alternative_text: shown, expression } = z.looseObject({}).parse(value);
  const words = inlineWords(text ?? shown ?? expression, depth + 1);
  return typeof url === "string" && url !== words ? `${words} (${url})` : words;
}
