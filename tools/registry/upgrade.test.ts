/** `actions.db` of the version before: proposals in the order of their rows, an audit whose front cannot be deleted. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { sqliteDatabases } from "../../core/store/databases.ts";
import { NOON, temporaryFolder } from "../../test/support/bank-chat.ts";
import { proposal, proposer } from "../../test/support/proposal.ts";
import { placeAt } from "../../test/support/test-place.ts";
import { auditModule } from "../audit/tables.ts";
import { proposalModule } from "../confirmation/proposal-module.ts";
import { table } from "../confirmation/proposal-table.ts";

const BEFORE = `
  CREATE TABLE schema_versions (module TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT;
  INSERT INTO schema_versions VALUES ('audit', 1), ('proposals', 1);
  CREATE TABLE audit_entries (
    sequence INTEGER PRIMARY KEY, previous TEXT NOT NULL, hash TEXT NOT NULL, body TEXT NOT NULL) STRICT;
  CREATE TRIGGER audit_is_not_edited BEFORE UPDATE ON audit_entries
    BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
  CREATE TRIGGER audit_is_not_cut BEFORE DELETE ON audit_entries
    BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
  INSERT INTO audit_entries VALUES (1, 'p', 'h', '{}');
  CREATE TABLE proposals (
    id TEXT PRIMARY KEY,
    tool TEXT NOT NULL, arguments TEXT NOT NULL, argumentsHash TEXT NOT NULL, echo TEXT NOT NULL, risk TEXT NOT NULL,
    bot TEXT NOT NULL, person TEXT NOT NULL, account TEXT NOT NULL, userId TEXT NOT NULL,
    conversation TEXT NOT NULL, chatType TEXT NOT NULL, scopes TEXT NOT NULL, locale TEXT NOT NULL,
    eventId TEXT NOT NULL, callId TEXT NOT NULL, userTexts TEXT NOT NULL,
    code TEXT NOT NULL, codeAttempts INTEGER NOT NULL DEFAULT 0,
    createdAt INTEGER NOT NULL, expiresAt INTEGER NOT NULL,
    status TEXT NOT NULL DEFAULT 'pending'
      CHECK (status IN ('pending', 'confirmed', 'executed', 'failed', 'cancelled', 'expired')),
    decidedAt INTEGER, decidedBy TEXT, owner TEXT, leaseUntil INTEGER, executions INTEGER NOT NULL DEFAULT 0,
    outcome TEXT) STRICT;
  CREATE INDEX proposals_by_conversation ON proposals (conversation, createdAt);
  CREATE INDEX proposals_by_person ON proposals (person, createdAt);
  CREATE INDEX proposals_unfinished ON proposals (bot) WHERE status = 'confirmed';
  CREATE TRIGGER proposals_are_bound
    BEFORE UPDATE OF id, tool, arguments, argumentsHash, echo, risk, bot, person, account, userId, conversation,
      chatType, scopes, eventId, callId, code, createdAt, expiresAt ON proposals
    BEGIN SELECT RAISE(ABORT, 'what was proposed is never changed'); END;
  CREATE TRIGGER proposals_stay_decided BEFORE UPDATE OF status ON proposals
    WHEN NOT (OLD.status = 'pending' AND NEW.status IN ('confirmed', 'cancelled', 'expired')
      OR OLD.status = 'confirmed' AND NEW.status IN ('executed', 'failed'))
    BEGIN SELECT RAISE(ABORT, 'a decided proposal stays decided'); END;`;

const rowOf = (id: string): string => `
  INSERT INTO proposals (id, tool, arguments, argumentsHash, echo, risk, bot, person, account, userId, conversation,
    chatType, scopes, locale, eventId, callId, userTexts, code, createdAt, expiresAt)
  VALUES ('${id}', 'pay', '{"to":"Emre","amount":4}', 'hash',
    '{"summary":"Pay","amount":{"minor":400,"currency":"EUR"}}', 'high', 'harbour', 'anna', 'console:main', 'u',
    'console:main:c', 'direct', '["private"]', 'en', 'event', 'call', '["pay 4 to Emre"]', 'A2B3C4', ${NOON},
    ${NOON + 1_000});`;

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

it("keeps what is there, in its order, and guards it as before", async () => {
  const place = placeAt(folder.path);
  await place.execute("actions.db", `${BEFORE} ${rowOf("b")} ${rowOf("c")} ${rowOf("a")}`);
  const database = sqliteDatabases(folder.path).open("actions.db");
  await database.migrate(proposalModule);
  await database.migrate(auditModule);
  await database.write(() => table.insert(proposal("later")));
  const recent = await database.read(() => table.recent(proposer.conversation));
  expect(recent.map(({ id }) => id)).toEqual(["later", "a", "c", "b"]);
  expect(recent[3]).toEqual({ ...proposal("b"), status: "pending", codeAttempts: 0, executions: 0 });
  for (const change of [
    "DELETE FROM audit_entries",
    "UPDATE audit_entries SET body = ''",
    "UPDATE proposals SET id = 'x'",
  ])
    await expect(place.execute("actions.db", change)).rejects.toThrow(/append-only|never changed/u);
  await database.close();
});
