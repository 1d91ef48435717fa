/**
 * The words that most traces are made of, each written as its place in this list. Add new ones at the end and never move
 * any: what is stored counts on it. Every other word is written out.
 */
const WORDS = (
  "normalize intake guard conversation cache confirmation agent model tool document breaker compliance commit delivery " +
  "passed stopped done refused failed answered silent cancelled resumed created hit found call answer enough added linked " +
  "bot-loop access mention control rate-limit budget content outbox answers search search_documents search_products notices " +
  "orchestrator intent-analyzer tool-selector response-generator intentAnalyzer toolSelector responseGenerator knowledge " +
  "no-evidence noted withdrawn open crew proposal link replay arrivals cards"
).split(" ");

const PLACES = new Map(WORDS.map((word, place) => [word, place]));

/** The word as it is stored. */
export function shortWord(word: string): string | number {
  return PLACES.get(word) ?? word;
}

/** The word itself; undefined for a place that this list does not have. */
export function wholeWord(stored: string | number): string | undefined {
  return typeof stored === "string" ? stored : WORDS[stored];
}
