/** Whether words stand in a text as they are: side by side, and not without a negation that belongs to them. */
import { wordsOfText } from "./phrases.ts";

/** "Not", "don't", "kein"; apostrophes are closed by then. */
const NEGATION =
  /^(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|hardly|cant|wont|aint|dont|doesnt|didnt|isnt|arent|wasnt|werent|hasnt|havent|hadnt|wouldnt|shouldnt|couldnt|mustnt|nicht|nichts|nie|niemals|niemand\w*|kein\w*|weder|ohne|kaum)$/u;
/** "Don't forget" denies in order to ask. */
const NOT_FORGET = /(?<!\p{L})(?:do not forget|don['’]?t forget|vergiss nicht|nicht vergessen)(?!\p{L})/giu;
/** What begins anew behind a mark or an "and"; else a list goes on, and "I never eat meat, fish" denies both. */
const STARTS =
  "(?:i|i['’]m|we|my|our|it(?:['’]s)?|you|please|remember|note|not|ich|wir|mein\\p{L}*|unser\\p{L}*|es|du|bitte|merk\\p{L}*|notier\\p{L}*|nicht|kein\\p{L}*)(?!\\p{L})";
const CLAUSE_ENDS = new RegExp(
  `[.!?](?=\\s|$)|[;\\n–—]|(?<!\\p{L})(?:but|aber|sondern)(?!\\p{L})|,\\s*(?:(?:and|or|und|oder)\\s+)?(?=${STARTS})|\\s(?:and|or|und|oder)\\s+(?=${STARTS})`,
  "giu",
);

/** Whether the text holds these words side by side, in their order, with each negation of their clause among them. */
export function standsIn(words: string, text: string): boolean {
  const wanted = wordsOfText(words);
  if (wanted.length === 0) return false;
  const said = text.replaceAll(NOT_FORGET, " ");
  const clauses: (readonly string[])[] = [];
  let from = 0;
  for (const { index } of said.matchAll(CLAUSE_ENDS)) {
    clauses.push(wordsOfText(said.slice(from, index)));
    from = index;
  }
  clauses.push(wordsOfText(said.slice(from)));
  const all = clauses.flatMap((clause, number) => clause.map((word) => ({ word, clause: number })));
  return all.some((_, place) => {
    const span = all.slice(place, place + wanted.length);
    if (!wanted.every((word, index) => span[index]?.word === word)) return false;
    const [first, last] = [span[0]?.clause ?? 0, span.at(-1)?.clause ?? 0];
    const around = all.filter(
      ({ clause }, index) => clause >= first && clause <= last && (index < place || index >= place + wanted.length),
    );
    return !around.some(({ word }) => NEGATION.test(word));
  });
}
