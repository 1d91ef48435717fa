/** The twelve to twenty-four words that open a wallet, with or without a word that says so. */
import type { Detector, PersonalData } from "./finding.ts";

const WORD = /(?<![\p{L}\p{N}'’-])(?:\d{1,2}[.):] ?)?(?<word>[a-z]{3,8})(?![\p{L}\p{N}'’-])/gu;
/** Between two of them. */
const GAP = /^[ ,;|\n\t]{1,3}(?:-{1,2} ?)?$/u;
const LENGTHS = [24, 21, 18, 15, 12] as const;
/** No list of such words has them, and few sentences go twelve words without one. */
const OF_SENTENCES = new Set(
  (
    "the and for are but not have has had was were our his her its you your who how why did does got get from with this that them they their there these those been being would could should than too " +
    "che non con per una del della sono come anche piu que los las por para pero como mas esta este todo les des une est pas pour qui sur avec dans mais plus het een van niet met voor dat zijn ook naar nie jest sie jak ale czy dla tylko die der das und ist mit von den dem ein eine auch auf ich wir sie nicht"
  ).split(" "),
);

export const findSeedPhrases: Detector = function* findSeedPhrases(text) {
  let run: PersonalData[] = [];
  for (const { 0: whole, index, groups } of text.matchAll(WORD)) {
    const previous = run.at(-1);
    const joins = previous !== undefined && GAP.test(text.slice(previous.end, index).slice(0, 8));
    const isOne = !OF_SENTENCES.has(groups?.["word"] ?? "");
    if (!joins || !isOne) {
      yield* phraseOf(run);
      run = [];
    }
    if (isOne) run.push({ kind: "secret", start: index, end: index + whole.length });
  }
  yield* phraseOf(run);
};

function* phraseOf(run: readonly PersonalData[]): Generator<PersonalData> {
  const length = LENGTHS.find((one) => one <= run.length);
  const [first] = run;
  const last = run[(length ?? 0) - 1];
  // A longer run is a list of something else.
  if (first === undefined || last === undefined || run.length > 26) return;
  yield { kind: "secret", start: first.start, end: last.end };
}
