import { afterEach, beforeEach, expect, it } from "vitest";
import { directoryFiles } from "../../core/files/directory-files.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { temporaryFolder } from "../../test/support/bank-chat.ts";
import { placeAt, type TestPlace } from "../../test/support/test-place.ts";
import { chainHash, GENESIS } from "./entry.ts";
import { createAudit, NOBODY } from "./index.ts";
import { findEntry } from "./tables.ts";

let folder: ReturnType<typeof temporaryFolder>;
let place: TestPlace;
beforeEach(() => {
  folder = temporaryFolder();
  place = placeAt(folder.path);
});
afterEach(() => folder.remove());

const GUARDS = "DROP TRIGGER IF EXISTS audit_is_not_edited; DROP TRIGGER IF EXISTS audit_is_not_cut;";
const tamper = async (sql: string): Promise<void> => await place.execute("actions.db", `${GUARDS} ${sql}`);

async function withAudit<Result>(work: (audit: Awaited<ReturnType<typeof createAudit>>) => Promise<Result>) {
  const databases = await place.open();
  const database = databases.open("actions.db");
  const options = { clock: () => 0, log: silentTelemetry.log };
  const audit = await createAudit(database, directoryFiles(folder.path), options);
  try {
    return await work(audit);
  } finally {
    await audit.close();
    await database.close();
    await databases.close();
  }
}

const write = async (count: number): Promise<void> =>
  await withAudit(async (audit) => {
    await audit.write(function* () {
      for (let index = 0; index < count; index += 1) yield* audit.append({ ...NOBODY, kind: "executed" });
    });
  });
const headHash = async (sequence: number): Promise<string> => {
  const databases = await place.open();
  const database = databases.open("actions.db");
  const found = await database.first(findEntry, { sequence });
  await database.close();
  await databases.close();
  return found?.hash ?? "";
};
const check = async () => await withAudit(async (audit) => await audit.check());
const verify = async () => await withAudit(async (audit) => await audit.verify());

it("walks at a start what is new since it was verified, and the whole chain when it is asked to", async () => {
  await write(5);
  expect(await check()).toMatchObject({ status: "ok" });
  await write(3);
  await tamper("UPDATE audit_entries SET body = '{}' WHERE sequence = 2");
  expect(await check(), "what was verified before is not walked again").toMatchObject({ status: "ok" });
  expect(await verify()).toMatchObject({ intact: false, sequence: 2 });
});

it("finds at a start what was changed since", async () => {
  await write(5);
  await check();
  await write(3);
  await tamper("UPDATE audit_entries SET body = '{}' WHERE sequence = 7");
  expect(await check()).toMatchObject({ status: "error", detail: "entry 7: the entry was changed (body or hash)" });
});

it("finds that the place is gone or another one that it was verified up to", async () => {
  await write(5);
  await check();
  await write(1);
  await tamper("UPDATE audit_entries SET hash = 'x' WHERE sequence = 5");
  expect(await check()).toMatchObject({ status: "error", detail: "entry 5: the entry was changed (hash)" });
});

it("takes no entry that was made without the key", async () => {
  await write(2);
  const body = JSON.stringify({ ...NOBODY, at: "1970-01-01T00:00:00.000Z", kind: "executed", version: 1 });
  await tamper(
    `INSERT INTO audit_entries SELECT 3, hash, '${"0".repeat(64)}', '${body}' FROM audit_entries WHERE sequence = 2`,
  );
  expect(await verify()).toMatchObject({ intact: false, sequence: 3 });
  const hash = chainHash(3, await headHash(2), body);
  await tamper(`UPDATE audit_entries SET hash = '${hash}' WHERE sequence = 3`);
  const problem = "the entry was made without the audit's key, after others that were made with it";
  expect(await verify()).toEqual({ intact: false, sequence: 3, problem });
});

it("goes on with a chain of before, whose entries had no key", async () => {
  await write(0);
  const body = JSON.stringify({ ...NOBODY, at: "1970-01-01T00:00:00.000Z", kind: "executed", version: 1 });
  await tamper(`INSERT INTO audit_entries VALUES (1, '${GENESIS}', '${chainHash(1, GENESIS, body)}', '${body}')`);
  await write(2);
  expect(await verify()).toEqual({ intact: true, entries: 3 });
});
