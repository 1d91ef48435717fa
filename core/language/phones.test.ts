import { expect, it } from "vitest";
import { findPhones } from "./phones.ts";

it.each([
  ["en", "call me at 020 7946 0958 tomorrow", "+442079460958"],
  ["de", "meine Nummer ist 0176 5551234", "+491765551234"],
  ["de", "erreichbar unter +49 (0)176 5551234", "+491765551234"],
  ["en", "or +1 (415) 555-0132", "+14155550132"],
  ["en", "or 0041 44 668 18 00", "+41446681800"],
] as const)("in %s, %s is a telephone number", (language, text, phone) => {
  expect(findPhones(text, { language })).toMatchObject([{ kind: "phone", phone }]);
});

it.each([
  ["a sum", "send 2500000 euros"],
  ["a sum with a sign", "+100000.50"],
  ["a number of a country that is none", "+999 1234567"],
  ["too few digits for its country", "+1 415 5550"],
  ["too many", "+44 20 7946 0958 123"],
] as const)("%s is none", (_name, text) => {
  expect(findPhones(text, { language: "en" })).toEqual([]);
});

it("leaves alone what another reader took", () => {
  const taken = [{ start: 4, end: 16 }];
  expect(findPhones("ref 0176 5551234", { language: "de", taken })).toEqual([]);
});
