/** Whoever takes the data directory without the key finds none of what is sealed in it, and cannot open it. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, expect, it } from "vitest";
import { accountId, conversationId } from "../conversation-id.ts";
import { directoryFiles } from "../files/directory-files.ts";
import { createSpool } from "../attachments/index.ts";
import { fileKeyPort, sealedFiles } from "../privacy/sealing/index.ts";
import { silentTelemetry } from "../silent-telemetry.ts";
import { openComplaints } from "../../tools/support/index.ts";
import { createStore } from "./create-store.ts";
import { type Databases, sqliteDatabases } from "./databases.ts";

let folder: string;
let directory: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-stolen-"));
  directory = join(folder, "data");
  await directoryFiles(directory).put("made", Buffer.from(""));
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

const environment = { clock: Date.now, newId: () => crypto.randomUUID() };
const account = accountId("web", "main");
const conversation = conversationId({ platform: "web", account: "main", chat: "ada" });
const CODE = "ZQCD22ZQ";
const at = new Date(Date.UTC(2026, 0, 1)).toISOString();
const later = new Date(Date.UTC(2036, 0, 1)).toISOString();

const openWith = (key: string): Databases => sqliteDatabases(directory, { keys: fileKeyPort(join(folder, key)) });
const storeOf = async ({ open, sealing }: Databases) =>
  await createStore(open("store.sqlite"), { environment, telemetry: silentTelemetry, sealing });

async function liveALife(): Promise<void> {
  const databases = openWith("sealing.key");
  const store = await storeOf(databases);
  const person = await store.people.personOf(account, "ada");
  await store.memory.set({ kind: "person", bot: "bank", person }, { key: "colour", value: "zqfact", at });
  await store.memory.set({ kind: "conversation", conversation }, { key: "trip", value: "zqgroup", at });
  await store.people.createCode(person, CODE, later);
  await store.values.set("adapter:slack:main", "installation:T1", { token: "zqtoken" });
  const handOver = { kind: "handed-over", since: at, until: undefined, cause: "admin", by: "admin" } as const;
  await store.controls.handOver(conversation, { ...handOver, note: "zqnote", told: undefined }, at);
  const complaints = await openComplaints(databases);
  await complaints.record({ bot: "bank", key: "1", at, person, conversation, words: "zqwords" });
  await complaints.close();
  const files = sealedFiles(directoryFiles(directory), { sealing: databases.sealing, seals: () => true });
  await files.put("mcp.login.00", Buffer.from("zqlogin"));
  const spool = createSpool({ files, incoming: join(directory, "incoming"), environment });
  await spool.put(Readable.from([Buffer.from("zqupload")]), { name: "a.txt" });
  await store.close();
  await databases.close();
}

it("shows no protected value, and opens with the key alone", async () => {
  await liveALife();
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const bytes = Buffer.concat(
    await Promise.all(files.map(async (file) => await readFile(join(file.parentPath, file.name)))),
  );
  // What is searched for would be found.
  expect(bytes.includes("colour")).toBe(true);
  const words = ["zqfact", "zqgroup", "zqtoken", "zqnote", "zqwords", "zqlogin", "zqupload", CODE, CODE.slice(0, 4)];
  expect(words.filter((word) => bytes.includes(word))).toEqual([]);

  for (const key of ["none.key", "another.key"]) {
    if (key === "another.key") await fileKeyPort(join(folder, key)).prepare();
    const thief = openWith(key);
    await expect(storeOf(thief)).rejects.toMatchObject({ code: "sealing/key-missing" });
    await thief.close();
  }
  const databases = openWith("sealing.key");
  const store = await storeOf(databases);
  const person = await store.people.personOf(account, "ada");
  expect(await store.memory.list({ kind: "person", bot: "bank", person })).toEqual([
    { key: "colour", value: "zqfact", at },
  ]);
  expect(await store.values.get("adapter:slack:main", "installation:T1")).toEqual({ token: "zqtoken" });
  expect(await store.controls.get(conversation, at)).toMatchObject({ note: "zqnote" });
  expect(await store.people.redeem(accountId("telegram", "bot"), "77", { code: CODE, now: at })).toBe("linked");
  await store.close();
  await databases.close();
});
