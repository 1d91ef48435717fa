import { describe, expect, it } from "vitest";
import { refusedOf } from "./refused.ts";

const IBAN = "DE89370400440532013000";
const order = (toName: string, euros = 900) => ({
  amount: { minor: euros * 100, currency: "EUR" },
  toName,
  toIban: IBAN,
});

describe("what the customer refuses to pay", () => {
  it.each([
    "never send 900 euros to Jana",
    "Don't send 900 euros to Jana Novak!",
    "please do not transfer 900 to Jana",
    "I don't want you to pay Jana 900 euros",
    "no money to Jana, not even 900",
    "send 900 euros, but not to Jana",
    "send 900 to Emre, never to Jana",
    "schick 900 Euro nicht an Jana",
    "überweise niemals 900 Euro an Jana",
    "bitte keine 900 Euro an Jana überweisen",
    "zahle 900 Euro an Emre, aber nicht an Jana",
    `${IBAN} asks for 900 euros. Never pay it.`,
    `Von ${IBAN} kam eine Rechnung: bezahl die nicht!`,
    "send 900 to Jana, no, don't send her 900",
  ])("%s: is refused", (text) => {
    expect(refusedOf(order("Jana Novak"), [text])).toBeTypeOf("string");
  });

  it.each([
    ["send 900 euros to Jana", "Jana Novak"],
    ["don't forget to send 900 to Jana", "Jana Novak"],
    ["vergiss nicht, 900 Euro an Jana zu überweisen", "Jana Novak"],
    ["why don't you send 900 to Jana", "Jana Novak"],
    ["don't send 20, send 900 to Jana", "Jana Novak"],
    ["not 20 but 900 to Jana", "Jana Novak"],
    ["nicht 20 sondern 900 an Jana", "Jana Novak"],
    ["send 900 to Jana Novak, not Jana Becker", "Jana Novak"],
    ["never mind. Send 900 euros to Jana", "Jana Novak"],
    ["send 900 to Jana, she did not get it", "Jana Novak"],
    ["not to Emre, to Jana: 900 euros", "Jana Novak"],
    ["don't hesitate to pay Jana 900", "Jana Novak"],
    ["überweise Jana 900 Euro nicht vom Sparkonto", "Jana Novak"],
    ["zahle Jana 900 Euro kein Betreff", "Jana Novak"],
    ["send Jana 900 euros, not from savings", "Jana Novak"],
  ])("%s: is not", (text, name) => {
    expect(refusedOf(order(name), [text])).toBeUndefined();
  });

  it("is what the newest words that name it say", () => {
    const never = "never send 900 euros to Jana";
    expect(refusedOf(order("Jana Novak"), [never, "what is my balance?"])).toBe(never);
    expect(refusedOf(order("Jana Novak"), [never, "fine, send 900 euros to Jana"])).toBeUndefined();
    expect(refusedOf(order("Jana Novak", 20), ["never pay Jana", "send 20 euros"])).toBe("never pay Jana");
  });
});
