/** Codes and ids that confirm something are shown by code alone: a model has none that it could know. */

/** As confirmation codes are: six of these letters and digits; long ids of proposals. */
const CODE =
  /(?<![\p{L}\p{N}])(?:[A-HJKMNP-Z2-9]{6}|[0-9A-HJKMNP-TV-Z]{26}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?![\p{L}\p{N}])/gu;
const BUTTON = /(?<![\p{L}\p{N}])(?:confirm|cancel):\S/iu;
const ASKS_TO_TYPE = /(?<!\p{L})(?:confirm\w*|code|approve|authori[sz]e|bestätig\p{L}*|freigabe|tan)(?!\p{L})/iu;

/** Whether a sentence hands out a code, an id or a button of a confirmation. */
export function handsOutCode(sentence: string, said: readonly string[]): boolean {
  if (BUTTON.test(sentence)) return true;
  const codes = sentence.match(CODE) ?? [];
  const isSecretive = ASKS_TO_TYPE.test(sentence);
  return codes.some((code) => {
    const isMixed = /\p{N}/u.test(code) && /\p{L}/u.test(code);
    return (isMixed || isSecretive) && !said.some((text) => text.includes(code));
  });
}
