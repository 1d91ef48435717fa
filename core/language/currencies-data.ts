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
  CHF: "franc francs franken sfr fränkli",
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
  SEK: "kronor",
});

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
