/** The steps of a transaction's body: `const turn = yield* first(findTurn, { conversation, eventId })`. */
import type { Query, Work } from "./database.ts";

/** Every row. */
export function* all<Values, Row>(query: Query<Values, Row>, values: Values): Work<readonly Row[]> {
  const { rows } = yield { bind: (engine) => query.bind(engine, values), awaited: "next" };
  return rows.map((row) => query.read(row));
}

/** The first row, where there is one. */
export function* first<Values, Row>(query: Query<Values, Row>, values: Values): Work<Row | undefined> {
  const { rows } = yield { bind: (engine) => query.bind(engine, values), awaited: "next" };
  return rows.length === 0 ? undefined : query.read(rows[0]);
}

/** The same as the body's last step: PostgreSQL commits in the same round trip. */
export function* last<Values, Row>(query: Query<Values, Row>, values: Values): Work<Row | undefined> {
  const { rows } = yield { bind: (engine) => query.bind(engine, values), awaited: "last" };
  return rows.length === 0 ? undefined : query.read(rows[0]);
}

/** How many rows it wrote. */
export function* change<Values, Row>(query: Query<Values, Row>, values: Values): Work<number> {
  const { changes } = yield { bind: (engine) => query.bind(engine, values), awaited: "next" };
  return changes;
}

/** Writes without looking at the outcome: it costs no round trip of its own. A failure is thrown by a later step. */
export function* run<Values, Row>(query: Query<Values, Row>, values: Values): Work<void> {
  yield { bind: (engine) => query.bind(engine, values), awaited: "none" };
}
