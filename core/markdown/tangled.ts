/** Markdown that is more marks than words takes minutes to parse: it is said as plain words instead. */

/** A long table or list of an honest answer has fewer in one block. */
const MOST_MARKS = 600;
const MOST_LINES = 400;
/** Quotes and lists inside each other. */
const MOST_LEVELS = 8;

/** What pairs with another mark of its paragraph, so that each is compared with many. */
const PAIRING = /[[<*_~`\\]/gu;
const MARKS = /[[\]<>*_~`\\|]/gu;
const LEVELS = String.raw`(?:[>*+-]|\d{1,9}[.)])(?:[ \t]+|$)|>`;
const DEEP = new RegExp(String.raw`^[ \t]*(?:${LEVELS}){${MOST_LEVELS},}`, "mu");
const LINE_START = new RegExp(String.raw`^[ \t]*(?:${LEVELS}|#+)+`, "gmu");

/** The text with the marks of such blocks left out. Linear in its length. */
export function untangled(text: string): string {
  return text
    .split(/(\n[ \t]*\n)/u)
    .map((block) => (isTangled(block) ? block.replaceAll(MARKS, "").replaceAll(LINE_START, "") : block))
    .join("");
}

function isTangled(block: string): boolean {
  const marks = block.match(PAIRING)?.length ?? 0;
  return marks > MOST_MARKS || block.split("\n").length > MOST_LINES || DEEP.test(block);
}
