import { type Language, languageOf, languageOfLocale } from "./message-language.ts";

/** A message of fewer words does not change the language of a conversation: people mix in short phrases of another one. */
const FEW_WORDS = 5;

const ASKED_FOR =
  /(?<!\p{L})(?:sprich|sprechen|rede|reden|antworte\p{L}*|schreib\p{L}*|wechsel\p{L}*|speak|talk|answer|reply|write|switch|continue|chat)(?!\p{L})[^.!?]{0,25}?(?<!\p{L})(?:(?<english>english|englisch)|(?<german>german|deutsch))(?!\p{L})|^\s*(?:please |bitte |können wir |can we )?(?:in |auf )?(?:(?<inenglish>english|englisch)|(?<ingerman>german|deutsch))(?: (?:please|bitte|schreiben|reden|sprechen|weiter|weiterreden|weiterschreiben))?[\s,.!?]*$/iu;

/** "Sprich bitte englisch mit mir": the language that is asked for. */
function languageAsked(text: string): Language | undefined {
  const { english, inenglish, german, ingerman } = ASKED_FOR.exec(text.slice(0, 200))?.groups ?? {};
  if (/(?<!\p{L})(?:not|don['’]?t|nicht|kein\p{L}*|can you|kannst du|do you|sprichst|mean|heißt)(?!\p{L})/iu.test(text))
    return undefined;
  if ((english ?? inenglish) !== undefined) return "en";
  return (german ?? ingerman) === undefined ? undefined : "de";
}

/**
 * How to speak to a person: in the language of their newest words that tell one (a "yes" tells none), as people write it
 * where the bot is at home. Nothing told: the bot's locale.
 */
export function heardLocale(texts: readonly string[], botLocale: string): string {
  let language: string | undefined;
  let before: string | undefined;
  for (const text of texts) {
    const asked = languageAsked(text);
    const told = asked ?? languageOf(text);
    const isLong = asked !== undefined || text.trim().split(/\s+/u).length > FEW_WORDS;
    if (told !== undefined && (language === undefined || isLong || told === before)) language = told;
    before = told ?? before;
    // Whoever asks for a language goes on in it.
    if (asked !== undefined) before = asked;
  }
  return language === undefined || language === languageOfLocale(botLocale) ? botLocale : language;
}
