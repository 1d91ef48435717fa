import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { defineTool } from "../../core/define-tool.ts";
import { proposalReply } from "../../core/proposal-reply.ts";
import {
  balances,
  type Chatter,
  chatter,
  linkedChatter,
  NOON,
  openBankChat,
  type OpenBankChat,
  proposalIn,
  temporaryFolder,
  type TestClock,
} from "../../test/support/bank-chat.ts";
import { testEngines } from "../../test/support/engines.ts";
import type { TestPlace } from "../../test/support/test-place.ts";

const MINUTE = 60_000;
let place: TestPlace;
let folder: ReturnType<typeof temporaryFolder>;
let clock: TestClock;
let open: OpenBankChat;
let anna: Chatter;

afterEach(async () => {
  await open.close();
  folder.remove();
});

const START = 183_581;
const everyday = async (): Promise<number | undefined> => (await balances(anna))["Everyday"];

async function propose(person = anna, ids: { eventId?: string; callId?: string } = {}) {
  person.say("send 40 euros to Emre");
  return proposalIn(await person.call("transfer_money", { amount: "40.00", to: "Emre" }, ids));
}

async function statusOf(id: string): Promise<string | undefined> {
  const actions = await open.toolset.confirmations.list(anna.conversation);
  return actions.find((action) => action.id === id)?.status;
}

describe.each(testEngines())("in $name", (engine) => {
  beforeEach(async () => {
    folder = temporaryFolder();
    place = await engine.place(folder.path);
    clock = { now: NOON };
    open = await openBankChat(folder.path, clock, { place });
    anna = await linkedChatter(open.toolset, clock);
  });

  describe("a proposal", () => {
    it("is shown by code with amount, payee, code, expiry and two buttons", async () => {
      const proposal = await propose();
      expect(proposal).toMatchObject({
        summary: "Transfer €40.00 from Everyday (DE•• •••• 2500) to Emre Aydin",
        expiresAt: new Date(NOON + 5 * MINUTE).toISOString(),
        code: expect.stringMatching(/^[A-HJKMNP-Z2-9]{6}$/),
      });
      const { choices } = proposalReply(proposal);
      expect(choices).toMatchObject([
        { id: `confirm:${proposal.id}`, style: "primary" },
        { id: `cancel:${proposal.id}`, style: "danger" },
      ]);
    });

    it("is executed by its button, or by its code typed in any case, with or without the word", async () => {
      const writings = [
        (code: string) => code,
        (code: string) => `  CONFIRM ${code.toLowerCase()} `,
        (code: string) => `/confirm ${code}`,
      ];
      for (const [index, write] of writings.entries()) {
        const { code = "" } = await propose();
        expect((await anna.type(write(code)))?.text).toContain("Done");
        expect(await everyday()).toBe(START - 4000 * (index + 1));
      }
    });

    it("is not executed by a plain yes, which is answered with how to confirm", async () => {
      const { code = "" } = await propose();
      for (const text of ["yes", "Yes, please!", "ok", "confirm", "ja", "👍🏽", "do it."]) {
        const reply = await anna.type(text);
        expect(reply?.text).toContain(`confirm ${code}`);
        expect(reply?.proposal?.code).toBe(code);
      }
      expect(await everyday()).toBe(START);
    });

    it("leaves other words to the crew, and a yes where nothing is pending", async () => {
      expect(await anna.type("yes")).toBeUndefined();
      await propose();
      for (const text of ["what are the fees?", "please confirm my address", "hello1 there", "12"]) {
        expect(await anna.type(text)).toBeUndefined();
      }
    });

    it("is cancelled by its button, its code or a plain cancel, and stays so", async () => {
      const first = await propose();
      expect((await anna.press(`cancel:${first.id}`))?.text).toContain("Nothing was done");
      const second = await propose();
      await anna.type(`cancel ${second.code ?? ""}`);
      const third = await propose();
      await anna.type("Cancel");
      for (const proposal of [first, second, third]) {
        expect((await anna.press(`confirm:${proposal.id}`))?.text).toContain("cancelled");
        expect((await anna.type(proposal.code ?? ""))?.text).toContain("cancelled");
      }
      expect(await everyday()).toBe(START);
    });

    it("tells its stored result again on a second press, without a second effect", async () => {
      const proposal = await propose();
      const first = await anna.press(`confirm:${proposal.id}`, "event-confirm");
      expect((await anna.press(`confirm:${proposal.id}`))?.text).toBe(`That was done already, once:\n\n${first?.text}`);
      expect(await anna.press(`confirm:${proposal.id}`, "event-confirm")).toEqual(first);
      expect((await anna.press(`cancel:${proposal.id}`))?.text).toContain("done already");
      expect(await everyday()).toBe(START - 4000);
    });

    it("expires after five minutes, for good", async () => {
      const proposal = await propose();
      clock.now += 5 * MINUTE;
      expect((await anna.press(`confirm:${proposal.id}`))?.text).toContain("expired");
      clock.now -= 5 * MINUTE;
      expect((await anna.press(`confirm:${proposal.id}`))?.text).toContain("expired");
      expect(await statusOf(proposal.id)).toBe("expired");
      expect(await everyday()).toBe(START);
    });

    it("is void when the clock was put back to before it was made: nobody knows how old it is", async () => {
      const proposal = await propose();
      clock.now -= 60 * MINUTE;
      expect((await anna.press(`confirm:${proposal.id}`))?.text).toContain("expired");
      clock.now += 60 * MINUTE;
      expect((await anna.press(`confirm:${proposal.id}`))?.text).toContain("expired");
      expect(await everyday()).toBe(START);
    });

    it("that expired is told to a late yes", async () => {
      await propose();
      clock.now += 6 * MINUTE;
      expect((await anna.type("yes"))?.text).toContain("expired");
      expect(await anna.type("yes")).toBeUndefined();
    });

    it("is void when the same tool is proposed again", async () => {
      const older = await propose();
      const newer = await propose();
      expect((await anna.press(`confirm:${older.id}`))?.text).toContain("replaced");
      expect(await everyday()).toBe(START);
      expect((await anna.press(`confirm:${newer.id}`))?.text).toContain("Done");
    });

    it("is the same one when a turn is replayed", async () => {
      const first = await propose(anna, { eventId: "event-a", callId: "call-a" });
      expect(await propose(anna, { eventId: "event-a", callId: "call-a" })).toEqual(first);
    });

    it("dies after five wrong codes", async () => {
      const proposal = await propose();
      const wrong = proposal.code === "AAAA22" ? "BBBB33" : "AAAA22";
      for (let tries = 4; tries > 0; tries -= 1) expect((await anna.type(`confirm ${wrong}`))?.text).toContain("left");
      expect((await anna.type(wrong))?.text).toContain("one wrong code too many");
      expect((await anna.type(proposal.code ?? ""))?.text).toContain("one wrong code too many");
      expect(await statusOf(proposal.id)).toBe("cancelled");
      expect(await everyday()).toBe(START);
    });

    it("is void when what it would do has changed", async () => {
      const proposal = await propose();
      anna.say("send 1800 to my savings");
      const other = await linkedChatter(open.toolset, clock, { userId: "anna-2" });
      other.say("send 1800 to savings");
      const drain = proposalIn(await other.call("transfer_money", { amount: "1800", to: "Savings" }));
      await other.press(`confirm:${drain.id}`);
      expect((await anna.press(`confirm:${proposal.id}`))?.text).toContain("not enough money");
      expect(await statusOf(proposal.id)).toBe("cancelled");
      anna.say("unlink my account");
      await anna.call("unlink_customer", {});
      anna.say("RUTH-9M5X");
      await anna.call("link_customer", { code: "RUTH-9M5X" });
      expect((await anna.press(`confirm:${proposal.id}`))?.text).not.toContain("Done");
    });

    it("is void when the person has become another customer, though everything else fits", async () => {
      const proposal = await propose();
      anna.say("unlink my account");
      await anna.call("unlink_customer", {});
      anna.say("VERA-2N4G");
      await anna.call("link_customer", { code: "VERA-2N4G" });
      expect((await anna.press(`confirm:${proposal.id}`))?.text).toContain("has changed");
    });
  });

  describe("somebody else", () => {
    const strangers = [
      ["another user in the same chat", { userId: "eve", chat: "chat-of-anna" }],
      [
        "another user of the same person in the same chat",
        { userId: "eve", person: "person-of-anna", chat: "chat-of-anna" },
      ],
      ["the same user id as another person", { person: "person-of-eve" }],
      ["the requester in another conversation", { chat: "elsewhere" }],
      ["the requester on another account", { account: "second" }],
      ["the linked person on another platform", { platform: "web", userId: "anna-on-web", person: "person-of-anna" }],
    ] as const;

    it.each(strangers)(
      "(%s) can neither confirm nor cancel, learns nothing, and changes nothing",
      async (_who, fields) => {
        const proposal = await propose();
        const eve = chatter(open.toolset, clock, fields);
        const tries = [
          await eve.press(`confirm:${proposal.id}`),
          await eve.press(`cancel:${proposal.id}`),
          await eve.type(`confirm ${proposal.code ?? ""}`),
          await eve.type("confirm ABCD23"),
          await eve.press("confirm:no-such-proposal"),
        ];
        for (const reply of tries) {
          expect(reply?.text).toContain("Nothing was done");
          expect(JSON.stringify(reply)).not.toMatch(/Emre|40|Everyday/);
        }
        expect(await eve.type("yes")).toBeUndefined();
        expect(await statusOf(proposal.id)).toBe("pending");
        expect(await everyday()).toBe(START);
        expect((await anna.press(`confirm:${proposal.id}`))?.text).toContain("Done");
      },
    );
  });

  describe("many confirmations at once", () => {
    it("execute exactly once, with 2 to 16 of them", async () => {
      let executed = 0;
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 2, max: 16 }), fc.boolean(), async (count, byCode) => {
          const proposal = await propose();
          const replies = await Promise.all(
            Array.from({ length: count }, async (_one, index) =>
              byCode && index % 2 === 0
                ? await anna.type(proposal.code ?? "")
                : await anna.press(`confirm:${proposal.id}`),
            ),
          );
          executed += 1;
          expect(await everyday()).toBe(START - 4000 * executed);
          expect(replies.filter((reply) => reply?.text.startsWith("Done"))).toHaveLength(1);
        }),
        { numRuns: 12 },
      );
    });
  });

  describe("a tool whose proposal lists its arguments", () => {
    it("says the same when it is confirmed, in whatever order they came", async () => {
      const order = defineTool({
        name: "order_things",
        description: "",
        input: z.object({ items: z.record(z.string(), z.number()) }),
        risk: "medium",
        confirmation: "always",
        scopes: [],
        depends: "user",
        propose: async ({ items }) => ({ summary: `Order ${Object.entries(items).join(" and ")}` }),
        execute: async () => ({ value: null }),
      });
      await open.close();
      open = await openBankChat(folder.path, clock, { tools: [order], place });
      anna = chatter(open.toolset, clock);
      const proposal = proposalIn(await anna.call("order_things", { items: { tea: 2, coffee: 1 } }));
      expect((await anna.press(`confirm:${proposal.id}`))?.text).toBe("Done: Order coffee,1 and tea,2");
    });
  });

  describe("a tool of low risk", () => {
    const remind = defineTool({
      name: "set_reminder",
      description: "",
      input: z.object({ about: z.string() }),
      risk: "low",
      confirmation: "always",
      scopes: [],
      depends: "user",
      propose: async ({ about }) => ({ summary: `Remind you of ${about}` }),
      execute: async () => ({ value: null }),
    });

    beforeEach(async () => {
      await open.close();
      open = await openBankChat(folder.path, clock, { tools: [remind], place });
      anna = chatter(open.toolset, clock);
    });

    it("is confirmed by a yes in words of its requester", async () => {
      proposalIn(await anna.call("set_reminder", { about: "tea" }));
      expect(await chatter(open.toolset, clock, { userId: "eve", chat: "chat-of-anna" }).type("yes")).toBeUndefined();
      expect((await anna.type("what is tea?"))?.text).toBeUndefined();
      expect((await anna.type("yes please"))?.text).toBe("Done: Remind you of tea");
      expect((await anna.type("yes"))?.text).toBeUndefined();
    });
  });

  describe("a tool of unknown outcome", () => {
    it("is executed again by the next press under the same key, and given up after five", async () => {
      const keys: string[] = [];
      let failures = 1;
      const pay = defineTool({
        name: "pay_bill",
        description: "",
        input: z.object({}),
        risk: "high",
        confirmation: "always",
        scopes: [],
        depends: "user",
        propose: async () => ({ summary: "Pay the bill" }),
        execute: async (_input, { idempotencyKey }) => {
          keys.push(idempotencyKey);
          if ((failures -= 1) >= 0) throw new TypeError("socket hang up");
          return { value: null };
        },
      });
      await open.close();
      open = await openBankChat(folder.path, clock, { tools: [pay], place });
      anna = chatter(open.toolset, clock);
      const first = proposalIn(await anna.call("pay_bill", {}));
      expect((await anna.press(`confirm:${first.id}`))?.text).toContain("will not be done twice");
      expect((await anna.press(`confirm:${first.id}`))?.text).toBe("Done: Pay the bill");
      expect(new Set(keys)).toEqual(new Set([`proposal:${first.id}`]));
      // Who wants it no more must not set it off: what became of it is not known, and nobody tries again.
      failures = 1;
      const unwanted = proposalIn(await anna.call("pay_bill", {}));
      await anna.press(`confirm:${unwanted.id}`);
      expect((await anna.press(`cancel:${unwanted.id}`))?.text).toContain("I could not find out");
      expect((await anna.press(`confirm:${unwanted.id}`))?.text).toContain("I could not find out");
      expect(keys).toHaveLength(3);
      failures = 99;
      const second = proposalIn(await anna.call("pay_bill", {}));
      for (let press = 1; press < 5; press += 1) await anna.press(`confirm:${second.id}`);
      expect((await anna.press(`confirm:${second.id}`))?.text).toContain("The team has been told");
      expect(await statusOf(second.id)).toBe("failed");
      expect(keys).toHaveLength(8);
    });
  });
});
