import { z } from "zod";
import type { Memory, MemoryScope } from "../store.ts";
import type { Connection } from "./connection.ts";
import { personFacts } from "./joined-facts.ts";
import { readCount, rowReader } from "./rows.ts";

const readFact = rowReader("facts", z.object({ key: z.string(), value: z.string(), at: z.string() }));

/** Remembered facts in SQLite. A person's facts are those of all platforms that are linked now. */
export function createMemory({ database, read, write }: Connection): Memory {
  const conversationFacts = "facts WHERE scope = 'conversation' AND owner = @conversation";
  const statements = {
    person: prepareScope(database, personFacts),
    conversation: prepareScope(database, conversationFacts),
  };
  const identities = database.prepare("SELECT count(*) AS count FROM identities WHERE person = ?");
  const insert = database.prepare(`
    INSERT INTO facts (scope, owner, bot, part, key, value, at) VALUES (@scope, @owner, @bot, @part, @key, @value, @at)
    ON CONFLICT DO UPDATE SET value = excluded.value, at = excluded.at WHERE excluded.at >= facts.at`);

  return {
    set: async (scope, fact) =>
      await write(() => {
        const joint = scope.kind === "person" && readCount(identities.get(scope.person)) > 1;
        const { key, value, at } = fact;
        insert.run({ ...placeOf(scope), scope: scope.kind, part: joint ? "joint" : "own", key, value, at });
      }),
    list: async (scope) =>
      await read(() => statements[scope.kind].list.all(parametersOf(scope)).map((row) => readFact(row))),
    forget: async (scope, key) =>
      await write(() => {
        const { count, remove } = statements[scope.kind];
        const parameters = { ...parametersOf(scope), key: key ?? null };
        const found = readCount(count.get(parameters));
        remove.run(parameters);
        return found;
      }),
  };
}

function prepareScope(database: Connection["database"], facts: string) {
  return {
    // Of a key that several platforms know, SQLite's max() picks the row of the newest.
    list: database.prepare(`SELECT key, value, max(at) AS at FROM ${facts} GROUP BY key ORDER BY key`),
    count: database.prepare(`SELECT count(DISTINCT key) AS count FROM ${facts} AND (@key IS NULL OR key = @key)`),
    remove: database.prepare(`DELETE FROM ${facts} AND (@key IS NULL OR key = @key)`),
  };
}

/** Where a scope's new facts lie. A group's are one bot's by its conversation. */
function placeOf(scope: MemoryScope): { readonly owner: string; readonly bot: string } {
  return scope.kind === "person" ? { owner: scope.person, bot: scope.bot } : { owner: scope.conversation, bot: "" };
}

function parametersOf(scope: MemoryScope) {
  return scope.kind === "person" ? { person: scope.person, bot: scope.bot } : { conversation: scope.conversation };
}
