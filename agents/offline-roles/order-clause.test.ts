import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bank } from "../../tools/index.ts";
import { crewBench } from "../../test/support/crew-bench.ts";

describe("money-and-words C: every word of an order is understood, or it is asked", () => {
  let bench: Awaited<ReturnType<typeof crewBench>>;
  let guest = 0;
  beforeAll(async () => {
    bench = await crewBench({ packs: [bank()], now: "2026-11-29T09:00:00Z" });
  });
  afterAll(async () => await bench.close());

  const proposed = async (text: string): Promise<string | undefined> => {
    const talk = bench.talk(`guest-${(guest += 1)}`);
    await talk.say("link ANNA-7K42");
    const { calls } = await talk.say(text);
    const [proposal] = calls.flatMap(({ outcome }) => (outcome.status === "proposed" ? [outcome.proposal] : []));
    return proposal?.summary;
  };

  it.each([
    "send 20 euros to Jana's sister Eva",
    "send 20 euros to Emre's brother",
    "send 20 euros to Jana end of month",
    "send 20 euros to Jana via PayPal",
    "send 20 euros from the business account to Jana",
    "überweise 20 Euro von Emres Konto an Jana",
    "add 20 euros to Jana's transfer",
    "block 20 euros to Jana",
    "remind me to send 20 euros to Jana",
    "avoid sending 20 euros to Jana",
    "I can't send 20 euros to Jana",
    "I wish I could send 20 euros to Jana",
    "enough money to send 20 euros to Jana?",
    "runde 19,90 auf und schick es Jana",
    "send Jana 20+ euros",
    "send Jana <20 euros",
    "send Jana 20 euros, actually no",
    "schick Jana 20 Euro. Spaß!",
    "send 20 euros to jana. just kidding",
    "schick Jana 20 Euro, aber erst übermorgen",
    "überweise an Jana ab Januar 20 Euro",
  ])("asks: %s", async (text) => expect(await proposed(text)).toBeUndefined());

  it.each([
    ["would you be so kind and send 20 euros over to Jana straight away, thanks!", "€20.00"],
    ["ey digga schick ma 20 euro an jana", "€20.00"],
    ["send Jana 20 euros for her sister's birthday end of month", "€20.00"],
    ["20 Euro an Jana, Abendessen mit Emre", "€20.00"],
    ["send 20 euro cents to Jana", "€0.20"],
    ["transfer twenty euros from my savings to Jana pls", "€20.00 from Savings"],
  ])("goes through: %s", async (text, sum) => expect(await proposed(text)).toContain(sum));
});
