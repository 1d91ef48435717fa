/** Decides, in one linear pass, whether a text is safe to hand to the Markdown parser. */

/** Longest text that is read as Markdown, in UTF-16 units. A longer one is shown as it is. */
export const MAX_MARKDOWN_LENGTH = 100_000;

/** Deepest nesting of quotes and lists that is read as Markdown. */
const MAX_CONTAINER_DEPTH = 100;

/*
 * micromark resolves the delimiters of one run of lines against each other, so its work grows with the
 * square of their number: 100 kB of `]` took 46 s and 30 kB of `a*_b` 23 s (Node 20). Two thousand in one run,
 * or many runs that add up to the same, stay under about 300 ms; ordinary prose has ten or twenty.
 */
const MAX_DELIMITER_WORK = 2_000 ** 2;

/** Most lines with markup outside fenced code: the parser spends about 50 µs on each list item or table row. */
const MAX_LINES = 10_000;

/** Most cells of tables: the parser spends about 100 µs on each. */
const MAX_CELLS = 8_000;

/*
 * For each setext underline and each quote or list that closes, the parser walks back over the document: 25 000
 * underlines took 143 s and 4 000 nested items 10 s. The product of these and the lines stays under a second.
 */
const MAX_WALK_WORK = 1_500_000;

const containerPrefix = /^(?:[ \t]|>|[-+*](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$))*/;
const delimiters = /[*_~[\]`<!&@:]/g;
/** A bullet ends the paragraph before it, wherever it stands. */
const bullet = /^ {0,3}[-+*][ \t]+\S/;
const underline = /^[ \t>]*[=-]+[ \t]*$/;
const fenceOpener = /^(?:(`{3,})[^`]*|(~{3,}).*)$/;

/** Upper bound of the containers open on a line: one per marker, one per two columns of indentation. */
function containerDepth(line: string): number {
  const prefix = containerPrefix.exec(line)?.[0] ?? "";
  if (prefix.length === line.length && prefix.trim() === "") return 0;
  let markers = 0;
  let columns = 0;
  for (const character of prefix) {
    if (character === "\t") columns += 4;
    else if (character === " ") columns += 1;
    else if (!/\d/.test(character)) markers += 1;
  }
  return markers + columns / 2;
}

function fenceCloses(line: string, fence: string): boolean {
  const content = line.replace(/^ {0,3}/, "").trimEnd();
  return content.length >= fence.length && content === fence.charAt(0).repeat(content.length);
}

/** The lines the parser looks into: all but fenced code at column 0. A fence counts as a blank line. */
function outsideFences(lines: readonly string[]): string[] {
  let fence = "";
  return lines.flatMap((line) => {
    if (fence !== "") {
      if (fenceCloses(line, fence)) fence = "";
      return [];
    }
    const opener = fenceOpener.exec(line);
    fence = opener?.[1] ?? opener?.[2] ?? "";
    return [fence === "" ? line : ""];
  });
}

/** The sum, over the runs of lines that the parser reads as one, of the square of their delimiters. */
function delimiterWork(lines: readonly string[]): number {
  let inRun = 0;
  let work = 0;
  for (const line of lines) {
    const found = line.match(delimiters)?.length ?? 0;
    if (line.trim() === "" || bullet.test(line)) inRun = 0;
    // (a + b)² − a²: over the lines of one run this adds up to the square of the run.
    work += found * (2 * inRun + found);
    inRun += found;
  }
  return work;
}

/** Cells that lines with bars may hold. */
function cells(lines: readonly string[]): number {
  return lines.reduce((count, line) => count + (line.match(/\|/g)?.length ?? 0), 0);
}

/** How often the parser walks back over what it has read: underlines, and containers that close. */
function walks(lines: readonly string[]): number {
  let count = 0;
  let depth = 0;
  let quoted = false;
  for (const line of lines) {
    if (line.trim() === "") {
      if (quoted) count += 1;
      quoted = false;
      continue;
    }
    const here = containerDepth(line);
    if (here < depth || underline.test(line)) count += 1;
    depth = here;
    quoted = line.includes(">");
  }
  return count;
}

/**
 * Whether parsing this text as Markdown could hang or exhaust the stack.
 *
 * Fenced code at column 0 is free, because the parser does not look inside it. Everything else is counted
 * pessimistically: a text that passes is cheap, a text that fails is almost certainly an attack or no Markdown.
 */
export function isTooComplex(text: string): boolean {
  if (text.length > MAX_MARKDOWN_LENGTH) return true;
  const all = text.split(/\r\n|\n|\r/);
  const lines = outsideFences(all);
  const busy = lines.filter((line) => line.trim() !== "");
  return (
    busy.length > MAX_LINES ||
    cells(busy) > MAX_CELLS ||
    walks(lines) * all.length > MAX_WALK_WORK ||
    busy.some((line) => containerDepth(line) > MAX_CONTAINER_DEPTH) ||
    delimiterWork(lines) > MAX_DELIMITER_WORK
  );
}
