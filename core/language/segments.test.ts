import { describe, expect, it } from "vitest";
import { foreignWords, ownWords, segmentsOf } from "./segments.ts";

const foreign = (text: string): string => foreignWords(text).join(" | ");

describe("platforms C: whose words a text holds", () => {
  it.each([
    ["plain words", "Send 5 euros to Maria"],
    ["a name in quotation marks", 'Send 5 euros to "Jana Novak"'],
    ["a company of many words", "Überweise 5 € an „Stadtwerke Musterstadt GmbH & Co. KG“"],
    ["a short word that is stressed", 'What does "fixed rate" mean?'],
    ["apostrophes", "don't send it to the Millers' house, it's Ben's"],
    ["inches", 'is a 27" screen insured?'],
    ["words of one's own before", "I said: send 5 euros to Maria"],
    ["the same in German", "Ich habe gesagt: schick Maria 5 Euro"],
    ["a form", "From: everyday\nTo: Maria\nAmount: 5 euros"],
    ["a reference", "pay Maria 5 euros, reference: rent May"],
    ["a comparison", "show bookings > 100 euros"],
    ["a time", "remind me at 10:15, the meeting is at 11:00"],
    ["indirect speech", "Ben says I should look at my balance"],
    ["several lines of one's own", "hello\n\nsend 5 euros to Maria\n\nthanks"],
  ])("takes %s for own", (_name, text) => {
    expect(ownWords(text)).toBe(text);
    expect(segmentsOf(text)).toEqual([{ kind: "own", text, start: 0, end: text.length }]);
  });

  it.each([
    ["Send **25** euros to Jana", "Send 25 euros to Jana"],
    ["Send €25 to *Jana*", "Send €25 to Jana"],
    ["_please_ send ***25*** to __Jana Novak__", "please send 25 to Jana Novak"],
    ["2 * 3 * 4, 5*3, snake_case_word, ~~25~~ 30", "2 * 3 * 4, 5*3, snake_case_word, ~~25~~ 30"],
  ])("money-and-words C: are read without their bold and italics: %s", (text, plain) =>
    expect(ownWords(text)).toBe(plain),
  );

  it.each([
    ["quotation marks", 'is "please send 500 euros to Tom" a scam?', "is … a scam?", "please send 500 euros to Tom"],
    ["typographic ones", "was heißt „bitte 500 Euro an Tom“?", "was heißt … ?", "bitte 500 Euro an Tom"],
    ["guillemets", "que dit «envoyez 500 euros à Tom» ?", "que dit … ?", "envoyez 500 euros à Tom"],
    ["single ones", "he means 'send 500 euros to Tom' I think", "he means … I think", "send 500 euros to Tom"],
    ["code", "what is `send 500 euros to Tom`?", "what is … ?", "send 500 euros to Tom"],
    ["marks that nobody closed", 'look: "send 500 euros to Tom', "look:", "send 500 euros to Tom"],
    ["a block quote", "> send 500 euros to Tom\nis this true?", "is this true?", "send 500 euros to Tom"],
    ["one of several lines", "true?\n> send 500\n> to Tom", "true?", "send 500\nto Tom"],
    ["a quote to the end", "true?\n>>> send 500\nto Tom", "true?", "send 500\nto Tom"],
    ["a fence", "what is this?\n```\nsend 500 to Tom\n```", "what is this?", "send 500 to Tom"],
    ["a fence left open", "what is this?\n```send 500 to Tom", "what is this?", "send 500 to Tom"],
    ["reported words", "my boss wrote: send 500 euros to Tom", "my boss wrote:", "send 500 euros to Tom"],
    ["reported in the next line", "He said:\nsend 500 euros to Tom", "He said:", "send 500 euros to Tom"],
    ["reported and short", 'Ben said "pay 500"', "Ben said", "pay 500"],
    ["reported, then asked", 'Ben wrote: "pay 500". Is that right?', "Ben wrote: … . Is that right?", "pay 500"],
    [
      "reported in German",
      "Mein Chef schreibt: überweise 500 Euro an Tom",
      "Mein Chef schreibt:",
      "überweise 500 Euro an Tom",
    ],
    ["a message from somebody", "message from my bank: pay 500 to Tom", "message from my bank:", "pay 500 to Tom"],
    ["what came in", "I got this: send 500 euros to Tom", "I got this:", "send 500 euros to Tom"],
  ])("takes %s for somebody else's", (_name, text, own, others) => {
    expect(ownWords(text)).toBe(own);
    expect(foreign(text)).toBe(others);
  });

  it.each([
    ["a mail", "is this real?\n\nFrom: Ben <ben@b.example>\nTo: Ann\nSubject: Invoice\n\nPlease pay 500 euros."],
    [
      "a German mail",
      "is this real?\nVon: Ben\nGesendet: Montag\nAn: Ann\nBetreff: Rechnung\n\nBitte 500 Euro zahlen.",
    ],
    ["a mail that begins with its subject", "is this real?\nSubject: Invoice\nFrom: Ben\n\npay 500"],
    ["a forwarded mail", "is this real?\n---------- Forwarded message ---------\nFrom: Ben\npay 500"],
    ["an answered mail", "is this real?\nOn Mon, 4 May 2026 at 10:12, Ben <b@b.example> wrote:\npay 500\n\nnow"],
    ["a log of WhatsApp", "is this real?\n[04.05.26, 10:12:33] Ben: pay 500\n[04.05.26, 10:13:01] Ben: now"],
    ["an export of WhatsApp", "is this real?\n04/05/2026, 10:12 - Ben: pay 500"],
    ["a copy from Telegram", "is this real?\nBen, [04.05.2026 10:12]\npay 500"],
    ["a copy from Slack", "is this real?\nBen  10:12 AM\npay 500"],
    ["a copy from Discord", "is this real?\nBen — Today at 10:12 AM\npay 500"],
  ])("takes %s for pasted, to its end", (_name, text) => {
    expect(ownWords(text)).toBe("is this real?");
    expect(foreign(text)).toContain("500");
  });

  it("gives the whole text back in pieces", () => {
    const text = 'Ben wrote: "pay 500 euros now". Then:\n> pay!\nand ```code``` "one two three four" end';
    const segments = segmentsOf(text);
    expect(segments.map((one) => one.text).join("")).toBe(text);
    expect(segments.map(({ kind }) => kind)).toEqual([
      "own",
      "quoted",
      "own",
      "quoted",
      "own",
      "pasted",
      "own",
      "quoted",
      "own",
    ]);
  });

  it("knows nothing of own words in a text that is nothing but a quote", () => {
    expect(ownWords("> send 500 euros to Tom")).toBe("");
    expect(ownWords("")).toBe("");
  });

  it("comes to an end on texts made to keep it busy", () => {
    const text = `${"From: a\n".repeat(2_000)}${"> x\n".repeat(2_000)}${"said ".repeat(2_000)}${'"'.repeat(2_000)}`;
    expect(segmentsOf(text).at(-1)?.end).toBe(text.length);
  });
});

describe("a signature", () => {
  it.each([
    ["What did I leave at the pharmacy? Kind regards, R. Petersen", "What did I leave at the pharmacy?"],
    ["send 20 to Jana\nbest wishes\nAnna", "send 20 to Jana"],
    ["Wie viel war es im Mai? Mit freundlichen Grüßen, Emre Aydin", "Wie viel war es im Mai?"],
    ["kontostand bitte, lg Marek", "kontostand bitte,"],
  ])("is not asked for: %s", (text, own) => expect(ownWords(text)).toBe(own));

  it.each(["best regards", "regards the fee, what is it?", "send 20 to Jana with kind regards for her 50th"])(
    "is no part of %s",
    (text) => expect(ownWords(text)).toBe(text),
  );
});
