/** What single notes and round sums are called: "a tenner", "nen Zwanni". In the currency that is meant anyway. */
export const noteNames: ReadonlyMap<string, number> = new Map(
  Object.entries({
    5: "fiver fünfer fuenfer",
    10: "tenner zehner",
    20: "zwanni zwanziger zwannie score",
    50: "fuffi fünfziger fuffziger fuenfziger fuffie",
    100: "hunni hunderter huni",
    1000: "tausender",
  }).flatMap(([value, names]) => names.split(" ").map((name) => [name, Number(value)] as const)),
);

/** Several of them, behind their number: "four twenties". */
export const notesCounted: ReadonlyMap<string, number> = new Map([
  ...noteNames,
  ...["fives", "tens", "twenties", "fifties", "hundreds"].map(
    (name, at) => [name, [5, 10, 20, 50, 100][at] ?? 0] as const,
  ),
  ...[...noteNames].flatMap(([name, value]) => ["s", "n"].map((end) => [`${name}${end}`, value] as const)),
]);

/** What may stand before it. */
export const noteArticles: ReadonlySet<string> = new Set("a an one ein einen nen n den the en einem".split(" "));
