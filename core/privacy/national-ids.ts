import { isIcao, isLuhn, weighted } from "./check-digits.ts";
import type { Detector } from "./finding.ts";
import { matchesOf } from "./finding.ts";
import {
  argentine,
  austrian,
  brazilian,
  chilean,
  chinese,
  czech,
  finnish,
  french,
  germanHealth,
  germanPension,
  germanTax,
  isDay,
  italian,
  norwegian,
  pesel,
  polishCard,
  portugueseCard,
  russianInsurance,
  singaporean,
  southAfrican,
  spanish,
} from "./national-checks.ts";
import { ACRONYMS, DOCUMENTS, NUMBERS } from "./national-id-words.ts";

/** One country's number: its shape, and whether its check digits are right (without separators, in capitals). */
interface NationalId {
  readonly shape: RegExp;
  readonly isOne?: (compact: string) => boolean;
  /** A number whose shape and check many others share counts only behind a word that says what it is. */
  readonly named?: Words;
  /** A sign that each such number has: without it the text is not searched. */
  readonly needs?: string;
  /** @default 5 */
  readonly fewestDigits?: number;
}

/** Words that say what a number is: somewhere in a text, and right before or behind it. */
interface Words {
  readonly somewhere: RegExp;
  readonly behind: RegExp;
}
const CONNECTED =
  "^[\"')\\]]{0,2}(?: ?[(–=-] ?|,? (?:that'?s|this is|das ist|dat is|c['’]est|is|ist|est|es|è|to|jest) )(?:\\p{L}{1,10}['’]? ){0,3}";

/** One of these words by itself. */
const word = (words: string): Words => ({
  somewhere: new RegExp(`(?<!\\p{L})(?:${words})(?!\\p{L})`, "giu"),
  behind: new RegExp(`${CONNECTED}(?:${words})(?!\\p{L})`, "iu"),
});

const edge = (shape: string, flags = "giu"): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}])(?:${shape})(?![\\p{L}\\p{N}])`, flags);

/** "pass" is a verb too: only a number with letters is a paper's behind it. */
const NAMED_DOCUMENT = word(`pass|${DOCUMENTS}`);
const NAMED_ANY = word(
  `${DOCUMENTS}|${NUMBERS}|(?:${ACRONYMS})(?=["']?(?:[ .:#=-]{1,3}(?:(?:numbers?|no|nr|num|n[°º.]|nummer|is|ist|est|es|è|to)(?!\\p{L}))?){1,3}[ "']{0,2}[A-Z]{0,4}[ -]?\\d)`,
);
/** Groups of digits and few letters, such as "12 150785 M 123" or "A123456(3)". */
const GROUPS =
  "(?=[A-Z]{0,4}\\d)[A-Z0-9]{1,20}(?:[ ./-]{1,3}(?=[A-Z]{0,3}\\d|[A-Z] \\d)[A-Z0-9]{1,10}){0,12}(?:-?[A-Z]{1,2}(?![A-Z])| [A-Z](?![A-Z])|\\([0-9A]\\))?";

const IDS: readonly NationalId[] = [
  // United States: social security and taxpayer numbers.
  { shape: edge("(?!000|666)\\d{3}([- ])(?!00)\\d\\d\\1(?!0000)\\d{4}") },
  { shape: edge("\\d{9}"), named: word("ssn|social(?: security)?|itin|taxpayer") },
  // United Kingdom: national insurance.
  { shape: edge("(?:QQ|(?!BG|GB|NK|KN|TN|NT|ZZ)[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z]) ?(?:\\d{2}[ .-]?){3}[A-D]") },
  { shape: edge("\\d{3}[ -]?\\d{3}[ -]?\\d{4}"), named: word("nhs") },
  // Ireland.
  { shape: edge("\\d{7}[A-W][A-IW]?"), named: word("pps(?:n|-?nummer)?") },
  // Germany: tax, insurance, identity card.
  { shape: edge("\\d{2}[ ./]?\\d{3}[ ./]?\\d{3}[ ./]?\\d{3}"), isOne: germanTax },
  { shape: edge("\\d{2} ?(?:\\d{2} ?){3}[A-Z] ?\\d{2} ?\\d"), isOne: germanPension },
  {
    shape: edge("[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{8}\\d"),
    isOne: (compact) => /\d{3}/u.test(compact) && isIcao(compact),
  },
  // France, Spain, Italy.
  {
    shape: edge("[1-478] ?\\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\\d) ?(?:\\d{2}|2[AB]) ?\\d{3} ?\\d{3} ?(?:/ ?|- ?)?\\d{2}"),
    isOne: french,
  },
  { shape: edge("(?:\\d{2}\\.?\\d{3}\\.?\\d{3}|[XYZ][ -]?\\d{7})[ -]?[A-Z]"), isOne: spanish },
  { shape: edge("[A-Z]{3} ?[A-Z]{3} ?\\d{2}[A-EHLMPRST]\\d{2} ?[A-Z]\\d{3}[A-Z]"), isOne: italian },
  // Netherlands, Poland, Switzerland, Austria.
  {
    shape: edge("\\d{3}[ .]?\\d{2,3}[ .]?\\d{3,4}"),
    named: word("bsn|burgerservicenummer|sofi-?nummer"),
  },
  { shape: edge("\\d{11}"), isOne: pesel },
  {
    shape: edge("756[. ]?\\d{4}[. ]?\\d{4}[. ]?\\d{2}"),
    isOne: (digits) => weighted(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0,
  },
  { shape: edge("\\d{3}[ -]?\\d[ /-]?\\d{2}[. ]?\\d{2}[. ]?\\d{2}"), isOne: austrian },
  // Canada, Sweden: shapes that others share.
  { shape: edge("\\d{3}[ -]\\d{3}[ -]\\d{3}"), named: word("sin|social insurance"), isOne: isLuhn },
  {
    shape: edge("(?:\\d{2})?\\d{6}[-+]\\d{4}"),
    isOne: (digits) => isLuhn(digits.slice(-10)) && isDay(digits.slice(-6, -4), digits.slice(-8, -6)),
  },
  // Germany: health insurance. Poland: identity card. Belgium and Spain: social insurance.
  { shape: edge("[A-Z]\\d{9}", "gu"), isOne: germanHealth },
  { shape: edge("[A-Z]{3} ?\\d{6}", "gu"), isOne: polishCard },
  { shape: edge("\\d{2}\\.\\d{2}\\.\\d{2}-\\d{3}\\.\\d{2}|\\d{2}/\\d{8}/\\d{2}") },
  // India, Australia.
  { shape: edge("\\d{4}[ -]?\\d{4}[ -]?\\d{4}"), named: word("aadhaa?r") },
  { shape: edge("\\d{3}[ -]?\\d{3}[ -]?\\d{2,3}"), named: word("tfn|tax file(?: (?:number|no))?") },
  // Brazil, Chile, Argentina, Mexico.
  { needs: "-", shape: edge("\\d{3}\\.\\d{3}\\.\\d{3}-\\d{2}"), isOne: brazilian },
  { needs: "-", shape: edge("\\d{1,2}\\.\\d{3}\\.\\d{3}-[\\dK]"), isOne: chilean },
  { needs: "-", shape: edge("(?:2[0347]|3[034])-\\d{8}-\\d"), isOne: argentine },
  { shape: edge("[A-Z]{4}\\d{6}[HMX][A-Z]{5}[A-Z0-9]\\d", "gu") },
  // Finland, Czechia and Slovakia, Russia, China, Korea, Singapore, the Emirates, Pakistan, Thailand, Malaysia.
  { shape: edge("\\d{6}[-+A-FU-Y]\\d{3}[0-9A-Y]", "gu"), isOne: finnish },
  { needs: "/", shape: edge("\\d{6}/\\d{4}"), isOne: czech },
  { needs: "-", shape: edge("\\d{3}-\\d{3}-\\d{3}[ -]\\d{2}"), isOne: russianInsurance },
  { shape: edge("[1-9]\\d{5}(?:19|20)\\d{9}[\\dX]", "gu"), isOne: chinese },
  { needs: "-", shape: edge("\\d{6}-[1-8]\\d{6}"), isOne: (digits) => isDay(digits.slice(4, 6), digits.slice(2, 4)) },
  { shape: edge("[STFGM]\\d{7}[A-Z]", "gu"), isOne: singaporean },
  { needs: "-", shape: edge("784-(?:19|20)\\d\\d-\\d{7}-\\d") },
  { needs: "-", shape: edge("[1-7]\\d{4}-\\d{7}-\\d") },
  { needs: "-", shape: edge("[1-8]-\\d{4}-\\d{5}-\\d{2}-\\d") },
  // South Africa, Norway, Portugal; Denmark's shape is others' too.
  { shape: edge("\\d{6} ?\\d{4} ?\\d{2} ?\\d"), isOne: southAfrican },
  { shape: edge("\\d{6}[ -]?\\d{5}"), isOne: norwegian },
  { shape: edge("\\d{8} ?\\d ?[A-Z]{2} ?\\d", "gu"), isOne: portugueseCard },
  { needs: "-", shape: edge("[0-3]\\d[01]\\d{3}-\\d{4}"), named: word("cpr(?:-?(?:nummer|nr))?") },
  // India's tax number of a person.
  { shape: edge("[A-Z]{3}P[A-Z]\\d{4}[A-Z]", "gu"), fewestDigits: 4 },
  // The lines of a passport or card that machines read.
  { shape: /(?<![\p{L}\p{N}<])(?=[A-Z0-9<]{0,44}<)(?=(?:[A-Z<]{0,30}\d){8})[A-Z0-9<]{28,44}(?![\p{L}\p{N}<])/gu },
  // Any country's: a word says what it is.
  {
    shape: edge("(?=[A-Z]{0,8}\\d[A-Z]{0,8}\\d)[A-Z0-9]{6,24}"),
    named: NAMED_DOCUMENT,
    fewestDigits: 2,
  },
  {
    shape: edge("(?=[A-Z]{0,3} ?\\d)[A-Z0-9]{2,4}(?: (?=[A-Z]{0,3}\\d)[A-Z0-9]{2,6}){1,3}(?: [A-Z0-9])?", "gu"),
    named: NAMED_DOCUMENT,
    fewestDigits: 2,
  },
  { shape: edge(`[A-Z]{1,4} ${GROUPS}`, "gu"), named: NAMED_ANY },
  { shape: edge(`(?<!\\+)${GROUPS}`), named: NAMED_ANY },
];
/** So far before and behind a number its word is looked for. */
const NEAR = 48;

/** Numbers that a state gives its people. */
export const findNationalIds: Detector = function* findNationalIds(text) {
  if (!/\d/u.test(text)) return;
  const places = new Map<Words, readonly number[]>();
  for (const { shape, isOne = () => true, named, needs = "", fewestDigits = 5 } of IDS) {
    if (!text.includes(needs)) continue;
    const ends = named === undefined ? [] : (places.get(named) ?? endsOf(text, named));
    if (named !== undefined) places.set(named, ends);
    if (named !== undefined && ends.length === 0) continue;
    yield* matchesOf("national-id", text, shape, (match) => {
      const [literal] = match;
      if (named !== undefined && !isNamed(text, match, named, ends)) return false;
      const digits = literal.replaceAll(/\D/gu, "");
      // A number of zeros is what a form shows.
      return (
        digits.length >= fewestDigits &&
        /[1-9]/u.test(digits) &&
        isOne(literal.toUpperCase().replaceAll(/[^A-Z0-9]/gu, ""))
      );
    });
  }
};

/** Where the words end. */
function endsOf(text: string, { somewhere }: Words): readonly number[] {
  return Array.from(text.matchAll(somewhere), ({ 0: found, index }) => index + found.length);
}

/** What another kind of number stands behind. */
const OTHER =
  /(?<!\p{L})(?:tel|telefon\p{L}*|phone|call|mobile?|handy|fax|ring|text|sms|order|invoice|rechnung|ticket|case|konto|account|card number|iban|zip|plz|amount|betrag|eur|euro|flight|flug|room)(?!\p{L})/iu;
const DATE =
  /^(?:\d{1,2}[./-]\d{1,2}[./-](?:\d\d|(?:19|20)\d\d)|\d{1,2}[./-](?:19|20)\d\d|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}|(?:19|20)\d\d ?[-/] ?(?:19|20)?\d\d)$/u;

/** The word stands before the number or right behind it, and no other number between. */
function isNamed(
  text: string,
  { 0: literal, index }: RegExpExecArray,
  { behind }: Words,
  ends: readonly number[],
): boolean {
  if (DATE.test(literal)) return false;
  const end = ends.findLast((one) => one <= index) ?? -NEAR - 1;
  if (index - end <= NEAR) {
    const between = text.slice(end, index).replaceAll(/(?<!\d)(?:19|20)\d\d(?!\d)/gu, "");
    if (!/\d{3}/u.test(between) && !OTHER.test(between)) return true;
  }
  return behind.test(text.slice(index + literal.length, index + literal.length + NEAR));
}
