import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSqliteStore } from "../../../test/support/sqlite-store.ts";
import { accountId, conversationId } from "../../conversation-id.ts";
import { openSqlite } from "../sqlite/driver.ts";
import type { Store } from "../store.ts";

const fixture = readFileSync(new URL("../../../test/fixtures/store-4.sql", import.meta.url), "utf8");
const account = accountId("web", "main");
const ada = conversationId({ platform: "web", account: "main", chat: "ada" });
const group = conversationId({ platform: "web", account: "main", chat: "family", thread: "t:1" });
const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 1, 12) + seconds * 1000 + 7).toISOString();

describe("a store of version 4", () => {
  let folder = "";
  let store: Store;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "parley-upgrade-"));
    const old = openSqlite(join(folder, "store.sqlite"));
    old.exec(fixture);
    old.close();
    store = await openSqliteStore(folder);
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  it("keeps what was said and why", async () => {
    expect(await store.history.find(ada, "e1")).toEqual({
      conversation: ada,
      sequence: 1,
      session: 1,
      eventId: "e1",
      userId: "ada",
      userName: "Ada 👩‍🚀",
      messageId: "in-1",
      messages: [
        { id: "in-1", fingerprint: "f1" },
        { id: "in-2", fingerprint: "f2" },
      ],
      text: "What does a card cost?\n\u0000",
      replies: [expect.objectContaining({ id: "r1", text: 'It "costs" €9.00\n' })],
      at: at(0),
      answeredAt: at(1),
    });
    expect((await store.history.window(ada, { session: 1, turns: 9 })).map(({ eventId }) => eventId)).toEqual([
      "e1",
      "e6",
    ]);
    expect(await store.history.find(ada, "e6")).not.toHaveProperty("messages");
    expect((await store.history.byMessage(ada, "in-2"))?.eventId).toBe("e1");
    for (const reference of ["e1", "e1b", "in-1", "out-1"]) {
      expect(await store.traces.find(reference)).toMatchObject([
        {
          id: "e1",
          eventIds: ["e1", "e1b"],
          startedAt: at(0),
          finishedAt: at(1),
          steps: [
            { at: at(0), kind: "guard", name: "access", outcome: "passed" },
            { at: at(0), kind: "guard", name: "mention", outcome: "passed" },
            { at: at(1), name: "search", detail: "Cards", milliseconds: 4, data: { hits: 1 } },
          ],
        },
      ]);
    }
    expect((await store.traces.list(9)).map(({ id }) => id)).toEqual(["e2", "e1"]);
  });

  it("keeps deliveries", async () => {
    expect(await store.deliveries.byMessageId("out-1")).toEqual([
      {
        id: "e1.0",
        conversation: ada,
        account,
        eventId: "e1",
        outcome: "partial",
        receipts: [{ part: 0, messageId: "out-1", at: at(1) }],
        parts: 2,
        plain: true,
        degraded: [{ feature: "choices", shownAs: "numbered list" }],
        detail: "cut off",
        at: at(2),
      },
    ]);
    expect(await store.deliveries.forEvent("e6")).toMatchObject([{ id: "e6.0", parts: 1, receipts: [] }]);
    expect((await store.deliveries.inTrouble(9)).map(({ id }) => id)).toEqual(["e1.0"]);
  });

  it("keeps conversations, people and what is counted and controlled", async () => {
    expect(await store.conversations.get(group)).toMatchObject({ session: 2, userIds: ["bob", "ada"] });
    const person = await store.people.personOf(account, "ada");
    expect(await store.people.identities(person)).toHaveLength(2);
    expect(await store.memory.list({ kind: "person", bot: "bank", person })).toMatchObject([{ value: "Rome" }]);
    expect(await store.memory.list({ kind: "conversation", conversation: group })).toHaveLength(1);
    // Codes live for minutes. One from before is found by no digest: its person asks for another.
    expect(await store.people.revokeCode("ZZZZYYYY")).toBe(false);
    expect(await store.controls.get(group, at(0))).toMatchObject({ by: "admin" });
    const hit = { id: "h2", at: 2_000, windowMs: 60_000, limit: 1 };
    expect(await store.usage.hit("user:ada", hit)).toEqual({ allowed: false, retryAtMs: 61_000 });
    expect(await store.usage.spent("user:ada", "2026-01-01")).toEqual({ tokens: 18, costMicroDollars: 42 });
    expect(await store.values.get("slack", "cursor")).toEqual({ at: 7 });
    expect((await store.erasure.erase({ bot: "bank", persons: [], conversations: [ada] })).files).toEqual(["file-1"]);
    expect(await store.traces.find("in-2")).toEqual([]);
  });
});
