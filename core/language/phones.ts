import type { Language } from "./message-language.ts";
import { blanked, type Span, spanOfMatch } from "./span.ts";

/** A telephone number: its digits are no sum. */
export interface PhoneMention extends Span {
  readonly kind: "phone";
  /** E.164: `+491765551234`. */
  readonly phone: string;
}

/** A telephone number begins with "+", "00" or a zero; other digits are left to their other readings. */
const shape = /(?<![\p{L}\p{N}.,+€$£-])(?:\+\d|00?[1-9])(?:[ ()/\u00A0-]{0,2}\d){6,16}(?![\p{L}\p{N}]|[.,]\d)/gu;
/** Looking costs some microseconds each: a text full of digits has no more telephone numbers than this. */
const MOST_CANDIDATES = 20;
/** Whose national numbers they are, by the language of the text. */
const home = { en: "44", de: "49" } as const;
/** How many digits follow the code of a country or service, at least and at most, as libphonenumber 1.13 knows them. */
const plans: readonly (readonly [least: number, most: number, codes: string])[] = [
  [4, 4, "290"],
  [4, 7, "683 690"],
  [4, 10, "98"],
  [4, 11, "352"],
  [4, 13, "43 598"],
  [4, 15, "49"],
  [5, 5, "500 682"],
  [5, 6, "247"],
  [5, 7, "676 677 678 688"],
  [5, 8, "386 47 686"],
  [5, 10, "27 64 685"],
  [5, 11, "31 852"],
  [5, 12, "358 971 61"],
  [5, 14, "82"],
  [6, 6, "298 299 672 687"],
  [6, 7, "597"],
  [6, 9, "252 355 376 689 40 508 681 421"],
  [6, 10, "48 880 95 53"],
  [6, 11, "375 595"],
  [6, 12, "359 381 39 46"],
  [6, 13, "63"],
  [7, 7, "238 239 246 248 269 291 297 592 599 673 674 680 691 692"],
  [7, 8, "241 670 675 853 961 965 975"],
  [7, 9, "220 245 265 354 423 231 385 967 968"],
  [7, 10, "230 267 372 243 254 353 84 263 44 960"],
  [7, 11, "501 679 503 507 886 974"],
  [7, 12, "86 882 972"],
  [7, 13, "90"],
  [7, 16, "62"],
  [8, 8, "216 222 223 226 227 228 232 235 236 253 257 266 350 356 357 370 371 373 374 389 45 505 509 800 808 973 993"],
  [8, 9, "213 224 233 237 250 258 264 268 32 36 377 382 387 51 591 962 963"],
  [8, 10, "20 60 855 856 964 970 976 378 506 850"],
  [8, 11, "502 504 55 593 57 65 977"],
  [8, 12, "383 883 92"],
  [8, 13, "66 91"],
  [8, 16, "81"],
  [9, 9, "211 212 218 221 240 242 244 249 251 255 256 260 261 262 33 34 351 590 594 596 93 94 979 992 994 995 998"],
  [9, 10, "380 881 966 996"],
  [9, 11, "56"],
  [9, 12, "41 870 420"],
  [10, 10, "1 225 229 52 58 7"],
  [10, 11, "54"],
  [10, 12, "30"],
  [10, 14, "234"],
  [11, 11, "888"],
  [12, 12, "878"],
];
const planOf = new Map(
  plans.flatMap(([least, most, codes]) => codes.split(" ").map((code) => [code, { least, most }])),
);

/** Finds telephone numbers, national ones by the language of the text. */
export function findPhones(
  text: string,
  { language, taken = [] }: { readonly language: Language; readonly taken?: readonly Pick<Span, "start" | "end">[] },
): readonly PhoneMention[] {
  const candidates = [...blanked(text, taken).matchAll(shape)].slice(0, MOST_CANDIDATES);
  return candidates.flatMap((match) => {
    const phone = e164(match[0], language);
    return phone === undefined ? [] : [{ kind: "phone" as const, ...spanOfMatch(match), phone }];
  });
}

/** The number as the whole world dials it; undefined where nobody can have it. */
function e164(literal: string, language: Language): string | undefined {
  const isInternational = /^(?:\+|00)/u.test(literal);
  // "+49 (0)176": the zero is for those who dial at home.
  const digits = (isInternational ? literal.replace("(0)", "") : literal).replaceAll(/\D/gu, "").replace(/^0+/u, "");
  const whole = isInternational ? digits : `${home[language]}${digits}`;
  return isPhoneNumber(whole) ? `+${whole}` : undefined;
}

/** Whether somebody can have this number: the digits of E.164 without the plus. */
export function isPhoneNumber(whole: string): boolean {
  const code = [1, 2, 3].map((length) => whole.slice(0, length)).find((start) => planOf.has(start)) ?? "";
  const { least, most } = planOf.get(code) ?? { least: Infinity, most: 0 };
  const rest = whole.length - code.length;
  return rest >= least && rest <= most;
}
