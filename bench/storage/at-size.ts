/** The store on a PostgreSQL that holds a great many messages: how long its part of a turn takes, and by which indexes. */
import { Client } from "pg";
import { ulid } from "ulid";
import { z } from "zod";
import { accountId, conversationId, type ConversationId } from "../../core/conversation-id.ts";
import type { ModelUsage } from "../../core/crew.ts";
import { RetentionPolicy } from "../../core/retention.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { createStore } from "../../core/store/create-store.ts";
import { openPostgresDatabase } from "../../core/store/postgres/postgres-database.ts";
import type { BoundQuery } from "../../core/store/sql/database.ts";
import type { Store } from "../../core/store/store.ts";
import { testSealing } from "../../test/support/test-sealing.ts";
import { startPostgres } from "../../test/support/postgres-server.ts";
import { isMeant, planOf, wholeReads } from "../../test/support/query-plans.ts";
import { writeMessage } from "./message.ts";
import { multiply } from "./multiply.ts";
import { watchStatements } from "./watch-statements.ts";

const ACCOUNT = accountId("web", "main");
const PEOPLE = 200;
const MESSAGES_OF_EACH = 10;
const TURNS = 1_000;
const DAY_MS = 86_400_000;
/** Smaller tables are read as a whole wherever that is faster. */
const BIG_ROWS = 10_000;

const chatOf = (person: string): ConversationId => conversationId({ platform: "web", account: "main", chat: person });
const personOf = (index: number): string => `person-${index % PEOPLE}`;

/** Fills a PostgreSQL with about so many messages and measures before and after. Throws where a query reads a whole table. */
export async function runAtSize(messages: number): Promise<void> {
  const server = await startPostgres({ settings: { max_wal_size: "'4GB'" } });
  const client = new Client({ connectionString: await server.createDatabase() });
  try {
    await client.connect();
    await runOn(client, messages);
  } finally {
    await client.end();
    await server.stop();
    server.remove();
  }
}

async function runOn(client: Client, messages: number): Promise<void> {
  const { host, port, user, database: name = "" } = client;
  const statements = new Map<string, BoundQuery>();
  const url = `postgres://${user}@${host}:${port}/${name}`;
  const database = watchStatements(openPostgresDatabase({ url }), (bound) => {
    const statement = bound();
    statements.set(statement.sql, statement);
  });
  const sealing = testSealing(database);
  const store = await createStore(database, { environment: { clock: Date.now }, telemetry: silentTelemetry, sealing });
  try {
    await fill(store);
    await measure({ store, client, copies: 0 });
    const copies = Math.ceil(messages / (PEOPLE * MESSAGES_OF_EACH + TURNS)) - 1;
    const startedAt = performance.now();
    await multiply(client, copies);
    console.log(`filled in ${Math.round((performance.now() - startedAt) / 1000)} s`);
    await measure({ store, client, copies });
    await useTheRest(store);
    await judge(client, [...statements.values()]);
  } finally {
    await store.close();
  }
}

/** Messages of some people over the days before now, and a fact about each of them. */
async function fill(store: Store): Promise<void> {
  for (let index = 0; index < PEOPLE * MESSAGES_OF_EACH; index += 1) {
    const person = personOf(index);
    const at = Date.now() - 20 * DAY_MS + Math.floor((index * 19 * DAY_MS) / (PEOPLE * MESSAGES_OF_EACH));
    await writeMessage(store, { account: ACCOUNT, conversation: chatOf(person), index, at });
    if (index >= PEOPLE) continue;
    const scope = { kind: "person", bot: "harbour", person: await store.people.personOf(ACCOUNT, person) } as const;
    await store.memory.set(scope, { key: "language", value: "English", at: new Date(at).toISOString() });
  }
}

async function measure(place: {
  readonly store: Store;
  readonly client: Client;
  readonly copies: number;
}): Promise<void> {
  const { store, client, copies } = place;
  await client.query("VACUUM ANALYZE");
  const held = await rowsOf(client, "turns");
  const before = await blocksOf(client);
  const times: number[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    const copy = Math.floor(Math.random() * (copies + 1));
    const name = personOf(Math.floor(Math.random() * PEOPLE));
    const startedAt = performance.now();
    await takeTurn(store, copy === 0 ? name : `${name}-${copy}`, turn);
    times.push(performance.now() - startedAt);
  }
  const blocks = ((await blocksOf(client)) - before) / TURNS;
  times.sort((left, right) => left - right);
  const at = (fraction: number): string => (times[Math.floor(times.length * fraction)] ?? 0).toFixed(1);
  console.log(
    `${held.toLocaleString("en")} messages: the store's part of a turn p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, ` +
      `${blocks.toFixed(0)} blocks of 8 kB looked at`,
  );
}

/** What a turn and its delivery ask and tell the store, in a direct conversation. */
async function takeTurn(store: Store, person: string, index: number): Promise<void> {
  const conversation = chatOf(person);
  await Promise.all([
    store.controls.get(conversation, new Date().toISOString()),
    store.history.find(conversation, ulid()),
    store.people.personOf(ACCOUNT, person),
  ]);
  const scope = { kind: "person", bot: "harbour", person: await store.people.personOf(ACCOUNT, person) } as const;
  await Promise.all([
    store.history.page(conversation, { limit: 10 }),
    store.history.window(conversation, { session: 1, turns: 12 }),
    store.memory.list(scope),
  ]);
  await writeMessage(store, { account: ACCOUNT, conversation, index, at: Date.now() });
}

/** What is asked for besides turns: by people who look, by commands and by jobs. */
async function useTheRest(store: Store): Promise<void> {
  const [conversation, now] = [chatOf("person-1"), new Date().toISOString()];
  const [latest] = await store.history.page(conversation, { limit: 1 });
  const entry = latest?.id ?? ulid();
  await store.conversations.list({ limit: 50 });
  await store.conversations.list({ bot: "harbour", limit: 50, before: { id: conversation, lastEventAt: now } });
  await store.conversations.idle(new Date(Date.now() - 30 * DAY_MS).toISOString(), 100);
  await store.history.page(conversation, { limit: 10, before: entry });
  await store.history.byMessage(conversation, entry);
  await store.traces.find(entry);
  await store.deliveries.forEvent(entry);
  await store.deliveries.byMessageId(entry);
  const person = await store.people.personOf(ACCOUNT, "person-1");
  await store.people.identities(person);
  await store.usage.spend(["bot:harbour"], USAGE, { id: ulid(), day: now.slice(0, 10) });
  await store.usage.spent("bot:harbour", now.slice(0, 10));
  await store.erasure.scope(conversation);
  const startedAt = performance.now();
  const pruned = await store.prune(RetentionPolicy.parse({}), Date.now() + 12 * DAY_MS);
  console.log(`retention job: ${JSON.stringify(pruned)} in ${Math.round((performance.now() - startedAt) / 1000)} s`);
  await store.erasure.erase({ bot: "harbour", persons: [person], conversations: [conversation] });
}

const USAGE: ModelUsage = {
  model: "test",
  role: "answers",
  inputTokens: 900,
  outputTokens: 90,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  costMicroDollars: 40,
};

async function judge(client: Client, statements: readonly BoundQuery[]): Promise<void> {
  await client.query("VACUUM ANALYZE");
  const faults: string[] = [];
  for (const { sql, values } of statements.filter((statement) => !isMeant(statement.sql))) {
    for (const read of wholeReads(await planOf(client, sql, values))) {
      const [table = ""] = read.split(" ");
      if ((await rowsOf(client, table)) > BIG_ROWS) faults.push(`reads all of ${read}: ${sql}`);
    }
  }
  console.log(`${statements.length} queries: ${faults.length} read a whole table of more than ${BIG_ROWS} rows`);
  if (faults.length > 0) throw new Error(faults.join("\n"));
}

const Counted = z.array(z.object({ count: z.coerce.number() }));

async function rowsOf(client: Client, table: string): Promise<number> {
  const { rows } = await client.query("SELECT reltuples AS count FROM pg_class WHERE relname = $1", [table]);
  return Counted.parse(rows)[0]?.count ?? 0;
}

/** What all connections have read from tables and indexes so far. */
async function blocksOf(client: Client): Promise<number> {
  await client.query("SELECT pg_stat_clear_snapshot()");
  const { rows } = await client.query(
    "SELECT blks_read + blks_hit AS count FROM pg_stat_database WHERE datname = current_database()",
  );
  return Counted.parse(rows)[0]?.count ?? 0;
}
