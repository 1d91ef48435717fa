/**
 * Values without a form of their own that stand near a word which says what they are: "the digits under my name on the broadband
 * letter, its VM 9926 1048 3". The nearest such word decides, and most of these words say that a value is harmless.
 */
import type { Detector, PersonalData } from "./finding.ts";
import { type Label, labelOf } from "./label-words.ts";

/** So far a word reaches, in characters; less where a sentence or a line ends between it and the value. */
const REACH = 110;
const REACH_INTO_SENTENCE = 28;
const REACH_INTO_LINE = 8;
const REACH_BACK = 48;
const WORD = /\p{L}+(?:['’]\p{L}+)?/gu;
const SENTENCE = /[.!?](?=\s+\S)/u;

interface LabelledWord {
  readonly start: number;
  readonly end: number;
  readonly label: Label;
}

/** All words of a text that say what a value is, in their order. */
function labelsOf(text: string): readonly LabelledWord[] {
  const known = new Map<string, Label | "none">();
  const found: LabelledWord[] = [];
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const label = known.get(word) ?? labelOf(word) ?? "none";
    known.set(word, label);
    if (label !== "none") found.push({ start: index, end: index + word.length, label });
  }
  return found;
}

/** The place of the first labelled word that begins at or behind an offset. */
function firstFrom(labels: readonly LabelledWord[], offset: number): number {
  let [low, high] = [0, labels.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((labels[middle]?.start ?? Infinity) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The label of what stands before, if any reaches so far. */
function labelBefore(text: string, labels: readonly LabelledWord[], at: number): Label | undefined {
  const [, quoted, plain] = KEY.exec(text.slice(Math.max(0, at - 48), at)) ?? [];
  const key = quoted ?? plain;
  if (key !== undefined) return labelOfKey(key);
  const place = firstFrom(labels, at) - 1;
  const word = labels[place];
  if (word === undefined || at - word.end > REACH) return undefined;
  const between = text.slice(word.end, at);
  return between.length > reachOver(between) ? undefined : labelBehind(word, labels[place - 1]);
}

function reachOver(between: string): number {
  if (between.includes("\n")) return REACH_INTO_LINE;
  return SENTENCE.test(between) ? REACH_INTO_SENTENCE : REACH;
}

/** "error code", "product code": the word right before says which code. */
function labelBehind(word: LabelledWord, former: LabelledWord | undefined): Label {
  const isOther = word.label === "code" && former?.label === "other" && word.start - former.end === 1;
  return isOther ? "other" : word.label;
}

/** `"amountMinor": `, "acct=": data says what it is by its key alone. */
const KEY = /["']([\w.-]{1,40})["']: ?\[*["'-]?$|(?<![\p{L}\p{N}])([\w.-]{1,40})=["']?$/u;

function labelOfKey(key: string): Label | undefined {
  const parts = key.replaceAll(/(?<=[a-z])(?=[A-Z])/gu, " ").split(/[ _.-]+/u);
  return parts.map(labelOf).findLast((label) => label !== undefined);
}

/** "9 204 771 302 ist seine Bausparnummer": what comes is said to be the value. */
const SAID_AFTER =
  /^["'`)]{0,2},? ?(?:is|ist|est|es|è|jest|was|war|\(|[–-]|as|als)(?!\p{L}) ?|^,(?= (?:the|die|der|das|my|mein|meine|le|la|el|il|mon|ma|mi) )/iu;

function labelAfter(text: string, labels: readonly LabelledWord[], end: number): Label | undefined {
  const after = text.slice(end, end + REACH_BACK);
  const said = SAID_AFTER.exec(after);
  if (said === null) return undefined;
  const [clause = ""] = after.slice(said[0].length).split(/[.,!?\n;]/u);
  const word = labels[firstFrom(labels, end)];
  return word !== undefined && word.end <= end + said[0].length + clause.length ? word.label : undefined;
}

interface Candidate {
  readonly start: number;
  readonly value: string;
}

const END =
  "(?![\\p{L}\\p{N}]|[.,:]\\d| \\d|[/-]\\p{N}| ?(?:€|\\$|£|%|eur|usd|gbp|euros?|dollars?|pounds?|zł|chf)(?!\\p{L}))";
const START = "(?<![\\p{L}\\p{N}]|\\p{L}-|\\d[.,:/ -]|[€$£#@+] ?)";
const RUN = "[A-Z0-9]{1,20}";
/** Capitals and digits in groups, with a digit soon. */
const NUMBER = new RegExp(
  `${START}(?=[A-Z]{0,4}[ ./-]?\\d)${RUN}(?:[-/.]${RUN}){0,6}(?: (?=[A-Z]{0,2}-?\\d)${RUN}(?:[-/.]${RUN}){0,4}){0,6}(?: [A-Z](?![\\p{L}\\p{N}]))?${END}`,
  "gu",
);
const DIGITS = new RegExp(
  `${START}(?:\\d{4,8}|\\d{3}[ -]\\d{3,4}|\\d{4} \\d{4}|\\d{1,2}(?:[ -]\\d{1,2}){2,4})[#*]?${END}`,
  "gu",
);
const TOKEN = /(?<![^\s"'`„“”(:=,])[^\s"'`,;=„“”<>()]{5,80}[^\s"'`,;=.:?!„“”<>()]/gu;
const IS_HOST = /^(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?$/u;

function* candidates(text: string, pattern: RegExp, isOne: (value: string) => boolean): Generator<Candidate> {
  for (const { 0: value, index } of text.matchAll(pattern)) if (isOne(value)) yield { start: index, value };
}

const digitsOf = (value: string): number => value.replaceAll(/\D/gu, "").length;
const isDate = (value: string): boolean =>
  /^(?:[0-3]?\d[./ -][01]?\d|[01]?\d[./ -][0-3]?\d)[./ -](?:\d{2}|\d{4})$/u.test(value) ||
  /^\d{4}[./-][01]?\d(?:[./-][0-3]?\d)?$/u.test(value);
const isVersion = (value: string): boolean => /^\d+(?:\.\d+){2,}$|^\d+\.\d+\p{L}{0,3}$|\/\d+\.\d+$/u.test(value);
/** Telephones have a detector of their own. */
const isPhone = (value: string): boolean => /^(?:0\d+[ ./-]|\+)[\d ./-]{6,}$|^\d{3}[/.-]\d{3}[/.-]\d{4}$/u.test(value);
const isYear = (value: string): boolean => /^(?:19|20)\d\d$/u.test(value);

const isNumber = (value: string): boolean =>
  digitsOf(value) >= 5 && !isDate(value) && !isVersion(value) && !isPhone(value);
const isCode = (value: string): boolean => !isDate(value) && !isYear(value);

/** Keys are long and made by chance; what is short is the name of something. */
const IS_KEY = /^(?=(?:.*\d){2})[A-Za-z0-9_+=.~-]{12,}$/u;
/** Of programs: "-base64", "s3:GetObject", "@scope/name@1", "S3_SECRET", "24-hour". */
const IS_NAME = /:\/\/|^[\w.+-]+@[\w-]+\.\w|^[/<[{*$%@-]|^\w+:\p{L}|^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$|^\d+-\p{L}+$/u;

/** "gatoNegro_77", "tractor-Gravy!88": as people make passwords, and nothing else is written. */
function isPassword(value: string): boolean {
  if (IS_NAME.test(value) || isDate(value) || isVersion(value) || IS_HOST.test(value)) return false;
  if (/(?:^|[_-])[25](?:[.,]4)?G(?:Hz)?$/iu.test(value)) return false;
  const hasDigit = /\d/u.test(value);
  const hasLetters = /\p{L}{2}/u.test(value);
  const isCased = /\p{Ll}\p{Lu}|^\p{Lu}\p{Ll}+\P{L}/u.test(value);
  return hasLetters && hasDigit && (isCased || /[!#$%&*?@_=+^~§.-]/u.test(value) || /\p{Ll}\d|\d\p{Ll}/u.test(value));
}

/** Accounts and secrets whose form says nothing. Takes one look at the words of a text, and one at its values. */
export const findNearLabels: Detector = function* findNearLabels(text): Generator<PersonalData> {
  if (!/\d/u.test(text)) return;
  const labels = labelsOf(text);
  if (labels.every(({ label }) => label === "other")) return;
  const labelFor = ({ start, value }: Candidate): Label | undefined =>
    labelAfter(text, labels, start + value.length) ?? labelBefore(text, labels, start);
  const found = (kind: "account" | "secret", { start, value }: Candidate): PersonalData => ({
    kind,
    start,
    end: start + value.length,
  });
  for (const one of candidates(text, NUMBER, isNumber)) if (labelFor(one) === "account") yield found("account", one);
  for (const one of candidates(text, DIGITS, isCode)) if (labelFor(one) === "code") yield found("secret", one);
  for (const one of candidates(text, TOKEN, isPassword)) {
    const label = labelFor(one);
    if (label === "password" || (label === "key" && IS_KEY.test(one.value))) yield found("secret", one);
  }
};
