import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  balances,
  type Chatter,
  linkedChatter,
  NOON,
  openBankChat,
  type OpenBankChat,
  proposalIn,
  temporaryFolder,
  type TestClock,
} from "../../../test/support/bank-chat.ts";

const NEW_IBAN = "DE89370400440532013000";
let folder: ReturnType<typeof temporaryFolder>;
let clock: TestClock;
let open: OpenBankChat;
let anna: Chatter;

beforeEach(async () => {
  folder = temporaryFolder();
  clock = { now: NOON };
  open = await openBankChat(folder.path, clock);
  anna = await linkedChatter(open.toolset, clock);
});
afterEach(async () => {
  await open.close();
  folder.remove();
});

const rent = { to: "Lindenhof", amount: "1100", rhythm: "monthly", firstDate: "2026-12-01", reference: "rent" };

async function orderRent(): Promise<void> {
  anna.say("set up a standing order of 1100 to Lindenhof every month for rent from 1 December");
  const { id } = proposalIn(await anna.call("create_standing_order", rent));
  await anna.press(`confirm:${id}`);
}

const listed = async () => {
  const outcome = await anna.call("list_standing_orders", {});
  if (outcome.status !== "done") throw new Error(JSON.stringify(outcome));
  return { value: outcome.result.value, text: outcome.result.say?.({ language: "en", locale: "en" }) ?? "" };
};

describe("a standing order", () => {
  it("is put forward with all that it will do, exists once it is confirmed, and moves nothing by itself", async () => {
    anna.say("set up a standing order of 1100 to Lindenhof every month for rent from 1 December");
    const proposal = proposalIn(await anna.call("create_standing_order", rent));
    expect(JSON.stringify(proposal)).toContain(
      "Pay €1,100.00 every month from Everyday (DE•• •••• 2500) to Lindenhof Property Management, next on December 1, 2026, reference “rent”",
    );
    expect(JSON.stringify(proposal)).toContain("DE34 9995 0047 6735 4731 42");
    expect((await listed()).value).toEqual({ orders: [] });
    const before = await balances(anna);
    const reply = await anna.press(`confirm:${proposal.id}`);
    expect(reply?.text).toMatch(/^Done: Pay .*every month/u);
    expect((await anna.press(`confirm:${proposal.id}`))?.text).toContain("done already, once");
    expect((await listed()).value).toMatchObject({ orders: [{ order: "S1", nextDate: "2026-12-01" }] });
    expect((await listed()).text).toContain("every month");
    expect(await balances(anna)).toEqual(before);
  });

  it("says so in German", async () => {
    const german = await linkedChatter(open.toolset, clock, { userId: "anna-de", locale: "de-DE" });
    german.say("Dauerauftrag über 50 Euro an Emre, jede Woche");
    const order = { to: "Emre", amount: "50", rhythm: "weekly", firstDate: "2026-12-04" };
    expect(JSON.stringify(proposalIn(await german.call("create_standing_order", order)))).toMatch(
      /Zahlung von 50,00\s€ jede Woche von Everyday .* an Emre Aydin, nächstes Mal am 4\. Dezember 2026/u,
    );
  });

  it.each([
    [{ ...rent, amount: "1200" }, "bank/amount-not-said"],
    [{ ...rent, to: NEW_IBAN }, "bank/payee-not-said"],
    [{ ...rent, firstDate: "2026-11-20" }, "bank/day-is-over"],
    [{ ...rent, amount: "1100", rhythm: "daily" }, "tool/invalid-input"],
  ])("is refused where a model makes something of its own: %j", async (input, code) => {
    anna.say("set up a standing order of 1100 to Lindenhof every month for rent from 1 December");
    expect(await anna.call("create_standing_order", input)).toMatchObject({ code });
  });

  it("is changed, paused and cancelled only as it was confirmed", async () => {
    await orderRent();
    anna.say("the rent is 1200 now");
    expect(await anna.call("change_standing_order", { order: "rent", amount: "1250" })).toMatchObject({
      code: "bank/amount-not-said",
    });
    const raise = proposalIn(await anna.call("change_standing_order", { order: "rent", amount: "1200" }));
    expect(JSON.stringify(raise)).toContain("instead of €1,100.00");
    await anna.press(`confirm:${raise.id}`);
    expect((await listed()).value).toMatchObject({ orders: [{ amount: { minor: 120_000 } }] });
    anna.say("do not pay Lindenhof any more, cancel that order");
    const cancel = proposalIn(await anna.call("change_standing_order", { order: "S1", state: "cancelled" }));
    expect((await listed()).value).toMatchObject({ orders: [{ state: "active" }] });
    expect((await anna.press(`confirm:${cancel.id}`))?.text).toContain("Cancel the order");
    expect((await listed()).value).toEqual({ orders: [] });
    expect(await anna.call("change_standing_order", { order: "S1", state: "active" })).toMatchObject({
      code: "bank/which-order",
    });
  });

  it("goes to a new payee only by an IBAN that its owner wrote", async () => {
    await orderRent();
    const elsewhere = { order: "S1", to: NEW_IBAN, amount: "1300" };
    anna.say("the new rent is 1300");
    expect(await anna.call("change_standing_order", elsewhere)).toMatchObject({ code: "bank/payee-not-said" });
    anna.say(`my new landlord has ${NEW_IBAN}, 1300 a month`);
    const proposal = proposalIn(await anna.call("change_standing_order", elsewhere));
    expect(JSON.stringify(proposal)).toContain("DE89 3704 0044 0532 0130 00");
  });

  it("is nobody else's", async () => {
    await orderRent();
    const marek = await linkedChatter(open.toolset, clock, { userId: "marek", code: "MARE-4T9W" });
    marek.say("cancel S1");
    expect(await marek.call("change_standing_order", { order: "S1", state: "cancelled" })).toMatchObject({
      code: "bank/which-order",
    });
  });
});
