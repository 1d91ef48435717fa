/** The table of topic messages: what the queue asks of SQLite. */
import type { Database } from "better-sqlite3";
import { z } from "zod";
import { Json } from "../../json.ts";
import type { Migration } from "../../store/sqlite/database.ts";
import { jsonText, readCount, rowReader } from "../../store/rows.ts";
import { DEAD_KEPT_MS, KEY_KNOWN_MS, type TopicCounts, type TopicDeadLetter, type TopicMessage } from "../topics.ts";

/** `failures` are attempts that threw; `attempts` counts every start. A message that is done keeps its key for a day. */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    sql: `
      CREATE TABLE topic_messages (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        topic TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'dead')),
        published_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, due_at INTEGER NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0,
        reason TEXT, ended_at INTEGER,
        UNIQUE (topic, key)
      ) STRICT;
      CREATE INDEX topic_messages_due ON topic_messages (topic, due_at) WHERE state = 'waiting';
      CREATE INDEX topic_messages_ended ON topic_messages (ended_at) WHERE state != 'waiting';
    `,
  },
];

const Claimed = z.object({
  id: z.int(),
  key: z.string(),
  body: jsonText(Json),
  publishedAt: z.int(),
  expiresAt: z.int(),
  attempts: z.int(),
  failures: z.int(),
});
export type ClaimedMessage = z.output<typeof Claimed>;

const readClaimed = rowReader("topic_messages", Claimed);
const readDead = rowReader(
  "topic_messages",
  z.object({
    id: z.int().transform(String),
    topic: z.string(),
    key: z.string(),
    body: jsonText(Json),
    reason: z.string(),
    attempts: z.int(),
    at: z.int().transform((ms) => new Date(ms).toISOString()),
  }),
);

export type MessageTable = ReturnType<typeof createMessageTable>;

interface Times {
  readonly now: number;
  readonly ttlMs: number;
}

/** Prepares the statements. */
export function createMessageTable(database: Database) {
  const insert = database.prepare(`
    INSERT INTO topic_messages (topic, key, body, published_at, expires_at, due_at) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT DO NOTHING`);
  const claim = database.prepare(`
    UPDATE topic_messages SET due_at = ?, attempts = attempts + 1 WHERE id IN (
      SELECT id FROM topic_messages WHERE topic = ? AND state = 'waiting' AND due_at <= ? ORDER BY due_at, id LIMIT ?)
    RETURNING id, key, body, published_at AS publishedAt, expires_at AS expiresAt, attempts, failures`);
  const end = database.prepare(
    "UPDATE topic_messages SET state = ?, reason = ?, ended_at = ? WHERE id = ? AND state = 'waiting'",
  );
  // What is done keeps its key for a day, so that it counts once, and nothing of what it said.
  const done = database.prepare(
    "UPDATE topic_messages SET state = 'done', body = 'null', ended_at = ? WHERE id = ? AND state = 'waiting'",
  );
  const retry = database.prepare(
    "UPDATE topic_messages SET due_at = ?, failures = failures + 1 WHERE id = ? AND state = 'waiting'",
  );
  const revive = database.prepare(`
    UPDATE topic_messages
    SET state = 'waiting', due_at = ?, expires_at = ?, attempts = 0, failures = 0, reason = NULL, ended_at = NULL
    WHERE id = ? AND topic = ? AND state = 'dead'`);
  const remove = database.prepare("DELETE FROM topic_messages WHERE id = ? AND topic = ? AND state = 'dead'");
  const count = database.prepare("SELECT count(*) AS count FROM topic_messages WHERE topic = ? AND state = ?");
  const dead = database.prepare(`
    SELECT id, topic, key, body, reason, attempts, ended_at AS at FROM topic_messages
    WHERE topic = ? AND state = 'dead' ORDER BY ended_at DESC, id DESC LIMIT ?`);
  const sweep = database.prepare("DELETE FROM topic_messages WHERE state = ? AND ended_at < ?");
  return {
    insert: (topic: string, { key, body }: TopicMessage, { now, ttlMs }: Times): void =>
      void insert.run(topic, key, JSON.stringify(body), now, now + ttlMs, now),
    /** Takes what is due; a taken message is due again at the end of its lease. */
    claim: (topic: string, limit: number, { now, leaseMs }: { readonly now: number; readonly leaseMs: number }) =>
      claim.all(now + leaseMs, topic, now, limit).map(readClaimed),
    acknowledge: (id: number, now: number): void => void done.run(now, id),
    retry: (id: number, dueAt: number): void => void retry.run(dueAt, id),
    bury: (id: number, reason: string, now: number): void => void end.run("dead", reason, now, id),
    revive: (topic: string, id: number, { now, ttlMs }: Times): boolean =>
      revive.run(now, now + ttlMs, id, topic).changes > 0,
    remove: (topic: string, id: number): boolean => remove.run(id, topic).changes > 0,
    counts: (topic: string): TopicCounts => ({
      waiting: readCount(count.get(topic, "waiting")),
      dead: readCount(count.get(topic, "dead")),
    }),
    dead: (topic: string, limit: number): readonly TopicDeadLetter[] => dead.all(topic, limit).map(readDead),
    sweep: (now: number): void => {
      sweep.run("done", now - KEY_KNOWN_MS);
      sweep.run("dead", now - DEAD_KEPT_MS);
    },
  };
}
