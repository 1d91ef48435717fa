/** A text with entities, as Markdown where the marks mean something: an address, a quotation, code. */

export interface Mark {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  readonly url?: string | undefined;
}

interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** Styles are left out: bold words are the same words. */
export function markWords(text: string, marks: readonly Mark[]): string {
  const insertions = marks
    .filter(({ offset, length }) => length > 0 && offset + length <= text.length)
    .flatMap((mark) => insertionsFor(text, mark))
    // From the end, so that what stands before keeps its place.
    .toSorted((left, right) => right.at - left.at);
  let marked = text;
  for (const { at, text: added } of insertions) marked = marked.slice(0, at) + added + marked.slice(at);
  return marked;
}

function insertionsFor(text: string, { type, offset, length, url }: Mark): readonly Insertion[] {
  const end = offset + length;
  if (type === "text_link" && url !== undefined) {
    return text.slice(offset, end) === url ? [] : [{ at: end, text: ` (${url})` }];
  }
  if (type === "blockquote" || type === "expandable_blockquote") return quotation(text, offset, end);
  if (type !== "pre") return [];
  const [before, after] = around(text, offset, end, "\n");
  return [
    { at: offset, text: `${before}\`\`\`\n` },
    { at: end, text: `\n\`\`\`${after}` },
  ];
}

function quotation(text: string, offset: number, end: number): readonly Insertion[] {
  const [before, after] = around(text, offset, end, "\n\n");
  const lines = [...text.slice(offset, end - 1).matchAll(/\n/gu)].map(({ index }) => ({
    at: offset + index + 1,
    text: "> ",
  }));
  return [{ at: offset, text: `${before}> ` }, ...lines, ...(after === "" ? [] : [{ at: end, text: after }])];
}

/** Line breaks that are wanting around a block: what follows a quotation without a blank line would be part of it. */
function around(text: string, offset: number, end: number, behind: string): readonly [string, string] {
  const before = offset === 0 || text[offset - 1] === "\n" ? "" : "\n";
  const rest = text.slice(end);
  if (rest === "" || text.slice(end - 1).startsWith("\n\n") || rest.startsWith(behind)) return [before, ""];
  return [before, rest.startsWith("\n") || text[end - 1] === "\n" ? behind.slice(1) : behind];
}
