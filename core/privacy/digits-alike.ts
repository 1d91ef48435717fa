/** Letters that look like digits, typed among digits: "4lll l603", "077oo". */
const MIXED = /(?<![\p{L}\p{N}])(?=[oOlI]{0,8}\d)[\doOlI]{3,20}(?![\p{L}\p{N}])/gu;

/** The same text with digits in their place; of the same length. */
export function withDigits(text: string): string {
  return text.replaceAll(MIXED, (token) => token.replaceAll(/[oO]/gu, "0").replaceAll(/[lI]/gu, "1"));
}
