/** The file's versions, oldest first. A released step is never changed; a new one is appended. */
export const MIGRATIONS: readonly string[] = [
  `
  -- Deduplication keys. The time of first acceptance decides when a key is forgotten.
  CREATE TABLE seen (key TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;

  -- One row per conversation, for ever: its sequence must not start again.
  -- due: idle = NULL, ready = claimable from, running = end of the lease; span: how far due lay ahead when it was set.
  -- taken: last sequence handed out to the running claim.
  CREATE TABLE conversations (
    id TEXT PRIMARY KEY, account TEXT NOT NULL, state TEXT NOT NULL, due INTEGER, span INTEGER NOT NULL,
    sequence INTEGER NOT NULL, waiting INTEGER NOT NULL, epoch INTEGER NOT NULL,
    attempts INTEGER NOT NULL, failures INTEGER NOT NULL, taken INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX conversations_due ON conversations (due) WHERE due IS NOT NULL;

  CREATE TABLE mailbox (
    conversation TEXT NOT NULL, sequence INTEGER NOT NULL, type TEXT NOT NULL, message TEXT, event TEXT NOT NULL,
    PRIMARY KEY (conversation, sequence)
  ) WITHOUT ROWID;

  -- AUTOINCREMENT: a position is never used twice, so a reader's cursor stays good after removals.
  CREATE TABLE outbox (
    position INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, conversation TEXT NOT NULL, id TEXT NOT NULL,
    entry TEXT NOT NULL
  );
  CREATE INDEX outbox_account ON outbox (account, position);
  CREATE TABLE progress (
    account TEXT NOT NULL, entry TEXT NOT NULL, progress TEXT NOT NULL, PRIMARY KEY (account, entry)
  ) WITHOUT ROWID;
  CREATE TABLE owners (
    account TEXT PRIMARY KEY, owner TEXT, epoch INTEGER NOT NULL, due INTEGER NOT NULL, span INTEGER NOT NULL
  ) WITHOUT ROWID;

  -- kind: an event, or a reply that could not be read back from the outbox.
  CREATE TABLE dead (
    n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, conversation TEXT NOT NULL,
    account TEXT NOT NULL, sequence INTEGER NOT NULL, payload TEXT NOT NULL, reason TEXT NOT NULL,
    attempts INTEGER NOT NULL, at INTEGER NOT NULL
  );

  CREATE TABLE scheduled (id TEXT PRIMARY KEY, at INTEGER NOT NULL, event TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX scheduled_at ON scheduled (at);

  CREATE TABLE paused (scope TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE lifecycle (n INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL);
  CREATE TABLE remembered (key TEXT PRIMARY KEY, value TEXT NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID;

  -- Live signals between processes, and who listens.
  CREATE TABLE signals (
    n INTEGER PRIMARY KEY AUTOINCREMENT, origin TEXT NOT NULL, topic TEXT NOT NULL, message TEXT NOT NULL,
    at INTEGER NOT NULL
  );
  CREATE TABLE listeners (origin TEXT PRIMARY KEY, seen INTEGER NOT NULL) WITHOUT ROWID;
  `,
];
