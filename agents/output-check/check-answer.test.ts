import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkAnswer, type Evidence, NO_EVIDENCE } from "./index.ts";

const nothing: Evidence = { ...NO_EVIDENCE, hosts: new Set(["bank.example"]) };

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

  test("of earlier answers count where they needed evidence then", () => {
    expect(checked("It was €12.50.", { answered: ["You spent €12.50."] }).text).toBe("It was €12.50.");
    expect(checked("Your balance is €9,999.00.", { answered: ["I read 9999 in a book."] }).text).toBe("");
  });

  test.each([
    "Your balance is €901.00.",
    "You owe fifty euros.",
    "Der Zins beträgt 4 %.",
    "It takes 9 days.",
    "Your balance is 9,999.",
    "The fee is 3,50.",
    "You have ٩٩٩٩ €.",
    "You have ９９９９ €.",
    "It costs 30 bucks.",
  ])("go where nothing says so: %s", (text) => {
    const evidence = { values: [{ amount: { minor: 90_000, currency: "EUR" } }] };
    expect(checked(`Hello. ${text}`, evidence)).toMatchObject({ text: "Hello.", faults: { figure: 1 } });
  });
});

describe("numbers of accounts and telephones", () => {
  const iban = "DE89 3704 0044 0532 0130 00";
  test("stay where something says so, however it is grouped", () => {
    expect(checked(`It is ${iban}.`, { values: [{ iban: "DE89370400440532013000" }] }).text).toBe(`It is ${iban}.`);
    expect(checked("Call +49 30 1234567.", { said: ["Telephone: 030 / 123 45 67"] }).text).toBe("Call +49 30 1234567.");
  });

  test("go where nothing does", () => {
    expect(checked(`Pay to ${iban}.`).faults.figure).toBe(1);
    expect(checked("Call +49 30 1234567.").faults.figure).toBe(1);
  });
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
    "Your 25 euros left your account.",
    "Jana has the money now.",
    "Transfer complete.",
    "I made the transfer.",
    "I carried out the transfer.",
    "Sorted!",
    "Consider it handled.",
    "I sent it without any problem and nothing went wrong.",
    "I handed you over to a person.",
    "Jana hat das Geld.",
    "El dinero fue enviado.",
    "Enviado.",
    "Деньги отправлены.",
    "已发送。",
    "D\u200Bone.",
    "S\u00ADent!",
    "Dоne.",
    "D o n e.",
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

  test("that answer a question of the answer go", () => {
    expect(checked("Has the money been sent? It has.").text).toBe("Has the money been sent?");
    expect(checked("Sent? Yes.").text).toBe("Sent?");
    expect(checked("Do you want to send it? Yes, please.").text).toBe("Do you want to send it? Yes, please.");
  });

  test("are no matter of tools that only read, whatever their names hold", () => {
    expect(checked("I sent the money to Jana.", { called: ["list_payees"], said: ["25"] }).text).toBe("");
    expect(checked("Your account has been closed.", { called: ["recommend_products"] }).text).toBe("");
    expect(checked("I linked it.", { executed: ["unlink_customer"] }).text).toBe("");
    expect(checked("Your account has been opened.", { executed: ["record_complaint"] }).text).toBe("");
    expect(checked("I added tea.", { called: ["add_item"] }).text).toBe("I added tea.");
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

  test.each([
    "harbour-bank.support/login",
    "bit.ly/x",
    "discord.gg/abc",
    "evil.zip/x",
    "evil.page",
    "evil.рф",
    "bank.example.evil.support/login",
    "tg://resolve?domain=evil",
    "ftp://evil.com",
    "1.2.3.4/login",
    "localhost:8080/x",
    "evil&#46;com/x",
    String.raw`evil\.com/x`,
    "https&#58;//evil.com/x",
    "evil．com/x",
    "evil。com",
    String.raw`\evil.com`,
    "https:/\u200B/evil.com/x",
  ])("that hide where they lead cannot be pressed: %s", (link) => {
    const { text } = checked(`Go to ${link} now.`);
    const outside = text.replaceAll(/`[^`]*`/gu, "…");
    expect(outside).not.toMatch(/evil|login|1\.2\.3\.4|abc|bit|resolve/u);
  });

  test.each([
    "See config.ts and data.csv.",
    "e.g. this, z.B. das, i.e. 3.5 or v1.2",
    "https://bank.example/a and docs.bank.example/b",
  ])("are not seen where there are none: %s", (text) => {
    expect(checked(text).text).toBe(text);
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
