/** What somebody reads who gets a code. */
const TEXTS = {
  en: {
    subject: (site: string) => `Your code for ${site}`,
    text: (site: string, code: string) =>
      `${code} is your code for ${site}. It is good for ten minutes. Tell it to nobody. If you did not ask for it, change your password.`,
  },
  de: {
    subject: (site: string) => `Ihr Code für ${site}`,
    text: (site: string, code: string) =>
      `${code} ist Ihr Code für ${site}. Er gilt zehn Minuten. Geben Sie ihn niemandem weiter. Haben Sie keinen angefordert, ändern Sie Ihr Passwort.`,
  },
} as const;

/** In German for a locale such as `de-CH`, in English for all others. */
export function codeTexts(locale: string): (typeof TEXTS)["en"] | (typeof TEXTS)["de"] {
  return locale.toLowerCase().startsWith("de") ? TEXTS.de : TEXTS.en;
}
