/** What is said by code where something that a model wrote was not borne out. */

/** In each language that people are greeted in. */
const nothingDone: Readonly<Record<string, string>> = {
  ar: "للتوضيح: لم يُنفَّذ أي شيء ردًا على هذه الرسالة.",
  de: "Zur Klarheit: Auf diese Nachricht hin wurde nichts ausgeführt.",
  en: "To be clear: nothing was done in answer to this message.",
  es: "Para que quede claro: no se ha hecho nada en respuesta a este mensaje.",
  fr: "Pour être clair : rien n'a été fait en réponse à ce message.",
  it: "Per chiarezza: in risposta a questo messaggio non è stato fatto nulla.",
  nl: "Voor de duidelijkheid: naar aanleiding van dit bericht is niets gedaan.",
  pl: "Dla jasności: w odpowiedzi na tę wiadomość nic nie zostało zrobione.",
  pt: "Para que fique claro: nada foi feito em resposta a esta mensagem.",
  ru: "Для ясности: в ответ на это сообщение ничего не было сделано.",
  tr: "Açık olmak gerekirse: Bu mesaj üzerine hiçbir şey yapılmadı.",
  uk: "Щоб було зрозуміло: у відповідь на це повідомлення нічого не було зроблено.",
};

const words = {
  en: {
    waits: "What stands below waits for your confirmation.",
    done: (what: string) => `To be clear, this was done in answer to this message, and nothing else: ${what}.`,
    memory: "remember or forget something",
    advice: "Tell me what should happen; before anything does, I show it to you to confirm.",
    unknown: "I have no answer to that which I could stand by. Please ask me in other words.",
  },
  de: {
    waits: "Was unten steht, wartet auf deine Bestätigung.",
    done: (what: string) => `Zur Klarheit: Auf diese Nachricht hin wurde nur das ausgeführt: ${what}.`,
    memory: "etwas merken oder vergessen",
    advice: "Sag mir, was geschehen soll; vorher zeige ich es dir, damit du es bestätigst.",
    unknown: "Darauf habe ich keine Antwort, für die ich einstehen kann. Bitte frag mich mit anderen Worten.",
  },
} as const;

const languageOf = (locale: string): string => locale.toLowerCase().split("-")[0] ?? "";
const wordsFor = (locale: string) => (languageOf(locale) === "de" ? words.de : words.en);

/** What the tools of a turn did. */
export interface Deeds {
  /** What each is for, in the person's language where the tool has it. */
  readonly done: readonly string[];
  readonly isRemembered: boolean;
  /** Whether a request is put before the person. */
  readonly waits: boolean;
}

/** What was in fact done, in place of a sentence of a model that claimed something else. */
export function whatWasDone(locale: string, { done, isRemembered, waits }: Deeds): string {
  const said = wordsFor(locale);
  const all = [...done, ...(isRemembered ? [said.memory] : [])];
  const deeds = all.length > 0 ? said.done(all.join(", ")) : (nothingDone[languageOf(locale)] ?? nothingDone["en"]);
  return [deeds, ...(waits ? [said.waits] : [])].join(" ");
}

/** What is said where nothing of an answer is left; `deeds` where it claimed that something was done. */
export function nothingBorneOut(locale: string, deeds: Deeds | undefined): string {
  const { advice, unknown } = wordsFor(locale);
  if (deeds === undefined) return unknown;
  const isNothing = deeds.done.length === 0 && !deeds.isRemembered && !deeds.waits;
  return isNothing ? `${whatWasDone(locale, deeds)} ${advice}` : whatWasDone(locale, deeds);
}
