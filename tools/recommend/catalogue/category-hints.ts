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

/** The categories that are meant; empty when the words point to none. "A savings account" means savings. */
export function hintedCategories(words: string, categories: readonly string[]): ReadonlySet<string> {
  const hinted = categories.filter((category) => {
    const hint = HINTS[category];
    return hint === undefined ? words.toLowerCase().includes(category.toLowerCase()) : hint.test(words);
  });
  return new Set(hinted.length > 1 ? hinted.filter((category) => category !== "account") : hinted);
}
