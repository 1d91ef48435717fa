import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AccountId, ConversationId } from "../../core/conversation-id.ts";
import type { Databases } from "../../core/store/databases.ts";
import type { Database } from "../../core/store/sql/database.ts";
import { NOON, temporaryFolder } from "../../test/support/bank-chat.ts";
import { proposal, proposer as who } from "../../test/support/proposal.ts";
import { testEngines } from "../../test/support/engines.ts";
import type { TestPlace } from "../../test/support/test-place.ts";
import { proposalModule } from "./proposal-module.ts";
import { type NewProposal, table } from "./proposal-table.ts";

const lease = { owner: "one", leaseUntil: NOON + 500 };
const decision = { ...lease, now: NOON, eventId: "press" };
const outcome = { text: "Done." };
const LOCK = { lock: "audit" };

let folder: ReturnType<typeof temporaryFolder>;
let place: TestPlace;
let opened: readonly (readonly [Database, Databases])[] = [];
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  for (const [database, databases] of opened) {
    await database.close();
    await databases.close();
  }
  opened = [];
  folder.remove();
});

async function open(): Promise<Database> {
  const databases = await place.open();
  const database = databases.open("actions.db");
  opened = [...opened, [database, databases]];
  await database.migrate(proposalModule);
  return database;
}

describe.each(testEngines())("the table of proposals in $name", (engine) => {
  let database: Database;
  beforeEach(async () => {
    place = await engine.place(folder.path);
    database = await open();
  });

  const add = async (...proposals: readonly NewProposal[]) =>
    await database.write(function* () {
      for (const one of proposals) yield* table.insert(one);
    }, LOCK);
  const find = async (id: string) => await database.read(() => table.find(id));
  const confirm = async (id: string, at = database) => await at.write(() => table.confirm(id, who, decision), LOCK);
  const cancel = async (id: string) =>
    await database.write(() => table.close(id, "cancelled", { now: NOON, eventId: null, outcome }), LOCK);
  const idsOf = (records: readonly { readonly id: string }[]) => records.map(({ id }) => id);

  it("gives back what was proposed, newest first, also of one moment", async () => {
    await add(proposal("a"), proposal("c"), proposal("b"), proposal("late", { createdAt: NOON + 5 }));
    await add(proposal("elsewhere", { conversation: ConversationId.parse("console:main:other") }));
    expect(await find("a")).toEqual({ ...proposal("a"), status: "pending", codeAttempts: 0, executions: 0 });
    expect(await find("none")).toBeUndefined();
    const recent = await database.read(() => table.recent(who.conversation));
    expect(idsOf(recent)).toEqual(["late", "b", "c", "a"]);
  });

  it("lets one of many confirm, of one process or of several", async () => {
    await add(proposal("a"));
    const other = await open();
    const all = Array.from({ length: 12 }, async (_, index) => await confirm("a", index % 2 === 0 ? database : other));
    const winners = (await Promise.all(all)).filter((record) => record !== undefined);
    expect(winners).toMatchObject([
      { status: "confirmed", decidedAt: NOON, decidedBy: "press", userTexts: [], executions: 1, ...lease },
    ]);
    expect(await cancel("a")).toBe(false);
  });

  it("lets nobody else confirm, nor too late, nor one from the future", async () => {
    await add(proposal("a"), proposal("future", { createdAt: NOON + 2_000, expiresAt: NOON + 9_000 }));
    const others = [{ bot: "b" }, { person: "p" }, { userId: "v" }, { account: AccountId.parse("web:main") }];
    for (const other of others) {
      expect(await database.write(() => table.confirm("a", { ...who, ...other }, decision), LOCK)).toBeUndefined();
    }
    const late = { ...decision, now: NOON + 1_000 };
    expect(await database.write(() => table.confirm("a", who, late), LOCK)).toBeUndefined();
    expect(await confirm("future")).toBeUndefined();
    expect(await confirm("a")).toBeDefined();
  });

  it("counts wrong codes while it waits", async () => {
    await add(proposal("a"));
    for (let count = 0; count < 2; count += 1) await database.write(() => table.countAttempt("a"), LOCK);
    expect(await cancel("a")).toBe(true);
    await database.write(() => table.countAttempt("a"), LOCK);
    expect(await find("a")).toMatchObject({ codeAttempts: 2, status: "cancelled", outcome, userTexts: [] });
  });

  it("is taken over once, when its lease is over, its owner dead, or nobody holds it", async () => {
    await add(proposal("a"));
    const seen = await confirm("a");
    if (seen === undefined) throw new Error("not confirmed");
    const other = await open();
    const take = async (executions: number, more: { now?: number; deadOwner?: string }, at = database) =>
      await at.write(
        () =>
          table.takeOver(
            { ...seen, executions },
            { owner: "two", leaseUntil: NOON + 900, now: NOON, deadOwner: null, ...more },
          ),
        LOCK,
      );
    expect(await take(1, {})).toBe(false);
    expect(await take(1, { deadOwner: "another" })).toBe(false);
    const both = await Promise.all([take(1, { deadOwner: "one" }), take(1, { deadOwner: "one" }, other)]);
    expect(both.filter(Boolean)).toHaveLength(1);
    expect(await take(2, { now: NOON + 899 })).toBe(false);
    expect(await take(2, { now: NOON + 900 })).toBe(true);
    await database.write(() => table.release("a", 2), LOCK);
    expect(await take(3, {}), "what was released is a later run than that").toBe(false);
    await database.write(() => table.release("a", 3), LOCK);
    expect(await take(3, {})).toBe(true);
    const finish = async (executions: number) =>
      await database.write(() => table.finish({ id: "a", executions }, "executed", outcome), LOCK);
    expect([await finish(3), await finish(4), await finish(4)]).toEqual([false, true, false]);
    expect(await find("a")).toMatchObject({ status: "executed", outcome });
    expect(await find("a")).not.toHaveProperty("owner");
  });

  it("lists what is unfinished, waits for a person, or waits too long", async () => {
    await add(proposal("b"), proposal("a"), proposal("old", { expiresAt: NOON - 1 }), proposal("done"));
    await add(proposal("foreign", { bot: "other" }), proposal("of-eve", { person: "eve" }));
    await confirm("b");
    await confirm("a");
    await cancel("done");
    expect(idsOf(await database.read(() => table.unfinished("harbour")))).toEqual(["b", "a"]);
    expect(idsOf(await database.read(() => table.overdue(NOON)))).toEqual(["old"]);
    expect(idsOf(await database.read(() => table.pendingOf("anna", "harbour")))).toEqual(["old"]);
  });

  it("deletes what is decided and old, or of a person, and never what waits or is carried out", async () => {
    await add(proposal("a"), proposal("b"), proposal("c"), proposal("d", { createdAt: NOON + 9 }));
    await confirm("b");
    await cancel("c");
    await cancel("d");
    expect(await database.write(() => table.prune(NOON + 1), LOCK)).toHaveLength(1);
    expect(idsOf(await database.read(() => table.recent(who.conversation)))).toEqual(["d", "b", "a"]);
    await database.write(() => table.erase("eve", "harbour"), LOCK);
    await database.write(() => table.erase("anna", "harbour"), LOCK);
    expect(idsOf(await database.read(() => table.recent(who.conversation)))).toEqual(["b", "a"]);
  });

  it("never changes what was proposed, and keeps decided what was decided", async () => {
    await add(proposal("a"), proposal("b"));
    await confirm("a");
    for (const change of [`"arguments" = '{}'`, `"expiresAt" = 9`, `"person" = 'eve'`]) {
      await expect(place.execute("actions.db", `UPDATE proposals SET ${change}`)).rejects.toThrow("is never changed");
    }
    for (const status of ["pending", "cancelled", "expired"]) {
      const again = `UPDATE proposals SET "status" = '${status}' WHERE "id" = 'a'`;
      await expect(place.execute("actions.db", again)).rejects.toThrow("stays decided");
    }
    const skipped = `UPDATE proposals SET "status" = 'executed' WHERE "id" = 'b'`;
    await expect(place.execute("actions.db", skipped)).rejects.toThrow("stays decided");
    await expect(add(proposal("a"))).rejects.toThrow(/unique/iu);
  });
});
