/**
 * A model proposes what to remember or to forget; only what the person plainly said in this turn is done. A value is a
 * stretch of the person's own words, with their negations; its key says nothing that they did not say; and one thing that is
 * to be forgotten takes nothing else with it.
 */
import type { CrewResult, MemoryFact } from "../crew.ts";
import { asksToForget, asksToForgetAll, asksToRemember, tellsOfOneself } from "../language/memory-words.ts";
import { wordsOfText } from "../language/phrases.ts";
import { standsIn } from "../language/said-span.ts";

type Facts = CrewResult["remember"];

const STEM = 5;
/** Words as short as names ("cat", "son", "Opa") that name nothing. */
const NAMELESS: ReadonlySet<string> = new Set(
  (
    "a an the i me my we us our you it its he him his she her is am are was be do did has had to of in on at by for and or " +
    "but not no so if as up all any can may who how why one out off now ok der die das den dem des ein ich du er sie es wir " +
    "ihr mir dir uns ist bin war hat hab zu im um und ob wie wer was mal bei auf aus von vom mit nur ja nie man bis ab da"
  ).split(" "),
);
/** What anything may be called that is told of oneself, whatever the words were. */
const GENERIC_KEYS: ReadonlySet<string> = new Set(
  (
    "name language age birthday address home city country job work profession hobby hobbies interest interests goal wish " +
    "preference preferences preferred style answer answers tone length diet food allergy allergies pet family partner child " +
    "children note fact favorite favourite color colour format sprache alter geburtstag adresse wohnort stadt land beruf " +
    "arbeit interessen ziel wunsch vorliebe vorlieben stil antwort antworten ernahrung essen allergie allergien haustier " +
    "familie kind kinder notiz lieblingsfarbe"
  ).split(" "),
);
/** A key is a name, no sentence. */
export const MOST_KEY_WORDS = 3;
const POINTING = /(?<!\p{L})(?:that|it|this|das|es|dies)(?!\p{L})/iu;

/** German says it in other words than the key that every language has for it. */
const OWN_NAME = /(?<!\p{L})(?:mein\p{L}* namen?|wie ich hei(?:ß|ss)e)(?!\p{L})/iu;

/** Those of the facts that the person's words of this turn stand for. */
export function permittedFacts(
  facts: Facts,
  { texts, memory }: { readonly texts: readonly string[]; readonly memory: readonly MemoryFact[] },
): Facts {
  const text = texts.join("\n");
  const tells = texts.some((one) => asksToRemember(one) || tellsOfOneself(one));
  const forgetsAll = texts.some(asksToForgetAll);
  const forgets = texts.some(asksToForget);
  const said = new Set(wordsOfText(text).map(stemOf));
  // "Forget that" is plain where there is only one thing to forget.
  const points = memory.length === 1 && texts.some((one) => POINTING.test(one));
  const isNamed = (words: string): boolean => namingWords(words).some((word) => said.has(stemOf(word)));
  const isMeant = (key: string, value = ""): boolean =>
    isNamed(`${key} ${value}`) || (key === "name" && OWN_NAME.test(text));
  const isKey = (key: string): boolean => {
    const words = keyWords(key);
    const isOwn = (word: string): boolean =>
      said.has(stemOf(word)) || said.has(word.replace(/s$/u, "")) || GENERIC_KEYS.has(word);
    return words.length > 0 && words.length <= MOST_KEY_WORDS && words.every(isOwn);
  };
  return facts.filter(({ key, value }) => {
    if (value !== "") return tells && isKey(key) && texts.some((one) => standsIn(value, one));
    const kept = memory.find((fact) => fact.key === key);
    return forgetsAll || (forgets && (isMeant(key, kept?.value) || (points && kept !== undefined)));
  });
}

/** "answerStyle" and "answer_style" are two words. */
function keyWords(key: string): readonly string[] {
  return wordsOfText(key.replaceAll(/(?<=\p{Ll})(?=\p{Lu})/gu, " ").replaceAll("_", " "));
}

function namingWords(text: string): readonly string[] {
  return wordsOfText(text).filter((word) => !NAMELESS.has(word));
}

function stemOf(word: string): string {
  return word.slice(0, STEM);
}
