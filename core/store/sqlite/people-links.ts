import type { Database } from "better-sqlite3";
import { z } from "zod";
import type { AccountId } from "../../conversation-id.ts";
import { personId } from "../person-id.ts";
import { currentPerson, moveFacts } from "./joined-facts.ts";
import { rowReader } from "./rows.ts";

/** How identities come together under one person and part again. Each call runs inside a write. */
export interface PeopleLinks {
  /** The person of a platform user; a new one keeps its own. */
  readonly ensure: (account: AccountId, userId: string) => string;
  /** Puts all identities of one person under another, which keeps its id. */
  readonly join: (person: string, target: string) => void;
  /** Gives an identity its own person back; false when it is linked to none. */
  readonly leave: (account: AccountId, userId: string) => boolean;
}

const readHome = rowReader("identities", z.object({ home: z.string() }));

/** Links between identities in SQLite. */
export function createPeopleLinks(database: Database): PeopleLinks {
  const add = database.prepare(`
    INSERT OR IGNORE INTO identities (account, user_id, home, person) VALUES (@account, @userId, @home, @home)`);
  const join = database.prepare(`
    UPDATE identities SET person = @target,
      linked_order = linked_order + 1 + (SELECT max(linked_order) FROM identities WHERE person = @target)
    WHERE person = @person`);
  const homesOf = database.prepare("SELECT home FROM identities WHERE person = ? ORDER BY linked_order, rowid");
  const setPerson = database.prepare("UPDATE identities SET person = ? WHERE home = ?");
  const settle = database.prepare("UPDATE identities SET linked_order = 0 WHERE home = ?");
  const removeCodes = database.prepare("DELETE FROM link_codes WHERE person IN (?, ?)");

  return {
    ensure: (account, userId) => {
      const home = personId(account, userId);
      add.run({ account, userId, home });
      return currentPerson(database, home);
    },
    join: (person, target) => {
      join.run({ person, target });
      moveFacts(database, { owner: person, part: "joint" }, { owner: target, part: "joint" });
    },
    leave: (account, userId) => {
      const home = personId(account, userId);
      const person = currentPerson(database, home);
      const staying = homesOf
        .all(person)
        .map((row) => readHome(row).home)
        .filter((other) => other !== home);
      const [eldest] = staying;
      if (eldest === undefined) return false;
      // The leaver takes its own id with it; those who stay under it need another.
      const next = person === home ? eldest : person;
      for (const other of staying) setPerson.run(next, other);
      setPerson.run(home, home);
      settle.run(home);
      const place =
        staying.length > 1 ? { owner: next, part: "joint" as const } : { owner: eldest, part: "own" as const };
      moveFacts(database, { owner: person, part: "joint" }, place);
      removeCodes.run(person, next);
      return true;
    },
  };
}
