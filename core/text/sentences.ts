const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });

/** After these a full stop does not end a sentence, though the next word may begin with a capital letter. */
const abbreviation =
  /(?:^|[\s(])(?:Mr|Mrs|Ms|Dr|Prof|St|No|Nos|Nr|Art|Sec|Inc|Ltd|Co|Corp|vs|etc|approx|e\.g|i\.e|z\.B|d\.h|bzw|ca|usw|U\.S|U\.K|[A-Z])\.\s*$/;
/** Section numbers such as "4.2" or "3." stand before their sentence. */
const onlyNumber = /^\s*\(?\d+(?:\.\d+)*[.)]?\s*$/;

/** Splits one line of text into its sentences; each is a literal part of it. */
export function splitSentences(text: string): readonly string[] {
  const sentences: string[] = [];
  let open = "";
  for (const { segment } of segmenter.segment(text)) {
    open += segment;
    if (abbreviation.test(open) || onlyNumber.test(open)) continue;
    sentences.push(open.trim());
    open = "";
  }
  if (open.trim() !== "") sentences.push(open.trim());
  return sentences.filter((sentence) => sentence !== "");
}
