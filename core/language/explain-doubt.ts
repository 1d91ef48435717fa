import type { Language } from "./message-language.ts";
import type { Doubt } from "./order-reading.ts";
import type { DoubtKind } from "./word.ts";

const reasons: Readonly<Record<Language, Readonly<Record<DoubtKind, string>>>> = {
  en: {
    approximate: "That is not an exact amount.",
    cap: "That is a limit, not an amount.",
    condition: "I cannot watch for a condition.",
    currency: "I can only send euros, and I do not know the rate of another currency.",
    multiple: "I do not work out amounts from several parts.",
    negated: "That sounds as if it should not be sent.",
    "not-understood": "I did not understand all of that.",
    number: "That is not an amount that can be sent.",
    past: "That sounds as if it had happened already.",
    percent: "I do not work out percentages.",
    question: "I took that for a question, and prepared nothing.",
    range: "That leaves the amount or the receiver open.",
    relative: "I do not work out amounts from other amounts.",
    repeat: "I cannot repeat payments: each one is made once.",
    reported: "That sounds like the words of somebody else.",
    schedule: "I can send money only right away, not at another time.",
    several: "I see more than one number there.",
    "too-long": "That message is too long for an order.",
    unreadable: "I cannot read that number without doubt.",
  },
  de: {
    approximate: "Das ist kein genauer Betrag.",
    cap: "Das ist eine Grenze, kein Betrag.",
    condition: "Ich kann nicht auf eine Bedingung warten.",
    currency: "Ich kann nur Euro senden, und den Kurs einer anderen Währung kenne ich nicht.",
    multiple: "Ich rechne Beträge nicht aus mehreren Teilen aus.",
    negated: "Das klingt, als sollte nichts gesendet werden.",
    "not-understood": "Das habe ich nicht ganz verstanden.",
    number: "Das ist kein Betrag, der gesendet werden kann.",
    past: "Das klingt, als wäre es schon geschehen.",
    percent: "Ich rechne keine Prozente aus.",
    question: "Das habe ich als Frage verstanden und nichts vorbereitet.",
    range: "Das lässt den Betrag oder den Empfänger offen.",
    relative: "Ich rechne Beträge nicht aus anderen Beträgen aus.",
    repeat: "Ich kann Zahlungen nicht wiederholen: jede geschieht einmal.",
    reported: "Das klingt nach den Worten von jemand anderem.",
    schedule: "Ich kann Geld nur sofort senden, nicht zu einer anderen Zeit.",
    several: "Ich sehe dort mehr als eine Zahl.",
    "too-long": "Diese Nachricht ist zu lang für einen Auftrag.",
    unreadable: "Diese Zahl kann ich nicht zweifelsfrei lesen.",
  },
};

/** Which doubt is told where there are several: the one that changes most. */
const weight: readonly DoubtKind[] = [
  "reported",
  "question",
  "past",
  "negated",
  "currency",
  "repeat",
  "condition",
  "schedule",
  "percent",
  "multiple",
  "relative",
  "cap",
  "range",
  "several",
  "approximate",
  "not-understood",
  "unreadable",
  "number",
  "too-long",
];

/** The doubt that matters most. */
export function worstDoubt(doubts: readonly Doubt[]): Doubt | undefined {
  return doubts.toSorted((one, other) => weight.indexOf(one.kind) - weight.indexOf(other.kind))[0];
}

/** Why an order was not taken as it stands, in one sentence. */
export function explainDoubt({ kind }: Pick<Doubt, "kind">, language: Language): string {
  return reasons[language][kind];
}
