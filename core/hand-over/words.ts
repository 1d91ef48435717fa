/** What is said about a hand-over, and by which words a person ends it. */
import type { Choice } from "../reply.ts";
import { languageOfLocale } from "../language/index.ts";

const english = {
  begun: "I am handing this conversation over to a person. They will answer you here; until then I stay silent.",
  back: "The conversation is with me, the bot, again. What can I do for you?",
  backChoice: "Back to the bot",
};

const german: typeof english = {
  begun: "Ich übergebe das Gespräch an einen Menschen. Du bekommst hier Antwort; bis dahin bleibe ich still.",
  back: "Jetzt bin wieder ich da, der Bot. Was kann ich für dich tun?",
  backChoice: "Zurück zum Bot",
};

const byLanguage: Readonly<Record<string, typeof english>> = { en: english, de: german };
const wordsFor = (locale: string) => byLanguage[languageOfLocale(locale)] ?? english;

/** Says that a person will answer, with hours and contacts where the configuration has some. */
export function begunText(locale: string, contact: Readonly<Record<string, string>> = {}): string {
  const more = contact[locale] ?? contact[languageOfLocale(locale)] ?? contact["default"];
  return [wordsFor(locale).begun, ...(more === undefined ? [] : [more])].join(" ");
}

/** Says that the bot answers again. */
export const backText = (locale: string): string => wordsFor(locale).back;

/** The button by which a person returns to the bot. */
export function backChoice(locale: string): Choice {
  const { backChoice: label } = wordsFor(locale);
  return { id: "back-to-the-bot", label, value: label };
}

const BACK =
  /^(?:please |bitte )?(?:(?:go |i want to go |take me |give me )?back to (?:the )?bot|zurück zum bot|(?:ich will |ich möchte )?(?:wieder )?(?:zurück )?zum bot(?: zurück)?|weiter mit dem bot|continue with the bot|\/bot)(?: please| bitte)?$/iu;

/** Whether the words say no more than that the bot is to answer again. */
export function wantsBack(text: string): boolean {
  const plain = text
    .trim()
    .replaceAll(/[.!,…]+/gu, "")
    .replaceAll(/\s+/gu, " ");
  return BACK.test(plain);
}
