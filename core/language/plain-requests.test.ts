import { describe, expect, it } from "vitest";
import { asksPlainly } from "./plain-requests.ts";

const UNLINK = /\b(?:unlink|trenn\w*)\b/iu;

describe("what is plainly asked for", () => {
  it.each([
    "unlink",
    "Unlink me, please.",
    "No, I changed my mind. Unlink this chat.",
    "Could you unlink me? Thanks!",
    "Trenne den Chat, bitte",
    "unlink this chat, not my phone number",
    "nein danke. trenn mich einfach",
  ])("%s", (text) => {
    expect(asksPlainly(text, UNLINK)).toBe(true);
  });

  it.each([
    "Unlink? No!",
    "Unlink? Never!",
    "Unlink? No, thanks",
    "unlink? nah",
    "unlink me - just kidding",
    "unlink... no wait",
    "unlink me, oh wait",
    "trennen? nein!",
    "Trennen? Lieber nicht",
    "trenn mich. quatsch, war scherz",
    "unlink?",
    "unlink? what for",
  ])("not in: %s", (text) => {
    expect(asksPlainly(text, UNLINK)).toBe(false);
  });
});
