/**
 * Words for categories of bookings, as people say them in English and German. None for a part of one: all of transport is
 * no answer to "on petrol", so such words are looked for in the bookings themselves.
 */
const CATEGORIES: readonly (readonly [category: string, words: string])[] = [
  ["groceries", "grocer(?:y|ies)|supermarkets?|supermarkt|food shopping|lebensmitteln?|lebensmittel"],
  ["restaurants", "restaurants?|eating out|dining|takeaway|essen gehen|auswärts essen"],
  ["rent", "rent|miete|mieten"],
  ["salary", "salary|wages?|pay ?check|gehalt|lohn"],
  ["transport", "transport(?:ation)?|public transport|verkehr"],
  ["utilities", "utilit(?:y|ies)|nebenkosten"],
  ["subscriptions", "subscriptions?|abos?|abonnements?"],
  ["insurance", "insurances?(?: premiums?)?|versicherung(?:en)?|versicherungsbeiträge"],
  ["health", "health|gesundheit"],
  ["leisure", "leisure|entertainment|freizeit"],
  ["shopping", "shopping|einkäufe"],
  ["travel", "travel(?:ling)?|reisen?|reisekosten"],
  [
    "cash",
    "cash(?: withdrawals?)?|withdrawals?|withdrawn|withdrew|withdraw(?: in cash)?|bargeld(?:abhebung(?:en)?)?|abgehoben|abhebung(?:en)?",
  ],
  ["fees", "fees?|gebühren"],
  ["interest", "interest|zinsen"],
  ["refund", "refunds?|refunded|(?:rück)?erstattung(?:en)?|erstattet"],
  ["education", "education|bildung"],
  ["childcare", "childcare"],
  ["tax", "tax(?:es)?|steuern?"],
];
const shapes = CATEGORIES.map(
  ([category, words]) => [category, new RegExp(`(?<!\\p{L})(?:${words})(?!\\p{L})`, "giu")] as const,
);

/** The category that a text names, and the text with its words as blanks; several are told as such. */
export function categoryIn(text: string): { readonly categories: readonly string[]; readonly rest: string } {
  let rest = text;
  const categories = shapes.flatMap(([category, shape]) => {
    if (text.search(shape) < 0) return [];
    rest = rest.replaceAll(shape, (match) => " ".repeat(match.length));
    return [category];
  });
  return { categories, rest };
}
