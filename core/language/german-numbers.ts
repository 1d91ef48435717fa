/** German writes numbers as one word: "zweihundertfünfzig", "eintausendzweihundert". */

const below20 =
  "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn".split(
    " ",
  );
const tens = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split(" ");
const LONGEST_WORD = 60;

/** "fuenfzig", "dreissig" and "fünfzig", "dreißig" alike, and "fuffzich" as it is spoken. */
function plain(word: string): string {
  return word
    .replaceAll("ü", "ue")
    .replaceAll("ö", "oe")
    .replaceAll("ß", "ss")
    .replaceAll(/(?<=z|ss)ich(?!\p{L}{3})/gu, "ig")
    .replaceAll(/fuff?(?=z)/gu, "fuenf")
    .replaceAll(/zwoo?(?=\p{L}|$)/gu, "zwei");
}

const small: ReadonlyMap<string, number> = new Map([
  ...below20.map((word, value) => [plain(word), value] as const),
  ...["eins", "eine", "einen", "einem", "einer"].map((word) => [word, 1] as const),
]);
const tensOf: ReadonlyMap<string, number> = new Map(tens.map((word, index) => [plain(word), (index + 2) * 10]));

function belowHundred(word: string): number | undefined {
  const known = small.get(word) ?? tensOf.get(word);
  if (known !== undefined) return known;
  for (const [ten, value] of tensOf) {
    const unit = word.endsWith(`und${ten}`) ? small.get(word.slice(0, -ten.length - 3)) : undefined;
    if (unit !== undefined && unit > 0 && unit < 10) return value + unit;
  }
  return undefined;
}

function split(
  word: string,
  at: string,
  below: (part: string) => number | undefined,
  size: number,
): number | undefined {
  const index = word.indexOf(at);
  if (index < 0) return below(word);
  const [before, behind] = [word.slice(0, index), word.slice(index + at.length).replace(/^und(?=.)/u, "")];
  const count = before === "" ? 1 : below(before);
  const rest = behind === "" ? 0 : below(behind);
  return count === undefined || rest === undefined || count === 0 ? undefined : count * size + rest;
}

function belowThousand(word: string): number | undefined {
  return split(word, "hundert", belowHundred, 100);
}

/** The whole number that a German word spells out, up to 999,999. */
export function germanNumber(lower: string): number | undefined {
  if (lower.length > LONGEST_WORD) return undefined;
  return split(plain(lower), "tausend", belowThousand, 1_000);
}
