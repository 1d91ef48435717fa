/**
 * A model proposes what to remember or to forget; only what the person plainly said in this turn is done. Values stand in
 * the person's own words, and one thing that is to be forgotten takes nothing else with it.
 */
import type { CrewResult, MemoryFact } from "../crew.ts";
import { asksToForget, asksToForgetAll, asksToRemember, tellsOfOneself } from "../language/memory-words.ts";
import { wordsOfText } from "../language/phrases.ts";

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
const POINTING = /(?<!\p{L})(?:that|it|this|das|es|dies)(?!\p{L})/iu;

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
  return facts.filter(({ key, value }) => {
    if (value !== "") return tells && namingWords(value).every((word) => said.has(stemOf(word)));
    const kept = memory.find((fact) => fact.key === key);
    return forgetsAll || (forgets && (isNamed(`${key} ${kept?.value ?? ""}`) || (points && kept !== undefined)));
  });
}

function namingWords(text: string): readonly string[] {
  return wordsOfText(text).filter((word) => !NAMELESS.has(word));
}

function stemOf(word: string): string {
  return word.slice(0, STEM);
}
