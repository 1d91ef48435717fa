/** What is said of products, by language. */
import { type Language, languageOfLocale } from "../../../core/language/index.ts";

const english = {
  one: ["This could suit you: {names}.", "What fits best is {names}.", "I would suggest {names}."],
  several: [
    "These could suit you, the best fit first: {names}.",
    "I would look at these, the best fit first: {names}.",
    "Here is what fits, the best first: {names}.",
  ],
  nothing: "I found no product that fits and that you may have. Could you tell me more about what you look for?",
  unknown: "I know no product called “{name}”.",
  ambiguous: "“{name}” fits several products: {names}. Which one do you mean?",
  more: "Tell me about the {name}",
  catalogue: "From the product catalogue. {marks}",
  features: "Features",
  risk: "Risk",
  riskOf: "{level} (class {risk} of 7)",
  levels: { low: "low", medium: "medium", high: "high" },
  expectedReturn: "Expected return",
  aYear: "{percent} a year",
  smallest: "Smallest amount",
  none: "none",
  who: "Who may have it",
  everybody: "everybody",
  from: "from {age} years",
  to: "up to {age} years",
  between: "from {from} to {to} years",
  segments: {
    student: "students",
    family: "families",
    professional: "professionals",
    retired: "retired customers",
    business: "businesses",
  },
  accepted: "I noted that you like {names}. Nothing was opened or bought.",
  dismissed: "I will not suggest {names} again.",
};

export type AnswerTexts = typeof english;

const german: AnswerTexts = {
  one: ["Das könnte passen: {names}.", "Am besten passt {names}.", "Mein Vorschlag: {names}."],
  several: [
    "Das könnte passen, das Beste zuerst: {names}.",
    "Diese Produkte kommen infrage, das Beste zuerst: {names}.",
    "Das passt am ehesten, das Beste zuerst: {names}.",
  ],
  nothing: "Ich finde kein passendes Produkt, das Sie haben können. Können Sie mir mehr darüber sagen, was Sie suchen?",
  unknown: "Ein Produkt namens „{name}“ kenne ich nicht.",
  ambiguous: "„{name}“ passt auf mehrere Produkte: {names}. Welches meinen Sie?",
  more: "Was ist {name}?",
  catalogue: "Aus dem Produktkatalog. {marks}",
  features: "Merkmale",
  risk: "Risiko",
  riskOf: "{level} (Klasse {risk} von 7)",
  levels: { low: "gering", medium: "mittel", high: "hoch" },
  expectedReturn: "Erwartete Rendite",
  aYear: "{percent} im Jahr",
  smallest: "Mindestbetrag",
  none: "keine Angabe",
  who: "Wer es haben kann",
  everybody: "alle",
  from: "ab {age} Jahren",
  to: "bis {age} Jahre",
  between: "von {from} bis {to} Jahren",
  segments: {
    student: "Studierende",
    family: "Familien",
    professional: "Berufstätige",
    retired: "Menschen im Ruhestand",
    business: "Unternehmen",
  },
  accepted: "Notiert: {names} gefällt Ihnen. Eröffnet oder gekauft wurde nichts.",
  dismissed: "{names} schlage ich nicht mehr vor.",
};

const byLanguage: Readonly<Record<Language, AnswerTexts>> = { en: english, de: german };

/** English where a language has none. */
export function answerTexts(language: string): AnswerTexts {
  return byLanguage[languageOfLocale(language)];
}
