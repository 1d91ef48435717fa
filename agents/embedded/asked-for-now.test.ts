/** A person is called where one is wanted now, with the tool of the bank's bot. */
import { describe, expect, it } from "vitest";
import { bankIntents } from "../../test/support/bank-intents.ts";
import type { Intention } from "../roles/contract.ts";
import { askedForNow } from "./asked-for-now.ts";

const readIntent = await bankIntents();
const now = new Date("2026-11-21T10:00:00+01:00");
const entities = { now, timeZone: "Europe/Berlin", locale: "en-GB", currency: "EUR", direction: "future" } as const;

function intentOf(text: string): string {
  const understood = readIntent(text);
  const { label, confidence } = understood.recognized;
  const reading = { understood, cited: [], usesHistory: false };
  const common = { request: text, needsTools: true, personal: true, remember: [], reading };
  const intention: Intention = { intent: label, route: understood.route, confidence, ...common };
  return askedForNow(intention, text, { readIntent, entities }).intent;
}

describe("a person", () => {
  it.each([
    "can I talk to a human later?",
    "why did you hand me over to a human yesterday?",
    "I want to speak to an employee tomorrow",
    "kann ich später mit einem Menschen reden?",
    "warum haben Sie mich gestern an einen Menschen übergeben?",
    "nicht ein Mensch, ich will den Bot",
  ])("is not called for another time: %s", (text) => {
    expect(intentOf(text)).toBe("hand_over");
  });

  it.each([
    "can I talk to a human?",
    "I talked to a human yesterday, please put me through to one again",
    "I applied on 9 November, it's the 21st. I want a member of staff to take this over today",
    "Verbinden Sie mich bitte mit einem Mitarbeiter.",
  ])("is called now: %s", (text) => {
    expect(intentOf(text)).toBe("tool:hand_over");
  });
});
