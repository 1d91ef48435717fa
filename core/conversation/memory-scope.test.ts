import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSqliteStore } from "../../test/support/sqlite-store.ts";
import { accountId, conversationId } from "../conversation-id.ts";
import type { Store } from "../store/store.ts";
import { createMemoryAccess, memoryScope, type MemoryPlace } from "./memory-scope.ts";

const account = accountId("web", "main");
const users = ["ada", "bob", "eve"] as const;
const groups = ["family", "work"] as const;
const noon = "2026-01-01T12:00:00.000Z";

describe("memory", () => {
  let folder = "";
  let store: Store;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "parley-memory-"));
    store = await openSqliteStore(folder);
  });
  afterAll(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  async function place(run: number, user: string, group?: string): Promise<MemoryPlace> {
    const chat = `${run}-${group ?? user}`;
    return {
      bot: "bank",
      chatType: group === undefined ? "direct" : "group",
      conversation: conversationId({ platform: "web", account: "main", chat }),
      person: await store.people.personOf(account, `${run}-${user}`),
    };
  }

  it("reads and writes the person's facts in a direct chat and the group's in a group, never both", async () => {
    const direct = await place(0, "ada");
    expect(memoryScope(direct)).toEqual({ kind: "person", bot: "bank", person: direct.person });
    const group = await place(0, "ada", "family");
    const scope = { kind: "conversation", conversation: group.conversation };
    expect(memoryScope(group)).toEqual(scope);
  });

  it("never shows a fact told in a direct chat in a group, or to another person", async () => {
    let run = 0;
    const step = fc.record({
      user: fc.constantFrom(...users),
      group: fc.option(fc.constantFrom(...groups), { nil: undefined }),
      key: fc.constantFrom("city", "pet", "salary"),
      forget: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        run += 1;
        for (const [index, { user, group, key, forget }] of steps.entries()) {
          // The value says where it was told, so that a leak shows.
          const value = forget ? "" : `${group === undefined ? `private:${user}` : `group:${group}`}:${index}`;
          await createMemoryAccess(store, await place(run, user, group)).remember([{ key, value }], noon);
        }
        for (const user of users) {
          const own = await createMemoryAccess(store, await place(run, user)).facts();
          expect(own.every(({ value }) => value.startsWith(`private:${user}:`))).toBe(true);
          for (const group of groups) {
            const shared = await createMemoryAccess(store, await place(run, user, group)).facts();
            expect(shared.every(({ value }) => value.startsWith(`group:${group}:`))).toBe(true);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it("platforms D: a group's facts are their teller's: nobody is taken for another", async () => {
    const [ada, bob] = [
      createMemoryAccess(store, await place(-3, "ada", "work")),
      createMemoryAccess(store, await place(-3, "bob", "work")),
    ];
    await ada.remember([{ key: "name", value: "Ada" }], noon);
    expect(await bob.facts()).toEqual([]);
    await bob.remember([{ key: "name", value: "Bob" }], noon);
    expect(await ada.facts()).toEqual([{ key: "name", value: "Ada", at: noon }]);
    expect(await bob.forget()).toBe(1);
    expect(await bob.facts()).toEqual([]);
    expect(await ada.facts()).toHaveLength(1);
  });

  it("remembers, replaces and forgets by key", async () => {
    const memory = createMemoryAccess(store, await place(-1, "ada"));
    await memory.remember(
      [
        { key: "city", value: "Rome" },
        { key: "pet", value: "cat" },
      ],
      noon,
    );
    await memory.remember(
      [
        { key: "city", value: "Oslo" },
        { key: "pet", value: "" },
        { key: " ", value: "x" },
      ],
      noon,
    );
    expect(await memory.facts()).toEqual([{ key: "city", value: "Oslo", at: noon }]);
    expect(await memory.forget()).toBe(1);
  });

  it("stays bounded, the newest facts staying", async () => {
    const memory = createMemoryAccess(store, await place(-2, "ada"));
    const facts = Array.from({ length: 130 }, (_, index) => ({ key: `k${index}`, value: "v".repeat(5_000) }));
    await memory.remember(facts.slice(0, 50), noon);
    await memory.remember(facts.slice(50), "2026-01-02T12:00:00.000Z");
    const kept = await memory.facts();
    expect(kept).toHaveLength(100);
    expect(kept.filter(({ at }) => at === noon)).toHaveLength(20);
    expect(kept.every(({ value }) => value.length === 1_000)).toBe(true);
  });
});
