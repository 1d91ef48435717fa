import type { Language } from "./message-language.ts";

/** Why a sum cannot simply be used: the reason that changes most first. */
const english = {
  reported: "That sounds like the words of somebody else.",
  question: "I took that for a question, and prepared nothing.",
  past: "That sounds as if it had happened already.",
  negated: "That sounds as if it should not be sent.",
  currency: "I can only send euros, and I do not know the rate of another currency.",
  repeat: "I cannot repeat payments: each one is made once.",
  condition: "I cannot watch for a condition.",
  schedule: "I can send money only right away, not at another time.",
  percent: "I do not work out percentages.",
  multiple: "I do not work out amounts from several parts.",
  relative: "I do not work out amounts from other amounts.",
  cap: "That is a limit, not an amount.",
  range: "That leaves the amount or the receiver open.",
  several: "I see more than one number there.",
  approximate: "That is not an exact amount.",
  "not-understood": "I did not understand all of that.",
  unreadable: "I cannot read that number without doubt.",
  number: "That is not an amount that can be sent.",
  "too-long": "That message is too long for an order: please send a shorter one.",
};

export type DoubtKind = keyof typeof english;

const german: Readonly<Record<DoubtKind, string>> = {
  reported: "Das klingt nach den Worten von jemand anderem.",
  question: "Das habe ich als Frage verstanden und nichts vorbereitet.",
  past: "Das klingt, als wäre es schon geschehen.",
  negated: "Das klingt, als sollte nichts gesendet werden.",
  currency: "Ich kann nur Euro senden, und den Kurs einer anderen Währung kenne ich nicht.",
  repeat: "Ich kann Zahlungen nicht wiederholen: jede geschieht einmal.",
  condition: "Ich kann nicht auf eine Bedingung warten.",
  schedule: "Ich kann Geld nur sofort senden, nicht zu einer anderen Zeit.",
  percent: "Ich rechne keine Prozente aus.",
  multiple: "Ich rechne Beträge nicht aus mehreren Teilen aus.",
  relative: "Ich rechne Beträge nicht aus anderen Beträgen aus.",
  cap: "Das ist eine Grenze, kein Betrag.",
  range: "Das lässt den Betrag oder den Empfänger offen.",
  several: "Ich sehe dort mehr als eine Zahl.",
  approximate: "Das ist kein genauer Betrag.",
  "not-understood": "Das habe ich nicht ganz verstanden.",
  unreadable: "Diese Zahl kann ich nicht zweifelsfrei lesen.",
  number: "Das ist kein Betrag, der gesendet werden kann.",
  "too-long": "Diese Nachricht ist zu lang für einen Auftrag: bitte schreib eine kürzere.",
};

const byWeight = Object.keys(english);

export function isDoubtKind(kind: string): kind is DoubtKind {
  return kind in english;
}

/** The doubt that matters most, which is told where there are several. */
export function worstDoubt<Doubt extends { readonly kind: DoubtKind }>(doubts: readonly Doubt[]): Doubt | undefined {
  return doubts.toSorted((one, other) => byWeight.indexOf(one.kind) - byWeight.indexOf(other.kind))[0];
}

/** Why an order was not taken as it stands, in one sentence. */
export function explainDoubt({ kind }: { readonly kind: DoubtKind }, language: Language): string {
  return language === "de" ? german[kind] : english[kind];
}
