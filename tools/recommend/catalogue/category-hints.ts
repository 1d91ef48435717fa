/** Which categories of the catalogue the words of a wish are about: "shares" means funds, "save" means savings. */

/** For the usual categories of a bank; other categories are hinted at by their own name. */
const HINTS: Readonly<Record<string, RegExp>> = {
  account: /\baccounts?\b|\bkont(?:o|en)\b/i,
  card: /\bcards?\b|\bkarten?\b|kreditkarte/i,
  savings: /\bsav(?:e|er|ing|ings)\b|\bspar/i,
  deposit: /\bdeposits?\b|\bfixed[- ]term\b|\bfestgeld\b/i,
  loan: /\bloans?\b|\bborrow(?:ing)?\b|\boverdraft\b|\bkredite?\b/i,
  mortgage: /\bmortgages?\b|\b(?:buy|buying|finance|financing) (?:a |my |our )?(?:home|house|flat)\b|\bhypothek/i,
  fund: /\bfunds?\b|\binvest(?:s|ing|ment|ments)?\b|\bshares?\b|\bstocks?\b|\betfs?\b|\bequit(?:y|ies)\b|\bbonds?\b|\bfonds\b|\banleg/i,
  pension: /\bpensions?\b|\bretire(?:ment)?\b|\bold age\b|\brente\b/i,
  insurance: /\binsur(?:e|ed|ance|ances)\b|\bcovers?\b|\bversicher/i,
};

/** What says no to the words right behind it. "I have no savings account" wishes for one. */
const REFUSED =
  /(?<!\b(?:have|has|had|got|own|habe|hat)\s+)\b(?:no|not|without|except|besides|hate|dislike|(?:dont|don['’]t|do not|never) (?:want|like|need|show(?: me)?|offer(?: me)?|suggest|recommend)|ohne|außer|keine?n?|hasse)\s+(?:(?:any|an?|the|more|other|of|your|these|die|das|den|mehr|weiteren?)\s+){0,2}$/iu;

/** The categories that are meant, and those that are refused. "A savings account" means savings. */
export function hintedCategories(words: string, categories: readonly string[]) {
  const hinted = categories.flatMap((category) => {
    const place = placeOf(category, words);
    return place < 0 ? [] : [{ category, isRefused: REFUSED.test(words.slice(0, place)) }];
  });
  const meant = hinted.flatMap(({ category, isRefused }) => (isRefused ? [] : [category]));
  return {
    /** Empty when the words point to none. */
    hinted: new Set(meant.length > 1 ? meant.filter((category) => category !== "account") : meant),
    refused: new Set(hinted.flatMap(({ category, isRefused }) => (isRefused ? [category] : []))),
  };
}

/** Where the words speak of the category; −1 when they do not. */
function placeOf(category: string, words: string): number {
  const hint = Object.hasOwn(HINTS, category) ? HINTS[category] : undefined;
  return hint === undefined ? words.toLowerCase().indexOf(category.toLowerCase()) : (hint.exec(words)?.index ?? -1);
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
