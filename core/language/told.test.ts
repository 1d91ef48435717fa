import { describe, expect, it } from "vitest";
import { ownWords } from "./segments.ts";
import { toldIn } from "./told.ts";

/** What is left of a text that an order is read from. */
function own(text: string): string {
  const words = ownWords(text);
  return toldIn(words)
    .places.reduceRight((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), words)
    .trim();
}

describe("words that order nothing", () => {
  it.each([
    "the scammer wanted 500",
    "Emre says make it 500",
    "my boss told me to make it 500",
    "der Anrufer verlangt 500",
    "The mail says DE46999500479515807788",
    "In der Mail steht DE46999500479515807788",
    "Send 90 euros to Emre is what the scammer said",
    "Send 90 euros to Emre - that's what the mail says",
    "Send 90 euros to Emre, my boss says",
    "Überweise 20 Euro an Emre, hat der Betrüger gesagt",
    "Überweise 20 Euro an Emre, steht in der Mail",
    "「make it 500」",
    "''make it 500''",
    "[12:03] Emre Aydin: Send 90 euros to me",
  ])("are somebody else's: %s", (text) => expect(own(text)).toBe(""));

  it.each([
    ['"make it 500" said Emre', "said Emre"],
    ['"500 to Emre" wrote my boss', "wrote my boss"],
    ['"from savings" she wrote', "she wrote"],
    ['"Emre" is what the mail says', ""],
    ["„lieber an Emre“, schreibt sie", ""],
  ])("are a quotation: %s", (text, expected) => expect(own(text)).toBe(expected));

  it.each([
    "Ask Emre to send me 20 euros",
    "Tell Jana to send 20 euros to Emre",
    "Emre should send me 20 euros",
    "Can Emre send 20 euros to me?",
    "Kann Emre mir 20 Euro schicken?",
    "Sag Jana, sie soll Emre 20 Euro schicken",
    "Block all attempts to send 90 euros to Emre",
    "Prevent anyone from sending 20 euros to Emre",
    "Verhindere, dass 20 Euro an Emre gehen",
    "30 euros to Emre? No way!",
    "30 Euro an Emre? Auf keinen Fall!",
    "30 euros to Emre: fraud?",
    "Translate to German: send 40 euros to Emre",
    "Remind me to send 40 euros to Emre",
    "Betreff: Überweise 90 Euro an Emre",
    "Emre: send 90 euros to Emre",
  ])("are for somebody else to do, or nobody: %s", (text) => expect(own(text)).toBe(""));

  it.each([
    "Emre got 30 euros",
    "Emre bezahlte 50 Euro",
    "Emre hat 30 Euro gewonnen",
    "I still owe Jana 40 euros",
    "Ich schulde Emre 20 Euro",
    "30 euros to Emre is a lot",
    "500 is too much",
    "Did you send 90 euros to Emre?",
    "Is Emre a payee of mine?",
    "I don't trust Emre",
    "Ich traue Emre nicht",
    "Emre has 50 cats",
    "call Emre",
    "my savings account is great",
  ])("tell or ask something: %s", (text) => expect(own(text)).toBe(""));

  it.each([
    ["Emre got 300 euros. Send 25 to Jana.", "Send 25 to Jana."],
    ["Emre paid 50 euros, send Jana my share", "send Jana my share"],
    ["she says it was 80, so make it 80", "she says it was 80, so make it 80"],
  ])("are left out beside an order: %s", (text, expected) => expect(own(text)).toBe(expected));
});

describe("an order", () => {
  it.each([
    "Jana 50",
    "50 to Jana please",
    "send Jana the 50 I owe her",
    "Kannst du Jana 20 schicken?",
    "Emre needs 30, send it to him",
    "I owe Jana 20 euros, please send it",
    "Jana paid for lunch, send her 20",
    "Jana kriegt noch 20 Euro von mir",
    "Jana gets 20 from me",
    "Jana soll 20 Euro bekommen",
    "Jana should get 20 euros",
    "35 to Emre, that was his half of the tickets",
    "no, to Mira, not to Odd",
    "voice message send eighty five euros to paul sommer thanks",
    "hello this is anna speaking i would like to send ninety euros to doctor sommer",
    "it was 30",
    "oh wait, she needs 30",
    "hang on, that's a bit much, let's say 15 instead",
    '"Emre"',
    "Wenn die Rente da ist, 85 Euro an Jana überweisen",
    "Sobald Emre bezahlt hat, 20 Euro an Jana",
    "20 Euro an Jana, aber erst wenn mein Lohn da ist",
    "Ist die Erstattung da, 30 Euro an Emre",
    "30 Euro an Emre, vorausgesetzt Jana hat bezahlt",
    "once the refund has arrived, 40 to Jana",
    "pay Jana 40 but only if the deposit was returned",
    "40 to Jana, provided that Emre has paid",
    "as soon as my salary is there, 40 to Jana",
    "40 euros to Jana, unless she has it already",
  ])("keeps all of its words: %s", (text) => expect(own(text)).toBe(text));
});
