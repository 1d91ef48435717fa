/** Fills the tables with copies of what the product wrote, so that every row has the shape that it gives them. */
import type { Client } from "pg";

/**
 * The 11th to 14th character of each id (a ULID) says of which copy it is; earlier ones tell its time. No id that the
 * product makes has a `U`.
 */
const IDS = String.raw`'([0-9A-HJKMNP-TV-Z]{10})[0-9A-HJKMNP-TV-Z]{4}([0-9A-HJKMNP-TV-Z]{12})'`;
const COPY = `
  CREATE FUNCTION pg_temp.of_copy(text, bigint) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN regexp_replace($1, ${IDS}, '\\1U' || lpad($2::text, 3, '0') || '\\2', 'g')`;

/** Each column of each table in copy `k`: other people, with conversations and messages of their own. */
const TABLES: readonly (readonly [table: string, columns: Readonly<Record<string, string>>])[] = [
  [
    "conversations",
    {
      id: "id || '-' || k",
      bot: "bot",
      account: "account",
      chat_type: "chat_type",
      session: "session",
      open: "open",
      created_at: "created_at",
      last_event_at: "last_event_at",
      last_event_id: "pg_temp.of_copy(last_event_id, k)",
      message_count: "message_count",
    },
  ],
  [
    "conversation_users",
    { conversation: "conversation || '-' || k", user_id: "user_id || '-' || k", position: "position" },
  ],
  [
    "turns",
    {
      event_id: "pg_temp.of_copy(event_id, k)",
      conversation: "conversation || '-' || k",
      session: "session",
      at: "at",
      body: "pg_temp.of_copy(body, k)",
      trace: "pg_temp.of_copy(trace, k)",
    },
  ],
  ["message_references", { message: "pg_temp.of_copy(message, k)", event: "pg_temp.of_copy(event, k)" }],
  [
    "deliveries",
    {
      id: "pg_temp.of_copy(id, k)",
      conversation: "conversation || '-' || k",
      outcome: "outcome",
      at: "at",
      body: "pg_temp.of_copy(body, k)",
    },
  ],
  [
    "identities",
    { account: "account", user_id: "user_id || '-' || k", home: "home || '-' || k", person: "person || '-' || k" },
  ],
  [
    "facts",
    {
      scope: "scope",
      owner: "owner || '-' || k",
      bot: "bot",
      part: "part",
      key: "key",
      value: "value",
      at: "at",
    },
  ],
  ["usage_hits", { key: "key || '-' || k", window_ms: "window_ms", at: "at", id: "pg_temp.of_copy(id, k)" }],
];

const MOST_COPIES = 999;
/** Copies of one statement. */
const AT_ONCE = 20;

/** Makes `copies` copies of all rows beside them. */
export async function multiply(client: Client, copies: number): Promise<void> {
  if (copies > MOST_COPIES)
    throw new RangeError(`${copies} copies are more than the ${MOST_COPIES} that ids can tell apart`);
  await client.query("SET synchronous_commit = off");
  await client.query(COPY);
  for (const [table] of TABLES) await client.query(`CREATE TEMPORARY TABLE stencil_${table} AS TABLE ${table}`);
  for (let from = 1; from <= copies; from += AT_ONCE) {
    const to = Math.min(copies, from + AT_ONCE - 1);
    for (const [table, columns] of TABLES) {
      await client.query(`
        INSERT INTO ${table} (${Object.keys(columns).join(", ")})
        SELECT ${Object.values(columns).join(", ")} FROM generate_series(${from}, ${to}) k, stencil_${table}`);
    }
  }
}
