/** Which categories of the catalogue the words of a wish are about: "shares" means funds, "save" means savings. */

/** What says no to the words right behind it. "I have no savings account" wishes for one. */
const REFUSED =
  /(?<!\b(?:have|has|had|got|own|habe|hat)\s+)\b(?:no|not|without|except|besides|hate|dislike|(?:dont|don['’]t|do not|never) (?:want|like|need|show(?: me)?|offer(?: me)?|suggest|recommend)|ohne|außer|keine?n?|hasse)\s+(?:(?:any|an?|the|more|other|of|your|these|die|das|den|mehr|weiteren?)\s+){0,2}$/iu;

/** The categories that are meant, and those that are refused. "A savings account" means savings. */
export function hintedCategories(
  words: string,
  categories: readonly string[],
  names: Readonly<Record<string, readonly string[]>>,
) {
  const hinted = categories.flatMap((category) => {
    const place = placeOf([category, ...(names[category] ?? [])], words);
    return place < 0 ? [] : [{ category, isRefused: REFUSED.test(words.slice(0, place)) }];
  });
  const meant = hinted.flatMap(({ category, isRefused }) => (isRefused ? [] : [category]));
  return {
    /** Empty when the words point to none. */
    hinted: new Set(meant.length > 1 ? meant.filter((category) => category !== "account") : meant),
    refused: new Set(hinted.flatMap(({ category, isRefused }) => (isRefused ? [category] : []))),
  };
}

/** A name that is longer may be a part of a word: "Reiseversicherung". */
const LONG_NAME = 7;

/** Where the words use one of these names; −1 when they do not. */
function placeOf(names: readonly string[], words: string): number {
  const places = names.flatMap((name) => {
    const word = name.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);
    const shape =
      name.length < LONG_NAME ? String.raw`(?<!\p{L})${word}(?:s|es|e|n|en)?(?!\p{L})` : String.raw`${word}`;
    return new RegExp(shape, "iu").exec(words)?.index ?? [];
  });
  return places.length === 0 ? -1 : Math.min(...places);
}

/**
 * What a ranking does not weigh: more, less, not. Products found by the other words of such a wish are what there is, and
 * it would be untrue to say that they fit it.
 */
const BEYOND =
  /\b(?:(?:high|low|risk|saf|cheap|larg|great|small|big)i?est|most|least|maximum|minimum|max|min|no|not|dont|don['’]t|never|without|except|hate|höchste\w*|niedrigste\w*|riskanteste\w*|sicherste\w*|günstigste\w*|meiste\w*|wenigste\w*|kein\w*|nicht|ohne|außer)\b/iu;

/** Whether a wish says only what products can be found by. */
export function isPlainWish(words: string): boolean {
  return !BEYOND.test(words);
}
