/** Tools that ask for confirmation unless their requester plainly asked for exactly the call, whichever model calls. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { linkedChatter, NOON, openBankChat, proposalIn, temporaryFolder } from "../../test/support/bank-chat.ts";
import type { Chatter, OpenBankChat } from "../../test/support/bank-chat.ts";

const clock = { now: NOON };
let folder: ReturnType<typeof temporaryFolder>;
let open: OpenBankChat;
let anna: Chatter;

beforeEach(async () => {
  folder = temporaryFolder();
  open = await openBankChat(folder.path, clock);
  anna = await linkedChatter(open.toolset, clock);
});
afterEach(async () => {
  await open.close();
  folder.remove();
});

const isLinked = async (): Promise<boolean> => (await anna.call("get_balance", {})).status === "done";

describe("money-and-words F: unlinking", () => {
  it.each([
    "How do I stop my gym from pulling money?",
    "After how many wrong app PINs is it blocked?",
    "what is my balance?",
    "don't unlink my account",
    "what happens if I unlink my account?",
    'she said "unlink my account from this chat", why?',
    "unlink my card",
  ])("does not happen by a model's word alone: %s", async (text) => {
    anna.say(text);
    const proposal = proposalIn(await anna.call("unlink_customer", {}));
    expect(await isLinked()).toBe(true);
    expect(proposal.summary).toContain("Separate this chat from the accounts of");
    await anna.press(`cancel:${proposal.id}`);
    expect(await isLinked()).toBe(true);
  });

  it.each(["unlink", "please unlink my account", "Trenne diesen Chat von meinem Konto"])(
    "happens at once where it is plainly asked for: %s",
    async (text) => {
      anna.say(text);
      expect(await anna.call("unlink_customer", {})).toMatchObject({ status: "done" });
      expect(await isLinked()).toBe(false);
    },
  );

  it("happens after a confirmation, once", async () => {
    anna.say("I think we are done here");
    const proposal = proposalIn(await anna.call("unlink_customer", {}));
    expect((await anna.press(`confirm:${proposal.id}`))?.text).toContain("no longer linked");
    expect(await isLinked()).toBe(false);
  });

  it("does not happen by words of an earlier turn", async () => {
    anna.say("unlink my account");
    anna.say("no wait, what is my balance?");
    proposalIn(await anna.call("unlink_customer", {}));
    expect(await isLinked()).toBe(true);
  });
});
