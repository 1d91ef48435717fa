/** What is said in words while a transfer waits, and after it was carried out. */
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

async function propose() {
  anna.say("send 15 to Jana");
  return proposalIn(await anna.call("transfer_money", { amount: "15", to: "Jana" }));
}

const everyday = async (): Promise<number | undefined> => (await balances(anna))["Everyday"];

describe("money-and-words A: a refusal in words", () => {
  it.each([
    "no",
    "stop",
    "don't do it",
    "cancel the transfer",
    "cancel the 15 to Jana",
    "nein",
    "nein danke",
    "не надо",
    "нет, спасибо",
    "ні",
    "hayır",
    "nie, dziękuję",
    "nee, laat maar",
    "no, gracias",
    "non merci",
    "no grazie",
    "não, obrigado",
    "لا",
    "Nein!!!\nlass es",
  ])("cancels what waits, and says so: %s", async (text) => {
    const proposal = await propose();
    expect((await anna.type(text))?.text).toBe("Cancelled. Nothing was done.");
    expect((await anna.press(`confirm:${proposal.id}`))?.text).toContain("cancelled");
    expect(await everyday()).toBe(START);
  });

  it("counts while people have the conversation; a yes and a question are for them", async () => {
    const proposal = await propose();
    for (const text of ["yes", "ja, genau", "what is still waiting?"])
      expect(await anna.type(text, undefined, "people")).toBeUndefined();
    expect((await anna.type("no", undefined, "people"))?.text).toBe("Cancelled. Nothing was done.");
    expect((await anna.press(`confirm:${proposal.id}`))?.text).toContain("cancelled");
    expect(await anna.type("undo that", undefined, "people")).toBeUndefined();
    expect(await everyday()).toBe(START);
  });

  it("cancels everything that waits", async () => {
    await propose();
    anna.say("add Max Muster DE89 3704 0044 0532 0130 00");
    await anna.call("add_payee", { name: "Max Muster", iban: "DE89370400440532013000" });
    expect((await anna.type("no"))?.text).toContain("all 2 requests");
  });

  it("is told the same again when its turn is replayed", async () => {
    await propose();
    const first = await anna.type("no", "event-no");
    expect(await anna.type("no", "event-no")).toEqual(first);
  });

  it("of somebody else changes nothing", async () => {
    const proposal = await propose();
    const eve = chatter(open.toolset, clock, { userId: "eve", chat: "chat-of-anna" });
    expect(await eve.type("no")).toBeUndefined();
    expect(await eve.replace("make that 30")).toBeUndefined();
    expect((await anna.press(`confirm:${proposal.id}`))?.text).toContain("Done");
  });

  it.each([
    "no problem, what does a card cost?",
    "how do I cancel a transfer?",
    "cancel my card",
    "what does a card cost?",
    "kein Problem, was kostet eine Karte?",
    "what's my balance?",
    "I lost my card",
    "¿cuánto cuesta una tarjeta?",
  ])("is not heard where there is none: %s", async (text) => {
    const proposal = await propose();
    expect(await anna.type(text)).toBeUndefined();
    expect(await anna.replace(text)).toBeUndefined();
    expect((await anna.press(`confirm:${proposal.id}`))?.text).toContain("Done");
  });
});

describe("money-and-words A: another value", () => {
  it.each([
    "no, 30",
    "make that 30",
    "actually 12",
    "wait… make it 60",
    "sorry, I meant Emre",
    "yes, but 10 instead",
    "Emre",
    "30",
    "2500",
    "to Emre please",
    "from Savings",
    "nein, 30",
    "ja, aber vom Sparkonto",
    "mach 60 draus",
    "send 20 to Emre",
    "tomorrow instead",
    "нет, лучше 20",
    "no, 30 euros por favor",
  ])("leaves what waits as it is, says so, and is asked about: %s", async (text) => {
    const proposal = await propose();
    expect(await anna.type(text)).toBeUndefined();
    const ask = await anna.replace(text);
    expect(ask?.text).toContain("it waits as it was: Transfer €15.00");
    expect(await everyday()).toBe(START);
    expect((await anna.press(`confirm:${proposal.id}`))?.text).toContain("Done");
  });

  it("is asked about again when its turn is replayed", async () => {
    await propose();
    const first = await anna.replace("make that 30", "event-30");
    expect(await anna.replace("make that 30", "event-30")).toEqual(first);
  });
});

describe("money-and-words A: words that confirm nothing", () => {
  it.each(["yes", "Yes, that is correct, please proceed.", "ja, bitte", "так, надсилай", "yes, 15 to Jana"])(
    "%s",
    async (text) => {
      const { code = "" } = await propose();
      expect((await anna.type(text))?.text).toContain(`confirm ${code}`);
      expect(await everyday()).toBe(START);
    },
  );
});

describe("of several that wait", () => {
  /** 15 to Jana and 20 to Emre, in answer to one message. */
  async function proposeTwo() {
    anna.say("send 15 to Jana and 20 to Emre");
    const ids = { eventId: "event-two" };
    const jana = proposalIn(await anna.call("transfer_money", { amount: "15", to: "Jana" }, { ...ids, callId: "one" }));
    const emre = proposalIn(await anna.call("transfer_money", { amount: "20", to: "Emre" }, { ...ids, callId: "two" }));
    return { jana, emre };
  }

  it.each([
    "not the one to Emre",
    "cancel Emre's",
    "Emre doch nicht",
    "den Posten an Emre streichen",
    "cancel the 20",
    "I changed my mind about Emre, only Jana",
    "nein, nur Jana",
  ])("cancels what is named, and the other stays: %s", async (text) => {
    const { jana, emre } = await proposeTwo();
    const reply = await anna.type(text);
    expect(reply?.text).toMatch(/^Cancelled: Transfer €20\.00.*Still waiting for you: Transfer €15\.00/u);
    expect((await anna.press(`confirm:${emre.id}`))?.text).toContain("cancelled");
    expect((await anna.press(`confirm:${jana.id}`))?.text).toContain("Done");
    expect(await everyday()).toBe(START - 1500);
  });

  it.each(["no", "cancel both", "not Jana and not Emre"])("cancels both: %s", async (text) => {
    await proposeTwo();
    expect((await anna.type(text))?.text).toContain("all 2 requests");
  });

  it("tells how to confirm the one that is named", async () => {
    const { emre } = await proposeTwo();
    expect((await anna.type("yes, the one to Emre"))?.proposal?.id).toBe(emre.id);
    expect(await everyday()).toBe(START);
  });

  it.each([
    "which account does it come from?",
    "von welchem Konto nimmst du das?",
    "which one is left over now?",
    "did you send it?",
  ])("a question for what waits is answered from it, and nothing changes: %s", async (text) => {
    const { jana } = await proposeTwo();
    expect((await anna.type(text))?.text).toContain("from Everyday");
    expect((await anna.press(`confirm:${jana.id}`))?.text).toContain("Done");
  });

  it("a changed sum takes the place of the one to the same payee, and says so", async () => {
    const { jana, emre } = await proposeTwo();
    anna.say("make it 25 to Emre");
    const outcome = await anna.call("transfer_money", { amount: "25", to: "Emre" });
    expect(outcome).toMatchObject({ status: "proposed", replaced: [expect.stringContaining("€20.00")] });
    expect((await anna.press(`confirm:${emre.id}`))?.text).toContain("replaced by a newer one");
    expect((await anna.press(`confirm:${jana.id}`))?.text).toContain("Done");
  });

  it("what is asked for in addition takes no place", async () => {
    const { jana, emre } = await proposeTwo();
    anna.say("and 5 to Emre too");
    anna.say("another 15 to Jana please");
    const outcome = await anna.call("transfer_money", { amount: "15", to: "Jana" });
    expect(outcome).not.toHaveProperty("replaced");
    for (const { id } of [jana, emre]) expect((await anna.press(`confirm:${id}`))?.text).toContain("Done");
  });
});

describe("money-and-words A: after it was carried out", () => {
  it.each(["undo that", "can you take it back?", "cancel the transfer", "mach das rückgängig", "stop it!"])(
    "%s: hears that it was done, and what is possible",
    async (text) => {
      const proposal = await propose();
      await anna.press(`confirm:${proposal.id}`);
      const reply = await anna.type(text);
      expect(reply?.text).toContain("carried out already (Transfer €15.00");
      expect(reply?.text).toContain("recall the transfer");
    },
  );
});
