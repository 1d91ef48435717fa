import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  balances,
  chatter,
  linkedChatter,
  NOON,
  openBankChat,
  type OpenBankChat,
  proposalIn,
  temporaryFolder,
  type TestClock,
} from "../../test/support/bank-chat.ts";

const FRESH_IBAN = "DE89370400440532013000";
let folder: ReturnType<typeof temporaryFolder>;
let clock: TestClock;
let open: OpenBankChat;

beforeEach(async () => {
  folder = temporaryFolder();
  clock = { now: NOON };
  open = await openBankChat(folder.path, clock);
});
afterEach(async () => {
  await open.close();
  folder.remove();
});

describe("linking", () => {
  it("gives access to the accounts of the customer whose code the person wrote", async () => {
    const anna = await linkedChatter(open.toolset, clock);
    expect(await balances(anna)).toEqual({ Everyday: 183_581, Savings: 1_926_014 });
  });

  it("refuses before it, with what to do", async () => {
    const outcome = await chatter(open.toolset, clock).call("get_balance", {});
    expect(outcome).toMatchObject({ status: "refused", code: "bank/not-linked" });
  });

  it("refuses a right code that the person did not write", async () => {
    const anna = chatter(open.toolset, clock);
    anna.say("hello, what is my balance?");
    expect(await anna.call("link_customer", { code: "ANNA-7K42" })).toMatchObject({ code: "bank/code-not-said" });
    expect(await anna.call("get_balance", {})).toMatchObject({ code: "bank/not-linked" });
  });

  it.each([
    "don't link ANNA-7K42",
    "what is ANNA-7K42?",
    "is link ANNA-7K42 safe to type?",
    "my friend's code is ANNA-7K42",
    "link ANNA-7K42 or RUTH-9M5X",
    "Jana: link ANNA-7K42",
    "he told me to type link ANNA-7K42",
  ])("money-and-words F: links nobody by %s", async (words) => {
    const anna = chatter(open.toolset, clock);
    anna.say(words);
    expect(await anna.call("link_customer", { code: "ANNA-7K42" })).toMatchObject({ code: "bank/code-not-said" });
  });

  it.each([
    "anna-7k42",
    "my code: ANNA-7K42",
    "please link “ANNA-7K42”",
    "could you link ANNA-7K42?",
    "Link-Code: ANNA-7K42",
  ])("money-and-words F: links by %s", async (words) => {
    const anna = chatter(open.toolset, clock);
    anna.say(words);
    expect(await anna.call("link_customer", { code: "ANNA-7K42" })).toMatchObject({ status: "done" });
  });

  it("web-and-operations A: stops a guesser after five tries, and locks nobody else out", async () => {
    const guess = async (userId: string, code: string) => {
      const person = chatter(open.toolset, clock, { userId });
      person.say(code);
      return await person.call("link_customer", { code });
    };
    for (let tries = 0; tries < 5; tries += 1)
      expect(await guess("eve", "ZZZZ-2222")).toMatchObject({ code: "bank/unknown-code" });
    expect(await guess("eve", "ANNA-7K42")).toMatchObject({ code: "bank/too-many-codes" });
    for (let tries = 0; tries < 40; tries += 1) await guess(`crowd-${tries}`, "MARE-2222");
    expect(await guess("marek", "MARE-4T9W")).toMatchObject({ status: "done" });
    clock.now += 16 * 60_000;
    expect(await guess("eve", "ANNA-7K42")).toMatchObject({ status: "done" });
  });

  it("money-and-words F: takes a code once where customers are real, and again after they unlinked", async () => {
    await open.close();
    open = await openBankChat(folder.path, clock, { bank: { linkCodes: "once" } });
    const link = async (userId: string) => {
      const person = chatter(open.toolset, clock, { userId });
      person.say("ANNA-7K42");
      return { person, outcome: await person.call("link_customer", { code: "ANNA-7K42" }) };
    };
    const anna = await link("anna");
    expect(anna.outcome).toMatchObject({ status: "done" });
    for (const stranger of ["eve", "mallory"])
      expect((await link(stranger)).outcome).toMatchObject({ code: "bank/used-code" });
    expect((await link("anna")).outcome).toMatchObject({ status: "done" });
    anna.person.say("unlink my account");
    await anna.person.call("unlink_customer", {});
    expect((await link("anna-on-a-new-phone")).outcome).toMatchObject({ status: "done" });
  });

  it("binds a person to one customer until it is unlinked", async () => {
    const anna = await linkedChatter(open.toolset, clock);
    anna.say("RUTH-9M5X");
    expect(await anna.call("link_customer", { code: "RUTH-9M5X" })).toMatchObject({ code: "bank/linked-to-other" });
    anna.say("unlink my account");
    expect(await anna.call("unlink_customer", {})).toMatchObject({ status: "done" });
    expect(await anna.call("get_balance", {})).toMatchObject({ code: "bank/not-linked" });
  });

  it("is a matter of direct chats: in a group nothing of the bank answers", async () => {
    const group = chatter(open.toolset, clock, { chatType: "group" });
    group.say("ANNA-7K42");
    for (const [name, input] of [
      ["link_customer", { code: "ANNA-7K42" }],
      ["get_balance", {}],
      ["list_transactions", {}],
      ["transfer_money", { amount: "1", to: "Savings" }],
    ] as const) {
      const outcome = await group.call(name, input);
      expect(outcome).toMatchObject({ status: "refused", code: "tool/private" });
    }
  });
});

describe("transactions", () => {
  it("are listed newest first, with sums over all matches and not only those shown", async () => {
    const anna = await linkedChatter(open.toolset, clock);
    const outcome = await anna.call("list_transactions", { account: "everyday", category: "rent", limit: 2 });
    expect(outcome).toMatchObject({
      status: "done",
      result: { value: { count: 12, transactions: [{ category: "rent" }, { category: "rent" }] } },
    });
  });

  it("are found by a part of the counterparty in any case and without accents", async () => {
    const anna = await linkedChatter(open.toolset, clock);
    const outcome = await anna.call("list_transactions", {
      counterparty: "LICHTSPIEL cin",
      period: { from: "2025-11-21", to: "2025-11-21" },
    });
    expect(outcome).toMatchObject({ result: { value: { count: 1, sums: [{ outMinor: 1899, inMinor: 0 }] } } });
  });

  it("of another customer are out of reach, whatever the arguments", async () => {
    const anna = await linkedChatter(open.toolset, clock);
    for (const account of ["C1002-EVERYDAY", "DE21999800103561422600", "Business"]) {
      expect(await anna.call("list_transactions", { account })).toMatchObject({ code: "bank/unknown-account" });
    }
    expect(await anna.call("list_transactions", { customer: "C1002" })).toMatchObject({ code: "tool/invalid-input" });
  });
});

describe("a transfer", () => {
  it("to a saved payee moves money only when confirmed, and tells the balance", async () => {
    const anna = await linkedChatter(open.toolset, clock);
    const emre = await linkedChatter(open.toolset, clock, { userId: "emre", code: "EMRE-3H8P" });
    const before = await balances(emre);
    anna.say("send 40 euros to Emre");
    const proposal = proposalIn(await anna.call("transfer_money", { amount: "40.00", to: "Emre" }));
    expect(proposal).toMatchObject({
      facts: [
        { label: "Amount", value: "€40.00", number: 40, isMain: true },
        { label: "To", value: "Emre Aydin (DE53 9998 0010 6807 8673 00)" },
      ],
    });
    expect(await balances(anna)).toMatchObject({ Everyday: 183_581 });
    const reply = await anna.press(`confirm:${proposal.id}`);
    expect(reply?.text).toContain("€1,835.81 → **€1,795.81**");
    expect(await balances(anna)).toMatchObject({ Everyday: 179_581 });
    expect(await balances(emre)).toEqual({ ...before, Everyday: (before["Everyday"] ?? 0) + 4000 });
    expect(await open.checkBank()).toMatchObject([{ status: "ok" }]);
  });

  it.each([
    ["de", ["Betrag", "1.234,56", "An"]],
    ["en-GB", ["Amount", "€1,234.56", "To"]],
    ["xx-not-a-locale!", ["Amount", "1,234.56", "To"]],
  ])("is shown with labels and amounts as the bot writes them: %s", async (locale, parts) => {
    const anna = await linkedChatter(open.toolset, clock, { locale });
    anna.say("put 1234.56 euros into my savings");
    const { facts } = proposalIn(await anna.call("transfer_money", { amount: "1234.56", to: "my savings account" }));
    const shown = facts.map(({ label, value }) => `${label}: ${value}`).join("\n");
    for (const part of parts) expect(shown).toContain(part);
  });

  it("between own accounts tells both balances", async () => {
    const anna = await linkedChatter(open.toolset, clock);
    anna.say("put 1.000,50 € into my savings");
    const proposal = proposalIn(await anna.call("transfer_money", { amount: "1000.50", to: "my savings account" }));
    const reply = await anna.press(`confirm:${proposal.id}`);
    expect(reply?.text).toContain("Everyday: €1,835.81 → **€835.31**");
    expect(reply?.text).toContain("Savings: €19,260.14 → **€20,260.64**");
  });

  it("without enough money, to an unknown payee, or in another currency is refused with the reason", async () => {
    const anna = await linkedChatter(open.toolset, clock);
    anna.say("send 1900 to Emre, 5 to Zoe, 5 dollars to Jana");
    expect(await anna.call("transfer_money", { amount: "1900", to: "Emre" })).toMatchObject({
      code: "bank/insufficient-funds",
    });
    expect(await anna.call("transfer_money", { amount: "5", to: "Zoe" })).toMatchObject({ code: "bank/unknown-payee" });
    expect(await anna.call("transfer_money", { amount: "5 USD", to: "Jana" })).toMatchObject({
      code: "bank/currency",
    });
    expect(await anna.call("transfer_money", { amount: "5", to: "Everyday", from: "Everyday" })).toMatchObject({
      code: "bank/same-account",
    });
  });

  it("is stopped by the limit of 24 hours however it is split", async () => {
    const ruth = await linkedChatter(open.toolset, clock, { userId: "ruth", code: "RUTH-9M5X" });
    ruth.say("send 2500 to Thea, three times, from savings");
    const send = async () => {
      const outcome = await ruth.call("transfer_money", { amount: "2500", to: "Thea", from: "Savings" });
      if (outcome.status !== "proposed") return outcome;
      return await ruth.press(`confirm:${outcome.proposal.id}`);
    };
    expect(await send()).toMatchObject({ text: expect.stringContaining("Done") });
    expect(await send()).toMatchObject({ text: expect.stringContaining("Done") });
    expect(await send()).toMatchObject({ status: "refused", code: "bank/daily-limit" });
    clock.now += 24 * 60 * 60_000 + 1;
    expect(await send()).toMatchObject({ text: expect.stringContaining("Done") });
  });

  it("to an IBAN that nobody saved is limited more tightly, by its sum", async () => {
    const ruth = await linkedChatter(open.toolset, clock, { userId: "ruth", code: "RUTH-9M5X" });
    ruth.say("send 1500 from savings to DE89 3704 0044 0532 0130 00, then 600, then 500");
    const send = async (amount: string) =>
      await ruth.call("transfer_money", { amount, to: FRESH_IBAN, from: "Savings" });
    await ruth.press(`confirm:${proposalIn(await send("1500")).id}`);
    expect(await send("600")).toMatchObject({ code: "bank/new-payee-limit" });
    expect(await send("500")).toMatchObject({ status: "proposed" });
  });
});

describe("a compromised model", () => {
  it("cannot pay an IBAN that is not in the person's own words", async () => {
    const anna = await linkedChatter(open.toolset, clock);
    anna.say("please pay the invoice in the document, 40 euros");
    const outcome = await anna.call("transfer_money", { amount: "40", to: FRESH_IBAN });
    expect(outcome).toMatchObject({ status: "refused", code: "bank/payee-not-said" });
    expect(outcome).toMatchObject({ message: expect.stringContaining(FRESH_IBAN) });
  });

  it("cannot change the amount", async () => {
    const anna = await linkedChatter(open.toolset, clock);
    anna.say("send 40 euros to Emre");
    expect(await anna.call("transfer_money", { amount: "400", to: "Emre" })).toMatchObject({
      code: "bank/amount-not-said",
    });
  });

  it("cannot prepare what the person refused, nor a reference of its own", async () => {
    const anna = await linkedChatter(open.toolset, clock, { locale: "de" });
    anna.say("überweise niemals 900 Euro an Jana");
    expect(await anna.call("transfer_money", { amount: "900", to: "Jana" })).toMatchObject({
      code: "bank/not-wanted",
      message: expect.stringContaining("„überweise niemals 900 Euro an Jana“"),
    });
    anna.say("send 25 euros to Jana for the flowers");
    const made = { amount: "25", to: "Jana", reference: "Invoice 7 of Harbour Security" };
    expect(await anna.call("transfer_money", made)).toMatchObject({ code: "tool/not-said" });
    const said = { amount: "25", to: "Jana", reference: "the flowers" };
    expect(await anna.call("transfer_money", said)).toMatchObject({ status: "proposed" });
  });

  it("makes one request of an order that it writes in several ways, at once and one after the other", async () => {
    const anna = await linkedChatter(open.toolset, clock);
    anna.say("send 25 euros to Jana");
    const inputs = [
      { amount: "25", to: "Jana" },
      { amount: "25.0", to: "Jana" },
      { amount: "25.00 EUR", to: "Jana Novak" },
      { amount: "25", to: "Jana", from: "Everyday" },
    ];
    const send = async (input: object, index: number) =>
      proposalIn(await anna.call("transfer_money", input, { eventId: "same", callId: `c${index}` })).id;
    const ids = [...(await Promise.all(inputs.map(send))), ...(await Promise.all(inputs.map(send)))];
    expect(new Set(ids).size).toBe(1);
    const later = proposalIn(await anna.call("transfer_money", { amount: "25", to: "Jana" }, { eventId: "later" }));
    expect(ids).not.toContain(later.id);
  });

  it("cannot save a payee that the person did not write", async () => {
    const anna = await linkedChatter(open.toolset, clock);
    anna.say(`what is ${FRESH_IBAN}?`);
    expect(await anna.call("add_payee", { name: "Harbour Security", iban: FRESH_IBAN })).toMatchObject({
      code: "bank/payee-not-said",
    });
    anna.say("save Zoe Lind please");
    expect(await anna.call("add_payee", { name: "Zoe Lind", iban: "DE53999800106807867300" })).toMatchObject({
      code: "bank/payee-not-said",
    });
  });

  it("cannot execute a transfer past the registry's confirmation", async () => {
    const anna = await linkedChatter(open.toolset, clock);
    anna.say("send 40 euros to Emre");
    const tool = open.tools.find(({ name }) => name === "transfer_money");
    const direct = tool?.execute({ amount: "40", to: "Emre" }, { ...anna.contextFor("e"), idempotencyKey: "k" });
    await expect(direct).rejects.toMatchObject({ code: "bank/unconfirmed" });
  });
});

describe("a new payee", () => {
  it("is saved after confirmation and can be paid by name", async () => {
    const anna = await linkedChatter(open.toolset, clock);
    anna.say("save Zoë Lind, de89 3704 0044 0532 0130 00");
    const proposal = proposalIn(
      await anna.call("add_payee", { name: "Zoë Lind", iban: "DE89 3704 0044 0532 0130 00" }),
    );
    const reply = await anna.type(`confirm ${proposal.code ?? ""}`);
    expect(reply?.text).toContain("Zoë Lind");
    anna.say("send 5 to zoe");
    expect(await anna.call("transfer_money", { amount: "5", to: "zoe" })).toMatchObject({ status: "proposed" });
    expect(await anna.call("add_payee", { name: "Zoe Lind", iban: "DE89370400440532013000" })).toMatchObject({
      code: "bank/payee-exists",
    });
  });

  it("with wrong check digits is refused", async () => {
    const anna = await linkedChatter(open.toolset, clock);
    anna.say("save Zoe Lind DE88370400440532013000");
    expect(await anna.call("add_payee", { name: "Zoe Lind", iban: "DE88370400440532013000" })).toMatchObject({
      code: "bank/iban",
    });
  });
});

describe("undoing", () => {
  it("restores all balances by an opposite entry, once", async () => {
    const anna = await linkedChatter(open.toolset, clock);
    anna.say("40 to savings");
    const before = await balances(anna);
    const proposal = proposalIn(await anna.call("transfer_money", { amount: "40", to: "Savings" }));
    await anna.press(`confirm:${proposal.id}`);
    const tool = open.tools.find(({ name }) => name === "transfer_money");
    const context = { ...anna.contextFor("undo"), idempotencyKey: `proposal:${proposal.id}` };
    await tool?.compensate?.({ amount: "40", to: "Savings" }, context);
    await tool?.compensate?.({ amount: "40", to: "Savings" }, context);
    expect(await balances(anna)).toEqual(before);
    expect(await open.checkBank()).toMatchObject([{ status: "ok" }]);
  });
});

describe("a transfer executed again", () => {
  it("gives the stored result though its payee is gone, and a conflict for anything else", async () => {
    const anna = await linkedChatter(open.toolset, clock);
    anna.say(`save Zoe Lind ${FRESH_IBAN}, then send her 5`);
    const payee = { name: "Zoe Lind", iban: FRESH_IBAN };
    const saved = proposalIn(await anna.call("add_payee", payee));
    await anna.press(`confirm:${saved.id}`);
    const input = { amount: "5", to: "Zoe" };
    const { id, summary, facts } = proposalIn(await anna.call("transfer_money", input));
    await anna.press(`confirm:${id}`);
    const tool = (name: string) => open.tools.find((one) => one.name === name);
    await tool("add_payee")?.compensate?.(payee, {
      ...anna.contextFor("undo"),
      idempotencyKey: `proposal:${saved.id}`,
    });
    const confirmed = { summary, amount: { minor: 500, currency: "EUR" }, payee: facts[1]?.value ?? "" };
    const context = { ...anna.contextFor("again"), confirmed, idempotencyKey: `proposal:${id}` };
    expect(await tool("transfer_money")?.execute(input, context)).toMatchObject({
      value: { balances: [{ after: { minor: 183_081 } }] },
    });
    await expect(tool("transfer_money")?.execute({ ...input, amount: "6" }, context)).rejects.toMatchObject({
      code: "bank/idempotency-conflict",
    });
    expect(await balances(anna)).toMatchObject({ Everyday: 183_081 });
  });
});
