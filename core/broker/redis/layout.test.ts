import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accountOf, conversationId } from "../../conversation-id.ts";
import { accountPart, createKeys } from "./layout.ts";

const conversations = fc
  .record({
    account: fc.string({ minLength: 1 }),
    chat: fc.string({ minLength: 1 }),
    thread: fc.option(fc.string({ minLength: 1 })),
  })
  .map(({ account, chat, thread }) =>
    conversationId({ platform: "console", account, chat, ...(thread === null ? {} : { thread }) }),
  );

/** What Redis Cluster hashes of a key: the text in its first braces. */
function hashTag(key: string): string {
  return /\{(.+?)\}/.exec(key)?.[1] ?? key;
}

describe("the keys", () => {
  const keys = createKeys("parley");

  it("of one account lie in one cluster slot, whatever its id", () => {
    fc.assert(
      fc.property(conversations, fc.string(), (conversation, text) => {
        const account = accountOf(conversation);
        const { index: _index, ...shard } = keys.shardOf(conversation);
        const all = [
          ...Object.values(keys.conversation(conversation)),
          ...Object.values(keys.account(account)),
          ...Object.values(shard),
          keys.outboxOf(conversation),
          keys.seen(conversation, account, text),
          keys.sent(account, text),
        ];
        expect(new Set(all.map(hashTag)).size).toBe(1);
        expect(new Set(all).size).toBe(all.length - 1);
      }),
    );
  });

  it("find the account in a conversation key", () => {
    fc.assert(
      fc.property(conversations, (conversation) => {
        expect(accountPart(conversation)).toBe(accountOf(conversation));
        expect(keys.outboxOf(conversation)).toBe(keys.account(accountOf(conversation)).outbox);
      }),
    );
  });

  it("tell apart what is different", () => {
    fc.assert(
      fc.property(conversations, fc.string(), fc.string(), (conversation, left, right) => {
        const account = accountOf(conversation);
        const same = keys.seen(conversation, account, left) === keys.seen(conversation, account, right);
        expect(same).toBe(left === right);
      }),
    );
  });
});
