/**
 * Markdown trees as WhatsApp text: `*bold*`, `_italic_`, `~strike~`, code, quotes and lists.
 *
 * WhatsApp has no escape character. A literal mark that would pair with another is kept from it by zero-width spaces;
 * marks inside words (`snake_case`), in code and in addresses are left as they are, because WhatsApp leaves them too.
 */
import type { BlockContent, DefinitionContent, List, PhrasingContent, Root, RootContent, Table } from "mdast";
import { toString } from "mdast-util-to-string";
import { canonicalTree, firstCharacter, lastCharacter, toPlainText } from "../../adapter.ts";

const ZERO_WIDTH_SPACE = "\u200B";
const MARKS = ["*", "_", "~", "`"];
/** Widest table that is shown in columns: what fits a telephone. */
const TABLE_WIDTH = 36;

interface Style {
  readonly bold: boolean;
  readonly italic: boolean;
  readonly strike: boolean;
}

interface Run extends Style {
  readonly text: string;
  /** Shown as it is: code, or an address that WhatsApp links. */
  readonly kind: "words" | "code" | "address";
}

const PLAIN: Style = { bold: false, italic: false, strike: false };

/** The tree as WhatsApp text. */
export function toWhatsapp(tree: Root): string {
  return blocks(canonicalTree(tree).children, "\n\n");
}

/** Plain text that WhatsApp shows as it is: marks in it mark nothing. */
export function toUnmarked(text: string): string {
  return guardLines(writeRuns([{ ...PLAIN, text, kind: "words" }]));
}

type Block = RootContent | BlockContent | DefinitionContent;

function blocks(nodes: readonly Block[], between: string): string {
  return nodes
    .map(block)
    .filter((text) => text !== "")
    .join(between);
}

function block(node: Block): string {
  if (node.type === "paragraph") return guardLines(writeRuns(runsOf(node.children, PLAIN)));
  if (node.type === "heading") return guardLines(writeRuns(runsOf(node.children, { ...PLAIN, bold: true })));
  if (node.type === "blockquote") return prefixed(blocks(node.children, "\n"), "> ", "> ");
  if (node.type === "list") return list(node);
  if (node.type === "code") return code(node.value);
  if (node.type === "table") return table(node);
  if (node.type === "thematicBreak") return "———";
  return toUnmarked(toPlainText({ type: "root", children: [node] }));
}

function list({ ordered, start, spread, children }: List): string {
  const items = children.map((item, index) => {
    const bullet = ordered === true ? `${(start ?? 1) + index}. ` : "- ";
    const box = item.checked === true ? "☑ " : item.checked === false ? "☐ " : "";
    return prefixed(blocks(item.children, "\n"), bullet + box, " ".repeat(bullet.length));
  });
  return items.join(spread === true ? "\n\n" : "\n");
}

function code(value: string): string {
  if (value.trim() === "") return "";
  // A fence inside the code would end it: such code is shown as words.
  return value.includes("```") ? toUnmarked(value) : `\`\`\`${value}\`\`\``;
}

/** Columns where they fit, otherwise one line for each row: its first cell, then each heading with its value. */
function table(node: Table): string {
  const columns = toPlainText({ type: "root", children: [node] }, { tableWidth: TABLE_WIDTH });
  if (/^-+(?: {2}-+)*$/mu.test(columns)) return code(columns);
  const [head, ...rows] = node.children.map((row) => row.children);
  if (head === undefined) return "";
  if (rows.length === 0) return lineOf(head.map((cell) => runsOf(cell.children, { ...PLAIN, bold: true })));
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const words = writeRuns(runsOf(cell.children, PLAIN));
          const heading = writeRuns(runsOf(head[column]?.children ?? [], { ...PLAIN, bold: true }));
          return heading === "" ? words : `${heading}: ${words}`;
        })
        .map((line, column) => prefixed(line, column === 0 ? "- " : "  ", "  "))
        .join("\n"),
    )
    .join("\n");
}

function lineOf(cells: readonly (readonly Run[])[]): string {
  return cells.map((cell) => writeRuns(cell)).join(" | ");
}

function runsOf(nodes: readonly PhrasingContent[], style: Style): readonly Run[] {
  return nodes.flatMap((node): readonly Run[] => {
    if (node.type === "strong") return runsOf(node.children, { ...style, bold: true });
    if (node.type === "emphasis") return runsOf(node.children, { ...style, italic: true });
    if (node.type === "delete") return runsOf(node.children, { ...style, strike: true });
    if (node.type === "inlineCode") return [{ ...PLAIN, text: node.value, kind: "code" }];
    if (node.type === "break") return [{ ...PLAIN, text: "\n", kind: "words" }];
    if (node.type === "link") return linkRuns(runsOf(node.children, style), toString(node), node.url);
    if (node.type === "image") {
      const alt = node.alt ?? "";
      return linkRuns([{ ...style, text: alt, kind: "words" }], alt, node.url);
    }
    return [{ ...style, text: "value" in node ? node.value : "", kind: "words" }];
  });
}

/** WhatsApp has no masked links: the address stands behind its label, or alone where the label says it already. */
function linkRuns(label: readonly Run[], words: string, url: string): readonly Run[] {
  const address: Run = { ...PLAIN, text: url, kind: "address" };
  const bare = url.replace(/^(?:https?:\/\/|mailto:|tel:)/iu, "").replace(/\/$/u, "");
  if (words.trim() === "" || words === url) return [address];
  if (words.replace(/^https?:\/\//iu, "").replace(/\/$/u, "") === bare) return [{ ...address, text: words }];
  return [...label, { ...PLAIN, text: " (", kind: "words" }, address, { ...PLAIN, text: ")", kind: "words" }];
}

/** Runs as text: each line's piece of a styled run gets its marks where WhatsApp would read them as such. */
function writeRuns(runs: readonly Run[]): string {
  const guarded = marksThatPair(runs);
  const pieces = runs.flatMap((run) => run.text.split(/(\n)/u).map((text) => ({ ...run, text })));
  let written = "";
  for (const [index, piece] of pieces.entries()) {
    written += writePiece(piece, {
      before: lastCharacter(written),
      after: firstCharacter(pieces[index + 1]?.text ?? ""),
      guarded,
    });
  }
  return written;
}

interface Place {
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly guarded: ReadonlySet<string>;
}

function writePiece(piece: Run, place: Place): string {
  const words = piece.text.trim();
  if (words === "") return piece.text;
  const marks = marksOf(piece);
  const [leading = "", trailing = ""] = piece.text.split(words);
  const before = lastCharacter(leading) ?? place.before;
  const after = firstCharacter(trailing) ?? place.after;
  const readable = marks !== "" && mayOpenAfter(before) && !isWordCharacter(after);
  const text = piece.kind === "words" ? guard(words, place.guarded) : words;
  if (!readable) return leading + (piece.kind === "code" ? guard(words, place.guarded) : text) + trailing;
  return `${leading}${marks}${text}${Array.from(marks).toReversed().join("")}${trailing}`;
}

function marksOf({ kind, text, bold, italic, strike }: Run): string {
  // A backtick inside would end the code early.
  if (kind === "code") return text.includes("`") ? "" : "`";
  if (kind === "address") return "";
  return (bold ? "*" : "") + (italic ? "_" : "") + (strike ? "~" : "");
}

/** Marks that occur twice in a paragraph, or that its styles use. */
function marksThatPair(runs: readonly Run[]): ReadonlySet<string> {
  const literal = runs.filter(({ kind }) => kind !== "address").map(({ text }) => text);
  const styled = runs.map(marksOf).join("");
  const all = literal.join("");
  return new Set(MARKS.filter((mark) => styled.includes(mark) || all.split(mark).length > 2));
}

function guard(text: string, marks: ReadonlySet<string>): string {
  const characters = Array.from(text);
  return characters
    .map((character, index) => {
      if (!marks.has(character)) return character;
      const insideWord = isWordCharacter(characters[index - 1]) && isWordCharacter(characters[index + 1]);
      if (insideWord && character !== "`") return character;
      return ZERO_WIDTH_SPACE + character + ZERO_WIDTH_SPACE;
    })
    .join("");
}

/** Lines of words that start like a quote or a list are kept from becoming one. */
function guardLines(text: string): string {
  return text.replaceAll(/^(?=[>*-]\s)/gmu, ZERO_WIDTH_SPACE);
}

function isWordCharacter(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}\p{M}]/u.test(character);
}

function mayOpenAfter(character: string | undefined): boolean {
  return character === undefined || (!isWordCharacter(character) && !MARKS.includes(character));
}

function prefixed(text: string, first: string, others: string): string {
  return text
    .split("\n")
    .map((line, index) => ((index === 0 ? first : others) + line).trimEnd())
    .join("\n");
}
