/** SQLite at rest: the store, and what other modules need to keep a file of their own. */
export { createSqliteStore, type SqliteStoreOptions } from "./sqlite-store.ts";
export { migrate, openDatabase, type DatabaseOptions, type Migration } from "./database.ts";
export { createGroupCommit, type GroupCommit } from "./group-commit.ts";
export { CorruptRowError, DatabaseError, StoreClosedError } from "./errors.ts";
export { jsonText, rowReader } from "./rows.ts";
