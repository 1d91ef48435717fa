/** Sentences and lines with everything between them, so that they join to the same text; links and code spans stay whole. */
export function sentencesOf(text: string): readonly string[] {
  const parts =
    text.match(/[^\n]*?(?:[.!?…]["”»)*_]*(?:\s*\[[\d, ]+\])*(?=\s|$)|\n|$)\s*/gu)?.filter((part) => part !== "") ?? [];
  const whole: string[] = [];
  let open = "";
  for (const part of parts) {
    open += part;
    if (isOpen(open)) continue;
    whole.push(open);
    open = "";
  }
  return open === "" ? whole : [...whole, open];
}

/** Inside the words or the address of a link, or inside a code span. A line's end closes everything. */
function isOpen(text: string): boolean {
  if (/\n\s*$/u.test(text) || text.length > LONGEST) return false;
  if (text.split("`").length % 2 === 0) return true;
  return /\[[^\]]*$|\]\([^)]*$/u.test(text);
}

const LONGEST = 1_000;
