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

/** Setext underlines times lines: the parser walks back over the document for each of them (25 000 took 143 s). */
const MAX_UNDERLINE_WORK = 1_000_000;

const containerPrefix = /^(?:[ \t]|>|[-+*](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$))*/;
const delimiters = /[*_~[\]`<!&@:]/g;
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

/**
 * Whether parsing this text as Markdown could hang or exhaust the stack.
 *
 * Fenced code at column 0 is free, because the parser does not look inside it. Everything else is counted
 * pessimistically: a text that passes is cheap, a text that fails is almost certainly an attack or no Markdown.
 */
export function isTooComplex(text: string): boolean {
  if (text.length > MAX_MARKDOWN_LENGTH) return true;
  const lines = text.split(/\r\n|\n|\r/);
  let fence = "";
  let inRun = 0;
  let work = 0;
  let busyLines = 0;
  let underlines = 0;
  for (const line of lines) {
    if (fence !== "") {
      if (fenceCloses(line, fence)) fence = "";
      continue;
    }
    const opener = fenceOpener.exec(line);
    fence = opener?.[1] ?? opener?.[2] ?? "";
    if (fence !== "" || line.trim() === "") {
      inRun = 0;
      continue;
    }
    if (containerDepth(line) > MAX_CONTAINER_DEPTH) return true;
    const found = line.match(delimiters)?.length ?? 0;
    // (a + b)² − a²: summed over the lines of one run this is the square of the run.
    work += found * (2 * inRun + found);
    inRun += found;
    busyLines += 1;
    if (underline.test(line)) underlines += 1;
  }
  return work > MAX_DELIMITER_WORK || busyLines > MAX_LINES || underlines * lines.length > MAX_UNDERLINE_WORK;
}
