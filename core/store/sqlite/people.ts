import type { Database } from "better-sqlite3";
import { z } from "zod";
import { AccountId } from "../../conversation-id.ts";
import type { People } from "../store.ts";
import type { Connection } from "./connection.ts";
import { currentPerson } from "./joined-facts.ts";
import { codePrefix, hashCode, matchesCode } from "./link-code-hash.ts";
import { createPeopleLinks } from "./people-links.ts";
import { rowReader } from "./rows.ts";

const MAX_WRONG_ATTEMPTS = 5;

const readPerson = rowReader("identities", z.object({ person: z.string() }).optional());
const readIdentity = rowReader("identities", z.object({ account: AccountId, userId: z.string() }));
const readCode = rowReader(
  "link_codes",
  z.object({ person: z.string(), salt: z.string(), hash: z.string(), expiresAt: z.string() }),
);

/** People and their linked platforms in SQLite. */
export function createPeople(connection: Connection): People {
  const { database, read, write } = connection;
  const links = createPeopleLinks(database);
  const find = database.prepare("SELECT person FROM identities WHERE account = ? AND user_id = ?");
  const identities = database.prepare(`
    SELECT account, user_id AS userId FROM identities WHERE person = ? ORDER BY linked_order, rowid`);
  const setCode = database.prepare(`
    INSERT OR REPLACE INTO link_codes (person, prefix, salt, hash, expires_at) VALUES (?, ?, ?, ?, ?)`);

  return {
    personOf: async (account, userId) => {
      const known = await read(() => readPerson(find.get(account, userId)));
      return known?.person ?? (await write(() => links.ensure(account, userId)));
    },
    createCode: async (person, code, expiresAt) => {
      const { salt, hash } = await hashCode(code);
      await write(() => void setCode.run(person, codePrefix(code), salt, hash, expiresAt));
    },
    redeem: createRedeem(connection),
    revokeCode: createRevoke(connection),
    unlink: async (account, userId) => await write(() => links.leave(account, userId)),
    identities: async (person) => await read(() => identities.all(person).map((row) => readIdentity(row))),
  };
}

type FoundCode = ReturnType<typeof readCode>;

function createRedeem(connection: Connection): People["redeem"] {
  const { database, write } = connection;
  const links = createPeopleLinks(database);
  const codes = prepareCodes(database);

  function countWrongUse(prefix: string): "unknown" {
    codes.countWrong.run(prefix);
    codes.removeSpent.run(prefix, MAX_WRONG_ATTEMPTS);
    return "unknown";
  }

  return async (account, userId, { code, now }) => {
    const match = await findCode(connection, code);
    return await write(() => {
      // Hashing took a while: only a code that still stands, under the same salt, can be used.
      if (match === undefined || codes.standing.get(match.person, match.salt) === undefined) {
        return countWrongUse(codePrefix(code));
      }
      if (match.expiresAt <= now) {
        codes.remove.run(match.person);
        return "expired";
      }
      const person = links.ensure(account, userId);
      const target = currentPerson(database, match.person);
      if (person === target) return "own";
      codes.remove.run(match.person);
      links.join(person, target);
      return "linked";
    });
  };
}

function createRevoke(connection: Connection): People["revokeCode"] {
  const codes = prepareCodes(connection.database);
  return async (code) => {
    const match = await findCode(connection, code);
    if (match === undefined) return false;
    return await connection.write(() => codes.revoke.run(match.person, match.salt).changes > 0);
  };
}

async function findCode({ database, read }: Connection, code: string): Promise<FoundCode | undefined> {
  const withPrefix = database.prepare(
    "SELECT person, salt, hash, expires_at AS expiresAt FROM link_codes WHERE prefix = ? LIMIT 10",
  );
  const candidates = await read(() => withPrefix.all(codePrefix(code)).map((row) => readCode(row)));
  const matches = await Promise.all(candidates.map(async (candidate) => await matchesCode(code, candidate)));
  return candidates.find((_, index) => matches[index]);
}

function prepareCodes(database: Database) {
  return {
    standing: database.prepare("SELECT 1 FROM link_codes WHERE person = ? AND salt = ?"),
    countWrong: database.prepare("UPDATE link_codes SET wrong_attempts = wrong_attempts + 1 WHERE prefix = ?"),
    removeSpent: database.prepare("DELETE FROM link_codes WHERE prefix = ? AND wrong_attempts >= ?"),
    remove: database.prepare("DELETE FROM link_codes WHERE person = ?"),
    revoke: database.prepare("DELETE FROM link_codes WHERE person = ? AND salt = ?"),
  };
}
