/** What somebody with write access to the databases can do to the trail of a transfer, and what is found of it. */
import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { directoryFiles } from "../../core/files/directory-files.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { createAudit, type FullReport } from "../../tools/audit/index.ts";
import { bank } from "../../tools/index.ts";
import { proposalBook } from "../../tools/confirmation/proposal-evidence.ts";
import { linkedChatter, NOON, openBankChat, proposalIn, temporaryFolder } from "../support/bank-chat.ts";
import { placeAt } from "../support/test-place.ts";

const folder = temporaryFolder();
const original = join(folder.path, "original");
afterAll(() => folder.remove());

/** Three proposals: two transfers that were confirmed, and one that was not. */
beforeAll(async () => {
  mkdirSync(original);
  const clock = { now: NOON };
  const chat = await openBankChat(original, clock);
  const anna = await linkedChatter(chat.toolset, clock);
  for (const amount of ["40", "50", "60"]) {
    anna.say(`send ${amount} EUR to Emre Aydin`);
    const outcome = await anna.call("transfer_money", { to: "Emre Aydin", amount });
    const { id } = proposalIn(outcome);
    if (amount !== "60") await anna.press(`confirm:${id}`);
  }
  await chat.close();
});

let attacks = 0;
async function found(file: string, sql: string): Promise<FullReport> {
  const path = join(folder.path, `attack-${(attacks += 1)}`);
  mkdirSync(path);
  for (const name of readdirSync(original)) copyFileSync(join(original, name), join(path, name));
  const place = placeAt(path);
  await place.execute(file, sql);
  const databases = await place.open();
  const database = databases.open("actions.db");
  const book = bank().evidence?.(databases);
  const { log } = silentTelemetry;
  const audit = await createAudit(database, directoryFiles(path), { clock: () => NOON, log });
  try {
    return await audit.verifyAll([proposalBook(database), ...(book === undefined ? [] : [book])]);
  } finally {
    await audit.close();
    await book?.close();
    await database.close();
    await databases.close();
  }
}

const unguarded = (...triggers: readonly string[]): string => triggers.map((name) => `DROP TRIGGER ${name};`).join(" ");
const PROPOSALS = unguarded("proposals_are_bound", "proposals_stay_decided");
const LEDGER = unguarded(
  "bank_entries_are_final",
  "bank_entries_stay",
  "bank_postings_are_final",
  "bank_postings_stay",
);
const AUDIT = unguarded("audit_is_not_edited", "audit_is_not_cut");
const LAST = "(SELECT max(id) FROM bank_entries)";
const SWAP = "CASE number WHEN 1 THEN -2 WHEN 2 THEN -1 END";

it("finds nothing of a bank that was never opened", async () => {
  const path = join(folder.path, "fresh");
  mkdirSync(path);
  const databases = await placeAt(path).open();
  const book = bank().evidence?.(databases);
  const rows = [];
  for await (const row of book?.rows() ?? []) rows.push(row);
  expect(rows).toEqual([]);
  await book?.close();
  await databases.close();
});

it("finds nothing where nobody touched anything", async () => {
  expect(await found("actions.db", "SELECT 1")).toMatchObject({ intact: true, findings: [] });
});

it.each([
  [
    "an edited proposal",
    "actions.db",
    `${PROPOSALS} UPDATE proposals SET echo = '{}' WHERE number = 1`,
    "proposals",
    "echo",
  ],
  [
    "an edited decision",
    "actions.db",
    `${PROPOSALS} UPDATE proposals SET "decidedBy" = 'x' WHERE number = 1`,
    "proposals",
    "decidedBy",
  ],
  [
    "a decision undone",
    "actions.db",
    `${PROPOSALS} UPDATE proposals SET status = 'pending' WHERE number = 1`,
    "proposals",
    "status",
  ],
  ["a deleted proposal", "actions.db", "DELETE FROM proposals WHERE number = 1", "proposals", undefined],
  [
    "an inserted proposal",
    "actions.db",
    `CREATE TABLE copy AS SELECT * FROM proposals WHERE number = 1; UPDATE copy SET number = 99, id = 'forged';
     INSERT INTO proposals SELECT * FROM copy`,
    "proposals",
    undefined,
  ],
  [
    "reordered proposals",
    "actions.db",
    `UPDATE proposals SET number = ${SWAP} WHERE number IN (1, 2); UPDATE proposals SET number = -number WHERE number < 0`,
    "proposals",
    undefined,
  ],
  [
    "an edited ledger entry",
    "bank.db",
    `${LEDGER} UPDATE bank_entries SET at = 1 WHERE id = ${LAST}`,
    "bank_entries",
    "at",
  ],
  [
    "an edited amount",
    "bank.db",
    `${LEDGER} UPDATE bank_postings SET amount = amount * 2 WHERE entry = ${LAST}`,
    "bank_postings",
    "amount",
  ],
  [
    "an edited counterparty",
    "bank.db",
    `${LEDGER} UPDATE bank_postings SET counterparty = 'x' WHERE entry = ${LAST}`,
    "bank_postings",
    "counterparty",
  ],
  [
    "an edited booking of before",
    "bank.db",
    `${LEDGER} UPDATE bank_postings SET counterparty = 'x' WHERE entry = 1`,
    "bank_postings",
    undefined,
  ],
  [
    "a deleted posting",
    "bank.db",
    `${LEDGER} DELETE FROM bank_postings WHERE entry = ${LAST}`,
    "bank_postings",
    undefined,
  ],
  ["a deleted limit record", "bank.db", `DELETE FROM bank_outgoing`, "bank_outgoing", undefined],
  [
    "an inserted ledger entry",
    "bank.db",
    `INSERT INTO bank_entries (key, request, kind, at, date, result) VALUES ('forged', 'r', 'booking', 1, '2026-01-01', 'null')`,
    "bank_entries",
    undefined,
  ],
  [
    "an edited payee",
    "bank.db",
    "UPDATE bank_payees SET iban = 'DE89370400440532013000' WHERE name = 'Emre Aydin'",
    "bank_payees",
    undefined,
  ],
  [
    "an edited audit entry",
    "actions.db",
    `${AUDIT} UPDATE audit_entries SET body = '{}' WHERE sequence = 3`,
    "audit_entries",
    undefined,
  ],
  [
    "a deleted audit entry",
    "actions.db",
    `${AUDIT} DELETE FROM audit_entries WHERE sequence = 3`,
    "audit_entries",
    undefined,
  ],
  ["a cut tail", "actions.db", `${AUDIT} DELETE FROM audit_entries WHERE sequence > 5`, "audit_entries", undefined],
] as const)("names %s", async (...[, file, sql, table, field]) => {
  const { intact, findings } = await found(file, sql);
  expect(intact).toBe(false);
  const named = field === undefined ? { table } : { table, field };
  expect(findings).toContainEqual(expect.objectContaining(named));
});
