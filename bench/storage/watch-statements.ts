import type { BoundQuery, Database, Outcome, Work } from "../../core/store/sql/database.ts";

/** The same database; `watch` hears of each statement that goes to it, but for those that begin and end transactions. */
export function watchStatements(database: Database, watch: (bound: () => BoundQuery) => void): Database {
  const { engine } = database;
  function* watched<T>(work: Work<T>): Work<T> {
    let outcome: Outcome = { rows: [], changes: 0 };
    for (;;) {
      const step = work.next(outcome);
      if (step.done === true) return step.value;
      const { bind } = step.value;
      watch(() => bind(engine));
      outcome = yield step.value;
    }
  }
  return {
    ...database,
    all: async (query, values) => {
      watch(() => query.bind(engine, values));
      return await database.all(query, values);
    },
    first: async (query, values) => {
      watch(() => query.bind(engine, values));
      return await database.first(query, values);
    },
    change: async (query, values, options) => {
      watch(() => query.bind(engine, values));
      return await database.change(query, values, options);
    },
    read: async (work) => await database.read(() => watched(work())),
    write: async (work, options) => await database.write(() => watched(work()), options),
  };
}
