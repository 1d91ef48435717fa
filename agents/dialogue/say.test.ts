import { expect, it } from "vitest";
import { sayResult } from "./say.ts";

const words = (says: readonly string[]) => ({ language: { en: { title: "…", asks: ["…"], says } } });
const hearer = { language: "en", locale: "en-GB" };

it("tells figures and days as they are written where the person lives", () => {
  const value = { place: "Uig", day: "2026-11-22", wind: { speed: 1234.5 } };
  const sentence = "{place}, {day}: wind at {wind.speed} km/h.";
  expect(sayResult(words([sentence]), { value }, hearer)).toBe("Uig, Sunday 22 November: wind at 1,234.5 km/h.");
  expect(sayResult(words([sentence]), { value }, { ...hearer, locale: "de-DE" })).toBe(
    "Uig, Sonntag, 22. November: wind at 1.234,5 km/h.",
  );
});

it("leaves out sentences for which something is missing, and all of them where none fits", () => {
  const says = ["{place}: {gusts}.", "{place} is calm."];
  expect(sayResult(words(says), { value: { place: "Uig" } }, hearer)).toBe("Uig is calm.");
  expect(sayResult(words(says), { value: { toString: "x" } }, hearer)).toBeUndefined();
  expect(sayResult(words(["{a}"]), { value: { a: ["x"] } }, hearer)).toBeUndefined();
});

it("shows what a value holds literally, never as markup", () => {
  expect(sayResult(words(["{place}."]), { value: { place: "*[x](https://evil.example)*" } }, hearer)).toBe(
    String.raw`\*\[x]\(https\://evil.example)\*.`,
  );
});

it("lets the tool speak for itself", () => {
  const say = ({ language }: { readonly language: string }) => `said in ${language}`;
  expect(sayResult(words(["{a}"]), { value: {}, say }, hearer)).toBe("said in en");
});
