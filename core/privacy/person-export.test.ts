import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { account, at, aTurn, direct, group, otherAccount } from "../../test/contracts/store/fixtures.ts";
import { openSqliteStore } from "../../test/support/sqlite-store.ts";
import type { Json } from "../json.ts";
import type { Store } from "../store/store.ts";
import { anonymised, exportPerson, type Keeper } from "./person-export.ts";

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-export-"));
  store = await openSqliteStore(folder);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const NOW = Date.parse("2026-03-04T05:06:07.890Z");

/** Ada logs in where she writes on the web. */
const accountOf = async (userId: string): Promise<Json | undefined> =>
  userId === "ada" || userId === "zqsecond" ? { login: `zqlogin-${userId}` } : undefined;

async function live(): Promise<string> {
  const { conversations, history, memory, people } = store;
  const person = await people.personOf(account, "ada");
  await people.createCode(person, "KEEPME22", at(1_000));
  await people.redeem(otherAccount, "zqsecond", { code: "KEEPME22", now: at(1) });
  const touch = { bot: "bank", account, at: at(0) };
  await conversations.touch({ ...touch, id: direct, chatType: "direct", userId: "ada" });
  for (const userId of ["ada", "zqbob"]) await conversations.touch({ ...touch, id: group, chatType: "group", userId });
  for (let turn = 0; turn < 250; turn += 1)
    await history.write(aTurn({ eventId: `event-${turn}`, userId: "ada", userName: "zqname", text: `zqsaid ${turn}` }));
  await history.write(aTurn({ conversation: group, eventId: "group-1", userId: "ada", text: "zqgroup" }));
  await history.write(aTurn({ conversation: group, eventId: "group-2", userId: "zqbob", text: "zqother" }));
  await memory.set({ kind: "person", bot: "bank", person }, { key: "zqkey", value: "zqfact", at: at(2) });
  await store.erasure.keepFile(direct, "zqfile", at(3));
  return person;
}

const keeper = (person: string): Keeper => ({
  name: "desk",
  kept: async (whose): Promise<Json> => (whose === person ? [{ words: "zqtool" }, { words: "zqmore" }] : []),
});

it("gathers all that is kept of a person, and nothing of others", async () => {
  const person = await live();
  const bots = [{ id: "bank", keepers: [keeper(person), { name: "silent" }] }];
  const found = await exportPerson({ store, bots, accountOf, clock: () => NOW }, person);
  expect(found).toMatchObject({ version: 1, person, exportedAt: "2026-03-04T05:06:07.890Z" });
  expect(found.identities.map(({ userId }) => userId)).toEqual(["ada", "zqsecond"]);
  const onTheWeb = found.identities.filter((one) => one.account.startsWith("web:"));
  expect(found.accounts).toEqual(onTheWeb.map(({ userId }) => ({ login: `zqlogin-${userId}` })));
  const { facts, conversations, tools } = found.bots["bank"] ?? expect.fail("no bot");
  expect(facts).toEqual([{ key: "zqkey", value: "zqfact", at: at(2) }]);
  expect(tools).toEqual({ desk: [[{ words: "zqtool" }, { words: "zqmore" }]] });
  const [own, shared] = conversations;
  expect(own).toMatchObject({ id: direct, kind: "direct", files: ["zqfile"] });
  const said = own?.messages.filter(({ role }) => role === "user").map(({ text }) => text);
  expect(said).toEqual(Array.from({ length: 250 }, (_, turn) => `zqsaid ${turn}`));
  expect(shared?.messages.filter(({ role }) => role === "user").map(({ text }) => text)).toEqual(["zqgroup"]);
  expect(JSON.stringify(found)).not.toMatch(/zqbob|zqother/u);
});

it("without names, ids and words says how much there is", async () => {
  const person = await live();
  const found = await exportPerson(
    { store, bots: [{ id: "bank", keepers: [keeper(person)] }], accountOf, clock: () => NOW },
    person,
  );
  const anonymous = anonymised(found);
  const text = JSON.stringify(anonymous);
  expect(text).not.toMatch(/zq|ada|event-|05:06/u);
  for (const reply of found.bots["bank"]?.conversations.flatMap(({ messages }) => messages) ?? [])
    if (reply.text.length > 3) expect(text).not.toContain(reply.text);
  expect(anonymous).toMatchObject({ anonymous: true, exportedOn: "2026-03-04", platforms: ["telegram", "web"] });
  expect(anonymous.bots["bank"]).toMatchObject({ facts: 1, tools: { desk: 2 } });
  expect(anonymous.bots["bank"]?.conversations.map(({ name, files }) => [name, files])).toEqual([
    ["conversation 1", 1],
    ["conversation 2", 0],
  ]);
});

it("of somebody of whom nothing is left is empty", async () => {
  const found = await exportPerson(
    { store, bots: [{ id: "bank", keepers: [] }], accountOf, clock: () => NOW },
    "web:main:nobody",
  );
  expect(found).toMatchObject({ identities: [], bots: { bank: { facts: [], conversations: [], tools: {} } } });
});
