/** What people say while "15 euros to Jana" waits, against a table that was written before the reader. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { deskReading } from "../../test/cases/judge-words.ts";
import { readReply } from "./read-reply.ts";

const waiting = {
  own: ["Transfer €15.00 from Everyday (DE•• •••• 2500) to Jana Novak", "15", "Jana", "Everyday"],
  others: ["Emre Aydin", "Lukas Weber", "Jana Kovac", "Everyday", "Savings"],
};
const Case = z.object({
  id: z.string(),
  text: z.string(),
  expect: z.string(),
  alsoOk: z.array(z.string()).default([]),
});
const cases = readFileSync(new URL("../../test/cases/desk.jsonl", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => Case.parse(JSON.parse(line)));

describe("money-and-words A: what is said while a request waits", () => {
  it("is a table of some size", () => expect(cases.length).toBeGreaterThan(150));

  it.each(cases.map((one) => [one.text, one] as const))("%s", (text, one) => {
    expect([one.expect, ...one.alsoOk]).toContain(deskReading(text));
  });

  it.each(
    "nooo;neeein;nooooope;naw;nvm;n;absolutely not;of course not;that is not right;I am not happy with that;oh god, please no;um Gottes willen nein;oops;I made a mistake;just kidding;storno;stimmt so nicht;das wollte ich nicht;das war ein Versehen;ich hab mich vertippt;Quatsch;nicht richtig".split(
      ";",
    ),
  )("a refusal in other words: %s", (text) => expect(readReply(text, waiting)).toBe("cancel"));

  it.each(
    "which savings product suits me?;how much did I pay Emre?;is Emre a saved payee?;what happens if I say no?;I don't know;weiß nicht;no problem;kein Problem".split(
      ";",
    ),
  )("no answer to the request, and it stays: %s", (text) => expect(readReply(text, waiting)).toBe("unrelated"));

  it.each([
    "I want to complain",
    "I need to report something",
    "I'd like to unlink this chat",
    "this is a scam, help",
    "link MARE-4T9W",
    "verknüpfe MARE-4T9W",
    "wait, how do I cancel?",
    "hold on, how can I stop this?",
    "hang on, what happens then?",
    "warte, wie breche ich das ab?",
    "Moment, wie kann ich das stornieren?",
  ])("names nothing else for it: %s", (text) => expect(readReply(text, waiting)).toBe("unrelated"));

  it.each(["wait", "hold on", "warte mal", "stop, what are you doing", "no ABC234", "nein, ABC234", "ABC234 no"])(
    "a refusal: %s",
    (text) => expect(readReply(text, { ...waiting, own: [...waiting.own, "ABC234"] })).toBe("cancel"),
  );

  it.each([
    "nah scrap it, I'm seeing her tonight, cash will do",
    "forget it, I'll tell him on Friday",
    "bin it, we meet tomorrow anyway",
    "Doch nich, lass stecken. Ich seh ihn heut Abend eh",
    "vergiss die Überweisung wieder",
    "lass bleiben, ich geb es ihr morgen bar",
    "nä, lass ma jut sein, dat klären wir untereinander",
    "lass mal gut sein, wir klären das so",
    "und das mit Jana lassen wir, sie hat es schon bar",
    "lassen wir das, ich zahl es ihr heute Abend",
    "ok. und das mit Jana lassen wir, sie hats schon bar",
    "das kannst du knicken, sie will es gar nicht mehr",
    "lass mal gut sein, er hat es schon bar bekommen",
    "lets leave it, she paid me back in cash",
    "mmm forget about that, she can wait",
    "nah let it go, not worth the fuss",
    "ditch it, she already has the money",
  ])("a refusal with its reason: %s", (text) => expect(readReply(text, waiting)).toBe("cancel"));

  it("a question behind an interjection, with a name that is a value elsewhere", () =>
    expect(readReply("achso wie war das bei Emre", waiting)).toBe("unrelated"));

  it.each(
    "what about Emre?;can you send it to Emre?;why not from savings?;not today, Friday;should come off the savings account please;must go to Emre and not to her;soll bitte vom Savings Konto weg".split(
      ";",
    ),
  )("another value: %s", (text) => expect(readReply(text, waiting)).toBe("other-value"));

  it.each([
    "Hallo, meine Karte wurde gestohlen",
    "Ok, ich wurde betrogen",
    "ok, my card was stolen",
    "ok, I was scammed",
    "Yes, please hand me over to a human",
    "Hallo, ich möchte mit einem Menschen sprechen",
    "ok show my transactions",
    "hallo",
  ])("something else behind a yes or a greeting: %s", (text) => expect(readReply(text, waiting)).toBe("unrelated"));

  it.each(["ok, please don't send it", "Hallo, bitte nicht senden", "ok aber nicht abschicken bitte"])(
    "a refusal behind a yes or a greeting: %s",
    (text) => expect(readReply(text, waiting)).not.toBe("confirm"),
  );

  it.each(["yes", "ok do it", "ja mach das", "ok mate, go ahead", "ja bitte", "hello, yes please"])(
    "a yes: %s",
    (text) => expect(readReply(text, waiting)).toBe("confirm"),
  );

  it.each([
    "don't cancel it",
    "I don't want to cancel, what is my balance?",
    "please do not cancel",
    "nicht abbrechen",
    "brich das bitte nicht ab",
    "Ich will nicht abbrechen",
    "nein, nicht abbrechen!",
    "storniere das nicht",
  ])("what waits is to stay: %s", (text) => expect(readReply(text, waiting)).toBe("unrelated"));
});
