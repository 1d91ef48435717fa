/** What the person reads while the crew works: from a fixed set, never from a model. */
import type { DescribedTool } from "../../core/tool.ts";

const isGerman = (locale: string): boolean => locale.toLowerCase().startsWith("de");

/** The status line while a tool runs: what its pack says it is for; tools that say nothing, and unknown ones, have one for all. */
export function statusOfTool(tool: Pick<DescribedTool, "language"> | undefined, locale: string): string {
  const language = isGerman(locale) ? "de" : "en";
  const title = tool?.language[language]?.title;
  if (title !== undefined) return language === "de" ? `Ich arbeite daran: ${title}…` : `Working on it: ${title}…`;
  return language === "de" ? "Ich arbeite daran…" : "Working on it…";
}

/** The status line when a language model failed and the next one, or the embedded brain, takes over. */
export function statusOfFallback(locale: string): string {
  return isGerman(locale)
    ? "Das Sprachmodell ist nicht erreichbar; ich antworte ohne es…"
    : "The language model is not available; answering without it…";
}

/** What is said of requests beyond those that one message may put forward. */
export function requestsLeftOut(
  { leftOut, prepared }: { readonly leftOut: number; readonly prepared: number },
  locale: string,
): string {
  return locale.toLowerCase().startsWith("de")
    ? `Ich lege dir höchstens ${prepared} Anfragen auf einmal vor. ${leftOut === 1 ? "Eine weitere habe" : `${leftOut} weitere habe`} ich nicht vorbereitet: Bitte frage danach, sobald du über diese entschieden hast.`
    : `I put at most ${prepared} requests before you at once. ${leftOut === 1 ? "One more was" : `${leftOut} more were`} not prepared: please ask for ${leftOut === 1 ? "it" : "them"} once you have decided on these.`;
}

/** What is said above what was done, where the crew failed after it. */
export function brokenOff(locale: string): string {
  return isGerman(locale)
    ? "Meine Antwort brach ab. Das ist schon erledigt, du musst es nicht noch einmal verlangen:"
    : "My answer broke off. This is done already, there is no need to ask for it again:";
}

/** What is said where the crew failed after it had put requests before the person. */
export function unfinishedTurn(locale: string): string {
  return locale.toLowerCase().startsWith("de")
    ? "Ich konnte nicht alles beantworten. Vorbereitet habe ich nur, was unten steht; bitte frage nach dem Rest noch einmal."
    : "I could not answer all of that. Only what stands below was prepared; please ask for the rest again.";
}
