/**
 * Statements that travel to PostgreSQL together: one round trip, and, outside of a transaction, one transaction, without a BEGIN
 * and a COMMIT of their own. pg sends each with an end of its own and asks for its columns each time.
 */
import { type Connection, type PoolClient, Query, types } from "pg";
import type { BoundQuery, Outcome } from "../sql/database.ts";

interface Column {
  readonly name: string;
  readonly parse: ((text: string) => unknown) | undefined;
}

/** A statement and, from its first use on, the name under which the connection has prepared it. */
export interface NamedQuery extends BoundQuery {
  /** None behind a pooler. */
  readonly name?: string | undefined;
}

/** What each connection has prepared, by name, with the columns of its rows. */
const preparedOn = new WeakMap<Connection, Map<string, readonly Column[]>>();

/** Sends them at once; resolves with the outcome of each. Where one fails, nothing of them stands. */
export async function exchange(client: PoolClient, queries: readonly NamedQuery[]): Promise<readonly Outcome[]> {
  return await new Promise((resolve, reject) => void client.query(new Exchange(queries, { resolve, reject })));
}

/** Lets what is sent meanwhile leave in one piece. */
export function together(client: PoolClient, send: () => void): void {
  const { stream } = client.connection;
  stream.cork();
  try {
    send();
  } finally {
    stream.uncork();
  }
}

interface Settle {
  readonly resolve: (outcomes: readonly Outcome[]) => void;
  readonly reject: (thrown: unknown) => void;
}

const NO_COLUMNS: readonly Column[] = [];

/** What pg's client hands its messages to. It calls `callback` itself where no answer comes in time. */
class Exchange extends Query {
  callback: (thrown: unknown) => void;
  readonly #queries: readonly NamedQuery[];
  readonly #outcomes: Outcome[] = [];
  #prepared = new Map<string, readonly Column[]>();
  #columns: readonly Column[] | undefined;
  #rows: unknown[] = [];
  #fault: { readonly thrown: unknown } | undefined;

  constructor(queries: readonly NamedQuery[], { resolve, reject }: Settle) {
    super("");
    this.#queries = queries;
    this.callback = (thrown) => (thrown == null ? resolve(this.#outcomes) : reject(thrown));
  }

  override readonly submit = (connection: Connection): void => {
    this.#prepared = preparedOn.get(connection) ?? new Map();
    preparedOn.set(connection, this.#prepared);
    connection.stream.cork();
    for (const query of this.#queries) this.#send(connection, query);
    connection.sync();
    connection.stream.uncork();
  };

  #send(connection: Connection, { sql: text, values, name = "" }: NamedQuery): void {
    const isNew = !this.#prepared.has(name);
    if (isNew) {
      // One that failed before may stand there or not.
      if (name !== "") connection.close({ type: "S", name }, true);
      connection.parse({ name, text, types: [] }, true);
    }
    connection.bind({ statement: name, values: values.map(storable) }, true);
    if (isNew) connection.describe({ type: "P" }, true);
    connection.execute(null, true);
  }

  handleRowDescription({ fields }: { readonly fields: readonly { name: string; dataTypeID: number }[] }): void {
    this.#columns = fields.map(({ name, dataTypeID }) => ({ name, parse: parserOf(dataTypeID) }));
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    const columns = this.#columns ?? this.#prepared.get(this.#queries[this.#outcomes.length]?.name ?? "") ?? NO_COLUMNS;
    const row: Record<string, unknown> = {};
    try {
      for (let index = 0; index < columns.length; index += 1) {
        const [column, text = null] = [columns[index], fields[index]];
        if (column !== undefined) row[column.name] = text === null || !column.parse ? text : column.parse(text);
      }
    } catch (thrown) {
      this.#fault ??= { thrown };
    }
    this.#rows.push(row);
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    const name = this.#queries[this.#outcomes.length]?.name;
    // Only now it stands there for sure.
    if (name !== undefined && !this.#prepared.has(name)) this.#prepared.set(name, this.#columns ?? NO_COLUMNS);
    this.#outcomes.push({ rows: this.#rows, changes: changesOf(text) });
    this.#columns = undefined;
    this.#rows = [];
  }

  handleError(thrown: unknown): void {
    this.callback(thrown);
  }

  handleReadyForQuery(): void {
    this.callback(this.#fault?.thrown);
  }
}

/** `INSERT 0 1`, `UPDATE 3`; of a SELECT it is what was read. */
function changesOf(tag: string): number {
  if (tag.startsWith("SELECT")) return 0;
  const count = Number(tag.slice(tag.lastIndexOf(" ") + 1));
  return Number.isNaN(count) ? 0 : count;
}

/** PostgreSQL's texts hold every character but this one. */
function storable(value: BoundQuery["values"][number]): string | Buffer | null {
  if (typeof value === "string") return value.includes("\0") ? value.replaceAll("\0", "\uFFFD") : value;
  if (value === null) return null;
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : String(value);
}

export const INT8 = 20;
const TEXT = 25;

function parserOf(type: number): Column["parse"] {
  if (type === TEXT) return undefined;
  if (type === INT8) return wholeNumber;
  const parse: (text: string) => unknown = types.getTypeParser(type, "text");
  return parse;
}

/** A BIGINT as a number. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value))
    throw new RangeError(`The database holds ${text}, which is too large to count with`);
  return value;
}
