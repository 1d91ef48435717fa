/** What is said where nothing of what a model wrote was borne out. */

const words = {
  en: {
    claimed:
      "I have done nothing so far. Tell me what should happen; before anything does, I show it to you to confirm.",
    unknown: "I have no answer to that which I could stand by. Please ask me in other words.",
  },
  de: {
    claimed:
      "Bisher habe ich nichts getan. Sag mir, was geschehen soll; vorher zeige ich es dir, damit du es bestätigst.",
    unknown: "Darauf habe ich keine Antwort, für die ich einstehen kann. Bitte frag mich mit anderen Worten.",
  },
} as const;

/** `claimed`: the model said that something was done which was not. */
export function nothingBorneOut(locale: string, { claimed }: { readonly claimed: boolean }): string {
  const said = locale.toLowerCase().startsWith("de") ? words.de : words.en;
  return claimed ? said.claimed : said.unknown;
}
