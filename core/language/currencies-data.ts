/** Currencies as people write them, as data: their signs, their codes, and their names in English and German. */

/** Signs that stand for one currency. */
export const signs: ReadonlyMap<string, string> = new Map(
  "€ EUR £ GBP ¥ JPY ₹ INR ₺ TRY ₽ RUB ₩ KRW ₪ ILS ₴ UAH ₫ VND ₦ NGN ₱ PHP ₡ CRC ₲ PYG ₵ GHS ₸ KZT ₼ AZN ₾ GEL ฿ THB 💶 EUR 💵 USD 💷 GBP 💴 JPY"
    .split(" ")
    .flatMap((sign, index, all) => (index % 2 === 0 ? [[sign, all[index + 1] ?? ""] as const] : [])),
);

/** Codes that are read in lower case, too: the others are words of their own ("all", "try", "top"). */
export const plainCodes: ReadonlySet<string> = new Set(
  "EUR USD GBP CHF JPY SEK NOK DKK PLN CZK HUF RON BGN CAD AUD NZD INR CNY ZAR BRL MXN SGD HKD KRW ILS UAH AED RUB THB ISK".split(
    " ",
  ),
);

/** Names of currencies; where several countries have one of that name, the best known stands for all. */
export const names = codesByWord({
  EUR: "euro euros eurons teuro",
  GBP: "pound pounds quid sterling pfund",
  USD: "dollar dollars",
  CHF: "franc francs franken sfr fränkli stutz stütz",
  JPY: "yen",
  PLN: "zloty zlotys złoty złotych zł zlotych",
  INR: "rupee rupees rupie rupien",
  TRY: "lira lire tl",
  THB: "baht",
  RUB: "ruble rubles rouble roubles rubel",
  CZK: "koruna korun kč",
  HUF: "forint forints ft",
  BTC: "bitcoin bitcoins btc satoshi",
  UAH: "hryvnia",
  ILS: "shekel shekels",
  ZAR: "rand",
  CNY: "yuan renminbi rmb",
  KRW: "won",
  MXN: "peso pesos",
  SEK: "kronor kr",
  DEM: "dm mark märker",
});

/** What the currency that is meant anyway is called every day. */
export const everydayNames: ReadonlySet<string> = new Set(
  "euronen tacken öcken ocken mäuse kröten piepen flocken".split(" "),
);

/** Last words of names that are words of their own: "Mark", "right", "won". */
const ownWords: ReadonlySet<string> = new Set(
  "mark real som won sum sol rand gold rights leone colon pula tala kina herzegowina sonderziehungsrechte unit euro".split(
    " ",
  ),
);

/** The names that the platform knows, such as "ringgit", by their last word. */
export const otherNames: ReadonlyMap<string, string> = new Map(
  ["en", "de"].flatMap((language) => {
    const nameOf = new Intl.DisplayNames([language], { type: "currency" });
    return Intl.supportedValuesOf("currency").flatMap((code) => {
      const name = nameOf.of(code)?.replace(/\(.*$/u, "").trim().toLowerCase() ?? "";
      const word = name.split(/[\s-]+/u).at(-1) ?? "";
      return word === "" || ownWords.has(word) ? [] : [word, `${word}s`].map((one) => [one, code] as const);
    });
  }),
);

/** What stands before "dollar" or "$". */
export const nationalDollars = codesByWord({
  USD: "us american",
  CAD: "c ca canadian",
  AUD: "a au australian",
  NZD: "nz",
  HKD: "hk",
  SGD: "s",
});

function codesByWord(words: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(words).flatMap(([code, all]) => all.split(" ").map((word) => [word, code] as const)));
}
