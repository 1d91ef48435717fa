/** The one way to a database, whichever engine keeps it. A query is compiled once; a transaction is a generator of queries. */
import type { Check } from "../../check.ts";
import type { Engine } from "./definitions.ts";
import type { Module } from "./module.ts";

export type { Engine };

/** What can be bound. Booleans are 0 and 1, times ISO 8601 or whole milliseconds, everything structured JSON text. */
export type Value = string | number | bigint | Uint8Array | null;

/** SQL as an engine takes it, with its values in the order of their places. */
export interface BoundQuery {
  readonly sql: string;
  readonly values: readonly Value[];
}

/** A query that was compiled once for each engine. Made by `defineQueries`. */
export interface Query<Values, Row> {
  readonly bind: (engine: Engine, values: Values) => BoundQuery;
  /** Checks a row. Throws `store/corrupt-row`. */
  readonly read: (row: unknown) => Row;
}

export interface Outcome {
  readonly rows: readonly unknown[];
  /** How many rows were written. */
  readonly changes: number;
}

/** One query of a transaction. */
export interface Step {
  readonly bind: (engine: Engine) => BoundQuery;
  /**
   * `none`: nobody looks at the outcome, so that it travels together with the queries after it. `next`: the body goes on
   * with it. `last`: the body ends with it, so that the commit travels along.
   */
  readonly awaited: "none" | "next" | "last";
}

/**
 * The body of a transaction: it yields steps (`all`, `first`, `change`, `run` of `work.ts`) and gets their outcomes. SQLite
 * runs it synchronously inside a shared transaction, PostgreSQL waits for each. It may run more than once, the earlier
 * times undone: let it change nothing but the database.
 */
export type Work<T> = Generator<Step, T, Outcome>;

export interface WriteOptions {
  /**
   * Names what the body reads before it writes, such as one conversation: bodies of one name run one after the other.
   * Several are taken in the order of their texts, so that no two bodies wait for each other. SQLite has one writer
   * anyway. An empty list: each statement is right whatever comes between it and the next. Without a name PostgreSQL runs
   * the body serialisable, and again where it must.
   */
  readonly lock?: string | readonly string[];
  /** Done twice it leaves the same: where the answer to its commit was lost, it is done again. @default false */
  readonly isRepeatable?: boolean;
}

/** A database. All of it rejects with `store/closed` after close, and `store/database` where the engine fails. */
export interface Database {
  readonly engine: Engine;
  /** The file or the server, for people. Never with a password. */
  readonly place: string;
  /** Makes or updates a module's tables. Throws `store/newer-database` when a newer Parley wrote them. */
  readonly migrate: (module: Module) => Promise<void>;
  readonly all: <Values, Row>(query: Query<Values, Row>, values: Values) => Promise<readonly Row[]>;
  readonly first: <Values, Row>(query: Query<Values, Row>, values: Values) => Promise<Row | undefined>;
  /** One statement that writes; resolves with its number of rows when it is durable. */
  readonly change: <Values, Row>(query: Query<Values, Row>, values: Values, options?: WriteOptions) => Promise<number>;
  /** Several reads; another process may write between them. */
  readonly read: <T>(work: () => Work<T>) => Promise<T>;
  /** A transaction; resolves when it is durable. When the body throws, all of it is undone. */
  readonly write: <T>(work: () => Work<T>, options?: WriteOptions) => Promise<T>;
  /**
   * Hears what `announce` told (see `changes.ts`): calls `heard` when it begins to listen, at each announcement of the topic,
   * and when it listens again after a break. The function given ends it. Absent where the engine does not tell.
   */
  readonly listen?: (topic: string, heard: () => void) => () => void;
  /** Removes what the engine still keeps of deleted rows, as far as it can. */
  readonly scrub: () => Promise<void>;
  readonly check: () => Promise<readonly Check[]>;
  /** Finishes what waits. Safe to call twice. */
  readonly close: () => Promise<void>;
}
