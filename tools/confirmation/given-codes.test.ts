/** What comes with a press or is typed as a code: only the right one, of the right proposal, from its requester confirms. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  balances,
  chatter,
  type Chatter,
  linkedChatter,
  NOON,
  openBankChat,
  type OpenBankChat,
  proposalIn,
  temporaryFolder,
  type TestClock,
} from "../../test/support/bank-chat.ts";

const START = 183_581;
const clock: TestClock = { now: NOON };
let folder: ReturnType<typeof temporaryFolder>;
let open: OpenBankChat;
let anna: Chatter;

beforeEach(async () => {
  clock.now = NOON;
  folder = temporaryFolder();
  open = await openBankChat(folder.path, clock);
  anna = await linkedChatter(open.toolset, clock);
});
afterEach(async () => {
  await open.close();
  folder.remove();
});

async function propose(person = anna) {
  person.say("send 40 euros to Emre");
  return proposalIn(await person.call("transfer_money", { amount: "40.00", to: "Emre" }));
}

const everyday = async (): Promise<number | undefined> => (await balances(anna))["Everyday"];

/** Neither right, nor a code, nor anything. */
const WRONG = [
  "123456",
  "WRONG2",
  "nope",
  "0",
  "confirm",
  "CANCEL",
  " ",
  "",
  "yes",
  "AAAA22",
  "ＡＢＣＤ２３",
  "a".repeat(3_000),
];

describe("web-and-operations A: a given code", () => {
  it.each(WRONG)("that is wrong is refused and counted: %j", async (code) => {
    const proposal = await propose();
    const reply = await anna.press(`confirm:${proposal.id}`, undefined, { code });
    expect(reply?.text).toContain("That is not the code. Nothing was done. 4 tries are left.");
    expect(await everyday()).toBe(START);
  });

  it.each(WRONG.filter((code) => code !== ""))(
    "counts as well where it came as the button's value: %j",
    async (value) => {
      const proposal = await propose();
      const reply = await anna.press(`confirm:${proposal.id}`, undefined, { value });
      expect(reply?.text).toContain("4 tries are left");
      expect(await everyday()).toBe(START);
    },
  );

  it.each([
    "confirm WRONG2",
    "confirm 123456",
    "CONFIRM 0",
    "confirm nope",
    "/confirm K7M",
    "confirm code A1",
    "WRONG2",
    "123456",
    "bestätigen 99",
  ])("counts as well where it was typed: %s", async (text) => {
    await propose();
    expect((await anna.type(text))?.text).toContain("4 tries are left");
    expect(await everyday()).toBe(START);
  });

  it.each<readonly [string, (code: string) => string]>([
    ["with a full stop", (code) => `${code}.`],
    ["politely", (code) => `please confirm ${code} thanks`],
    ["behind a yes", (code) => `Yes, ${code} please`],
    ["in quotes", (code) => `"${code}"`],
    ["behind the verb, in back-ticks", (code) => `\`confirm ${code}\``],
    ["in bold", (code) => `**${code}**`],
    ["sign by sign", (code) => code.split("").join(" ")],
    ["in two groups", (code) => `${code.slice(0, 3)}-${code.slice(3)}`],
    [
      "in full-width letters",
      (code) => code.replaceAll(/./gu, (sign) => String.fromCodePoint((sign.codePointAt(0) ?? 0) + 0xfee0)),
    ],
    ["in a sentence, with thanks", (code) => `my code is ${code} thanks`],
    ["in German", (code) => `bestätige ${code}, bitte`],
  ])("that is right confirms however it is written: %s", async (_, written) => {
    const proposal = await propose();
    expect((await anna.type(written(proposal.code ?? "")))?.text).toContain("Done");
    expect(await everyday()).toBe(START - 4_000);
  });

  it.each<readonly [string, (code: string) => string]>([
    ["do not confirm", (code) => `do not confirm ${code}`],
    ["asked about", (code) => `what is ${code}?`],
    ["told of others", (code) => `Jana says confirm ${code}`],
  ])("that is right confirms nothing where it is only named: %s", async (_, written) => {
    const proposal = await propose();
    await anna.type(written(proposal.code ?? ""));
    expect(await everyday()).toBe(START);
  });

  it("of another proposal is refused and counted, though that one waits too", async () => {
    const transfer = await propose();
    anna.say("add Max Muster DE89 3704 0044 0532 0130 00");
    const payee = proposalIn(await anna.call("add_payee", { name: "Max Muster", iban: "DE89370400440532013000" }));
    const reply = await anna.press(`confirm:${transfer.id}`, undefined, { code: payee.code ?? "" });
    expect(reply?.text).toContain("4 tries are left");
    expect(await everyday()).toBe(START);
  });

  it("ends the proposal after five wrong ones, however they are given", async () => {
    const proposal = await propose();
    await anna.press(`confirm:${proposal.id}`, undefined, { code: "" });
    await anna.press(`confirm:${proposal.id}`, undefined, { value: "nope" });
    await anna.type("confirm 1");
    await anna.type("AAAA22");
    expect((await anna.press(`confirm:${proposal.id}`, undefined, { code: "x" }))?.text).toContain(
      "one wrong code too many",
    );
    expect((await anna.press(`confirm:${proposal.id}`))?.text).toContain("one wrong code too many");
    expect(await everyday()).toBe(START);
  });

  it("that is right confirms, in any case and with spaces around it", async () => {
    const { id, code = "" } = await propose();
    expect((await anna.press(`confirm:${id}`, undefined, { code: ` ${code.toLowerCase()} ` }))?.text).toContain("Done");
  });

  it("that is asked about confirms nothing, and costs no try", async () => {
    const { code = "" } = await propose();
    const reply = await anna.type(`confirm ${code}?`);
    expect(reply?.text).toContain("A plain answer confirms nothing.");
    expect(await everyday()).toBe(START);
  });

  it.each<readonly [string, (code: string) => string]>([
    ["behind a no", (code) => `no ${code}`],
    ["in front of a no", (code) => `${code} no`],
    ["behind a German no", (code) => `nein, ${code}`],
  ])("%s cancels", async (_name, words) => {
    const { code = "" } = await propose();
    expect((await anna.type(words(code)))?.text).toBe("Cancelled. Nothing was done.");
    expect(await everyday()).toBe(START);
  });

  it("of a stranger counts against nobody, and tells nothing", async () => {
    const { id } = await propose();
    const eve = chatter(open.toolset, clock, { userId: "eve" });
    for (let tries = 0; tries < 6; tries += 1) {
      const reply = await eve.press(`confirm:${id}`, undefined, { code: "AAAA22" });
      expect(reply?.text).toContain("not yours");
    }
    expect((await anna.press(`confirm:${id}`))?.text).toContain("Done");
  });

  it("is not needed with the button's own words, in any language", async () => {
    for (const value of ["", "Confirm", "Bestätigen"]) {
      const { id } = await propose();
      expect((await anna.press(`confirm:${id}`, undefined, { value }))?.text).toContain("Done");
    }
  });

  it("does not confirm where more was said with it", async () => {
    const { code = "" } = await propose();
    await anna.type(`${code}\nno, wait`);
    await anna.type(`confirm ${code} but 10`);
    expect(await everyday()).toBe(START);
  });
});
