/** The words of the buttons under recommendations, and of the answers to them. Said by code alone. */

const english = {
  accept: (name: string) => `I like ${name}`,
  dismiss: (name: string) => `Not ${name}`,
  /** On the product's own card. */
  acceptThis: "I like it",
  dismissThis: "Not for me",
  accepted: (name: string) =>
    `I noted that you like **${name}**. Nothing was opened or bought; I can tell you more about it, or show others.`,
  dismissed: (name: string, others: readonly string[]) =>
    others.length === 0
      ? `I will not suggest **${name}** again. I have nothing else that fits.`
      : `I will not suggest **${name}** again. What about these: ${others.map((other) => `**${other}**`).join(", ")}?`,
  more: (name: string) => `Tell me about ${name}`,
  others: "Which product suits me?",
  mayLearn: "Learn from what I choose",
  mayNotLearn: "Do not learn from me",
  learns:
    "Thank you. My suggestions now learn from what you look at and choose. You can take it back with “forget me”.",
  doesNotLearn: "Understood: I learn nothing from what you do, and what I had learned from you is erased.",
};

export type ChoiceTexts = typeof english;

const german: ChoiceTexts = {
  accept: (name) => `${name} gefällt mir`,
  dismiss: (name) => `Nicht ${name}`,
  acceptThis: "Gefällt mir",
  dismissThis: "Nichts für mich",
  accepted: (name) =>
    `Ich habe notiert, dass dir **${name}** gefällt. Es wurde nichts eröffnet oder gekauft; ich erzähle dir gern mehr darüber oder zeige andere.`,
  dismissed: (name, others) =>
    others.length === 0
      ? `**${name}** schlage ich nicht mehr vor. Etwas anderes Passendes habe ich nicht.`
      : `**${name}** schlage ich nicht mehr vor. Wie wäre es damit: ${others.map((other) => `**${other}**`).join(", ")}?`,
  more: (name) => `Erzähl mir mehr über ${name}`,
  others: "Welches Produkt passt zu mir?",
  mayLearn: "Lerne aus meiner Auswahl",
  mayNotLearn: "Lerne nicht von mir",
  learns:
    "Danke. Meine Vorschläge lernen jetzt aus dem, was du ansiehst und auswählst. Mit „/forget“ nimmst du es zurück.",
  doesNotLearn: "Verstanden: Ich lerne nichts aus dem, was du tust, und was ich gelernt hatte, ist gelöscht.",
};

/** By BCP 47 locale; English where the language has none. */
export function choiceTexts(locale: string): ChoiceTexts {
  return locale.toLowerCase().startsWith("de") ? german : english;
}
