import { describe, expect, it } from "vitest";
import { foreignLanguage, holdsKnownWord } from "./spoken-language.ts";

describe("the language of a message", () => {
  it.each([
    ["bonjour, je voudrais parler à un conseiller s'il vous plaît", "fr"],
    ["hola, necesito ayuda con mi cuenta por favor", "es"],
    ["dzień dobry, czy może mi pan pomóc", "pl"],
    ["merhaba, nasıl yardımcı olabilirsiniz", "tr"],
    ["добрий день, чи можете ви мені допомогти", "uk"],
  ])("hears that %j is in %s", (text, language) => {
    expect(foreignLanguage(text)).toBe(language);
  });

  it.each(["Jana", "Okan", "Yessica", "Klaus"])("knows a name for no word: %s", (text) => {
    expect(holdsKnownWord(text)).toBe(false);
  });

  it.each(["yess", "hellooo", "thnaks", "dankee", "merhaba"])("knows a word that is written oddly: %s", (text) => {
    expect(holdsKnownWord(text)).toBe(true);
  });

  it.each([
    "Nadia",
    "link VERA-2N4G",
    "YARA-8V6J",
    "60 an ruth",
    "1. 2. 3.",
    "DE89 3704 0044 0532 0130 00",
    "ok merci 20€ an Jana bitte",
  ])("holds codes, names and sums for no language: %j", (text) => {
    expect(foreignLanguage(text)).toBeUndefined();
  });
});
