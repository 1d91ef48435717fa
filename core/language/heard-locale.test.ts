import { expect, it } from "vitest";
import { heardLocale } from "./heard-locale.ts";

it("is the language of the newest words that tell one", () => {
  expect(heardLocale(["wie wird das Wetter", "ok"], "en-GB")).toBe("de");
  expect(heardLocale(["wie wird das Wetter", "and what is the time in Kiel now"], "de-AT")).toBe("en");
});

it("is not changed by one short line in the other language, but by two", () => {
  expect(heardLocale(["wie wird das Wetter", "send it please"], "en-GB")).toBe("de");
  expect(heardLocale(["wie wird das Wetter", "send it please", "how is it"], "de-AT")).toBe("en");
});

it("is the bot's locale where that is its language, or nothing tells one", () => {
  expect(heardLocale(["what is the weather"], "en-GB")).toBe("en-GB");
  expect(heardLocale(["Kiel"], "de-AT")).toBe("de-AT");
  expect(heardLocale([], "de-AT")).toBe("de-AT");
});
