/** A number written in ASCII digits, one in other digits or numerals ("٥٠", "½"), a word, a currency sign, or any other single character. */
export interface Token {
  readonly kind: "number" | "foreign" | "word" | "sign" | "other";
  readonly text: string;
  /** `text` in lower case. */
  readonly lower: string;
  readonly start: number;
  readonly end: number;
}

const spaceGrouped = String.raw`(?<![\d.,])\d{1,3}(?:[ \u00A0\u2007-\u200A\u202F]\d{3}(?!\d))+(?:[.,]\d{1,2}(?!\d))?`;
const separated = String.raw`\d+(?:[.,'’]\d+)*(?![\d٬٫])`;
const foreign = String.raw`\d*\p{N}(?:[.,'’٬٫ ]?\p{N})*`;
const leadingPoint = String.raw`(?<![\p{L}\p{N}.,])\.\d+`;
const shape = new RegExp(
  String.raw`(?<number>${spaceGrouped}|${separated}|${leadingPoint})|(?<foreign>${foreign})|(?<word>\p{L}+)|(?<sign>\p{Sc})|[^\s]`,
  "gu",
);

function kindOf(groups: Readonly<Record<string, string | undefined>> | undefined): Token["kind"] {
  if (groups?.["number"] !== undefined) return "number";
  if (groups?.["foreign"] !== undefined) return "foreign";
  if (groups?.["word"] !== undefined) return "word";
  return groups?.["sign"] === undefined ? "other" : "sign";
}

/** Cuts a text into tokens, in linear time. White space and nothing else is left out. */
export function tokenize(text: string): readonly Token[] {
  return Array.from(text.matchAll(shape), (match) => ({
    kind: kindOf(match.groups),
    text: match[0],
    lower: match[0].toLowerCase(),
    start: match.index,
    end: match.index + match[0].length,
  }));
}

const nowhere: Token = { kind: "other", text: "", lower: "", start: 0, end: 0 };

/** The token at an index; one without any meaning where there is none. */
export function peek(tokens: readonly Token[], at: number): Token {
  return tokens[at] ?? nowhere;
}

/** Whether nothing stands between two tokens. */
export function touches(left: Token | undefined, right: Token | undefined): boolean {
  return left !== undefined && right !== undefined && left.end === right.start;
}
