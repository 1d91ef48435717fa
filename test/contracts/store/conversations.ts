import { describe, expect, it } from "vitest";
import type { ConversationId } from "../../../core/conversation-id.ts";
import type { StoreContext } from "./context.ts";
import { account, at, aTurn, direct, group } from "./fixtures.ts";

const touched = (id: ConversationId, seconds: number, more: { userId?: string; eventId?: string; bot?: string } = {}) =>
  ({
    id,
    bot: "bank",
    account,
    chatType: id === direct ? "direct" : "group",
    userId: "ada",
    at: at(seconds),
    ...more,
  }) as const;

export function conversationsContract({ store, open }: StoreContext): void {
  describe("conversations", () => {
    it("is created once and resumed by later events", async () => {
      const first = await store().conversations.touch(touched(group, 0));
      const second = await store().conversations.touch(touched(group, 5, { userId: "bob" }));
      expect(first.created).toBe(true);
      expect(second.created).toBe(false);
      expect(second.record).toEqual({
        id: group,
        bot: "bank",
        account,
        chatType: "group",
        session: 1,
        createdAt: at(0),
        lastEventAt: at(5),
        messageCount: 2,
        userIds: ["ada", "bob"],
      });
      expect(await store().conversations.get(group)).toEqual(second.record);
    });

    it("counts a replayed event once and gives its first answer again", async () => {
      const first = await store().conversations.touch(touched(direct, 0, { eventId: "one" }));
      expect(await store().conversations.touch(touched(direct, 1, { eventId: "one" }))).toEqual(first);
      const second = await store().conversations.touch(touched(direct, 2, { eventId: "two" }));
      expect(await store().conversations.touch(touched(direct, 3, { eventId: "two" }))).toEqual(second);
      expect(second.record.messageCount).toBe(2);
    });

    it("starts a new session after it was ended", async () => {
      await store().conversations.touch(touched(direct, 0));
      const ended = await store().conversations.end(direct, { at: at(9) });
      expect(ended).toMatchObject({ session: 1, messageCount: 1, createdAt: at(0) });
      expect(await store().conversations.get(direct)).toBeUndefined();
      expect(await store().conversations.end(direct, { at: at(10) })).toBeUndefined();
      const { record, created } = await store().conversations.touch(touched(direct, 20, { userId: "eve" }));
      expect(created).toBe(true);
      expect(record).toMatchObject({ session: 2, messageCount: 1, createdAt: at(20), userIds: ["eve"] });
    });

    it("keeps history and memory when ended", async () => {
      const { conversations, history, memory } = store();
      const scope = { kind: "conversation", conversation: group } as const;
      await conversations.touch(touched(group, 0));
      await history.write(aTurn({ conversation: group }));
      await memory.set(scope, { key: "topic", value: "garden", at: at(0) });
      await conversations.end(group, { at: at(1) });
      expect(await memory.list(scope)).toHaveLength(1);
      expect(await history.page(group, { limit: 9 })).toHaveLength(2);
    });

    it("lists open conversations from the latest event on, page by page", async () => {
      await store().conversations.touch(touched(direct, 0));
      await store().conversations.touch(touched(group, 0, { bot: "shop" }));
      const [first, ...rest] = await store().conversations.list({ limit: 1 });
      expect(rest).toEqual([]);
      const second = await store().conversations.list({ limit: 5, before: first ?? expect.fail("none") });
      expect(new Set([first?.id, ...second.map(({ id }) => id)])).toEqual(new Set([direct, group]));
      expect((await store().conversations.list({ limit: 5, bot: "shop" })).map(({ id }) => id)).toEqual([group]);
    });

    it("finds idle ones, and leaves open what got an event since", async () => {
      await store().conversations.touch(touched(direct, 0));
      await store().conversations.touch(touched(group, 60));
      expect((await store().conversations.idle(at(30), 9)).map(({ id }) => id)).toEqual([direct]);
      await store().conversations.touch(touched(direct, 40));
      const options = { at: at(61), idleBefore: at(30) };
      expect(await store().conversations.end(direct, options)).toBeUndefined();
      expect(await store().conversations.get(direct)).toBeDefined();
    });

    it("resumes after reopening", async () => {
      await store().conversations.touch(touched(direct, 0));
      await store().close();
      const reopened = await open();
      expect(await reopened.conversations.touch(touched(direct, 5))).toMatchObject({
        created: false,
        record: { messageCount: 2 },
      });
    });
  });
}
