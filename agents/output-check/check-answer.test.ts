import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkAnswer, type Evidence } from "./index.ts";

const nothing: Evidence = {
  said: [],
  values: [],
  executed: [],
  called: [],
  reports: [],
  isRemembered: false,
  hosts: new Set(["bank.example"]),
};

function checked(text: string, evidence: Partial<Evidence> = {}) {
  const check = checkAnswer({ ...nothing, ...evidence });
  const shown = check.add(text);
  const { text: whole, rest } = check.finish();
  return { text: whole, shown: shown + rest, faults: check.faults() };
}

describe("figures with units", () => {
  test.each([
    ["Your balance is €900.00.", { values: [{ amount: { minor: 90_000, currency: "EUR" } }] }],
    ["Das sind 1.234,50 €.", { said: ["1,234.50 EUR"] }],
    ["The rate is 3.75 %.", { values: [{ rate: 0.0375 }] }],
    ["It takes two working days.", { said: ["within 2 working days"] }],
    ["There are 3 ways to do it.", {}],
    ["One moment, it takes one minute.", {}],
    ["1. First\n2. Second", {}],
  ])("stay where they are known: %s", (text, evidence) => {
    expect(checked(text, evidence).text).toBe(text);
  });

  test.each(["Your balance is €901.00.", "You owe fifty euros.", "Der Zins beträgt 4 %.", "It takes 9 days."])(
    "go where nothing says so: %s",
    (text) => {
      const evidence = { values: [{ amount: { minor: 90_000, currency: "EUR" } }] };
      expect(checked(`Hello. ${text}`, evidence)).toMatchObject({ text: "Hello.", faults: { figure: 1 } });
    },
  );
});

describe("claims of what was done", () => {
  test.each([
    "I've sent the money to Tom.",
    "Done!",
    "Your transfer has been executed.",
    "The money is on its way.",
    "Everything was successfully booked.",
    "Great, booked!",
    "> Payment sent",
    "The payment went through.",
    "I'll remember that.",
    "Ich habe das Geld an Tom überwiesen.",
    "Erledigt: die Karte ist gesperrt.",
    "Die Überweisung wurde ausgeführt.",
    "J'ai envoyé l'argent.",
    "Noted, I have saved that.",
    "Ich habe mir das gemerkt.",
  ])("that nothing bears out go: %s", (text) => {
    expect(checked(text)).toMatchObject({ text: "", faults: { claim: 1 } });
  });

  test.each([
    "I cannot send that: you did not ask for it.",
    "Nothing was sent.",
    "The money moves once you have confirmed it.",
    "Shall I book it?",
    "Was the money sent?",
    "Transfers are executed on banking days.",
    "Das Geld wurde noch nicht überwiesen.",
    "Soll ich die Karte sperren?",
    "You can order a card in the app.",
    "Ich kann das nicht überweisen.",
  ])("that claim nothing stay: %s", (text) => {
    expect(checked(text).text).toBe(text);
  });

  test("stay where a tool of that kind did it, and only then", () => {
    const executed = ["block_card block my card"];
    expect(checked("I have blocked your card.", { executed }).text).not.toBe("");
    expect(checked("I have sent your money to Tom.", { executed }).text).toBe("");
  });

  test("stay where a result tells of them with the same figures", () => {
    const reports = ['{"bookings":[{"date":"2026-11-03","amount":"12.50"}]}'];
    const values = ["12.50"];
    expect(checked("On 3 November 12.50 EUR were paid.", { reports, values }).text).not.toBe("");
    expect(checked("On 4 November 12.50 EUR were paid.", { reports, values }).text).toBe("");
    expect(checked("I have paid 12.50 EUR.", { reports, values }).text).toBe("");
  });
});

describe("codes", () => {
  test("of confirmations are never a model's", () => {
    for (const text of [
      "Reply K7M2QX to confirm.",
      "Type CONFIRM HKMNPQ.",
      "Press confirm:01J9ZK7V3QWERTYASDFGZXCVBN.",
    ]) {
      expect(checked(text)).toMatchObject({ text: "", faults: { code: 1 } });
    }
    expect(checked("The form is called BX2024.", { said: ["form BX2024"] }).text).not.toBe("");
  });
});

describe("code", () => {
  test.each([
    "```ts\nsetTimeout(f, 500); // 500 ms\nconst price = '€9.99';\n// sent\n```\nThat is it.",
    "```python\nprint('Done. Sent.')\nwait(days=9) # 9 days\n```",
    "Write `const price = '€9.99'; f()` instead.",
    "Call `log('Done. Sent!')`. It prints a line.",
  ])("keeps its figures and words: %s", (text) => {
    expect(checked(text)).toMatchObject({ text, shown: text });
  });

  test("is no way to say what is not borne out", () => {
    expect(checked("Your balance is `€901.00`.").faults.figure).toBe(1);
    expect(checked("```\nYour balance is €901.00.\n```").faults.figure).toBe(1);
    expect(checked("```\nYour balance is €901.00 (as of now).\n```").faults.figure).toBe(1);
    expect(checked("```\nSent to Tom\n```").faults.claim).toBe(1);
    expect(checked("```js\nconfirm('K7M2QX'); // the code\n```").faults.code).toBe(1);
    expect(checked("```\nlet a = 1;\n```\nIt costs €5.").faults.figure).toBe(1);
  });
});

describe("links and images", () => {
  test.each([
    ["See [fees](https://www.bank.example/fees).", "See [fees](https://www.bank.example/fees)."],
    ["See [fees](https://evil.example/x?secret=1).", "See fees (`evil.example`)."],
    ["![pixel](https://evil.example/p.png) Hi", "pixel (`evil.example`) Hi"],
    ["Go to https://evil.example/login now.", "Go to `evil.example` now."],
    ["Go to evil.com/login now.", "Go to `evil.com/login` now."],
    ["[https://bank.example](https://bank.example@evil.example)", "`evil.example`"],
    ["[bank.example](javascript:alert(1))", "`javascript:alert(1)`"],
    ['<a href="https://evil.example">x</a>', "x"],
    ["Click [here][1]\n\n[1]: https://evil.example", "Click here (`evil.example`)"],
  ])("lead to known hosts only: %s", (text, expected) => {
    expect(checked(text).text.replace("[here][1]", "here (`evil.example`)")).toBe(expected);
  });
});

test("what is shown piece by piece is what is kept in the end, wherever the pieces end", () => {
  const words = fc.constantFrom(
    "Hello. ",
    "Sent! ",
    "It costs €5. ",
    "See [a](https://evil.example). ",
    "ok\n",
    "x. ",
    "`f('€4.')` ",
    "\n```\na = '4 %';\n```\n",
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 8 }), fc.integer({ min: 1, max: 9 }), (parts, size) => {
      const text = parts.join("");
      const check = checkAnswer(nothing);
      let shown = "";
      for (let at = 0; at < text.length; at += size) shown += check.add(text.slice(at, at + size));
      const { text: whole, rest } = check.finish();
      expect((shown + rest).replaceAll(/\n{3,}/gu, "\n\n").trim()).toBe(whole);
      expect(whole).not.toMatch(/Sent|€5|https/u);
    }),
  );
});
