/**
 * Where the facts of a person with several platforms lie.
 *
 * Each identity keeps the facts it brought (part `own`, under its home person); what is learned while it is linked
 * belongs to all of them (part `joint`, under the shared person). Reading joins them, and an identity that leaves
 * takes exactly what it brought: nothing learned from the others goes with it.
 */
import type { Database } from "better-sqlite3";
import { z } from "zod";
import { rowReader } from "./rows.ts";

/** The facts of `@person` with `@bot`: for `SELECT … FROM` and `DELETE FROM`. */
export const personFacts = `
  facts WHERE scope = 'person' AND bot = @bot AND (
    owner = @person OR (part = 'own' AND owner IN (SELECT home FROM identities WHERE person = @person)))`;

const readCurrentPerson = rowReader("identities", z.object({ person: z.string() }).optional());

/** The person a home person belongs to now: itself unless linked. */
export function currentPerson(database: Database, home: string): string {
  const row = database.prepare("SELECT person FROM identities WHERE home = ?").get(home);
  return readCurrentPerson(row)?.person ?? home;
}

interface FactsPlace {
  readonly owner: string;
  readonly part: "own" | "joint";
}

/** Moves a person's facts of all bots; where both places know a key the newer value stays. Runs inside a write. */
export function moveFacts(database: Database, from: FactsPlace, to: FactsPlace): void {
  if (from.owner === to.owner && from.part === to.part) return;
  database
    .prepare(`
      INSERT INTO facts (scope, owner, bot, part, key, value, at)
      SELECT scope, @toOwner, bot, @toPart, key, value, at FROM facts
      WHERE scope = 'person' AND owner = @owner AND part = @part
      ON CONFLICT DO UPDATE SET value = excluded.value, at = excluded.at WHERE excluded.at >= facts.at`)
    .run({ ...from, toOwner: to.owner, toPart: to.part });
  database.prepare("DELETE FROM facts WHERE scope = 'person' AND owner = @owner AND part = @part").run(from);
}
