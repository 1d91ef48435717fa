/** Compiles queries with Kysely, once for each engine, at their first use. Kysely's own drivers are not used. */
import {
  DummyDriver,
  type Expression,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import type { z } from "zod";
import { rowReader } from "../rows.ts";
import type { BoundQuery, Engine, Query, Value } from "./database.ts";
import { type Dialect, dialects } from "./dialect.ts";

/** What a query is built from: the tables, the places of its values, and what the engines say differently. */
export interface QueryParts<Tables, Values> {
  readonly db: Kysely<Tables>;
  readonly value: <Name extends keyof Values & string>(name: Name) => Expression<Values[Name]>;
  readonly dialect: Dialect;
}

/** A query as its builder leaves it. */
export interface Compilable {
  readonly compile: () => { readonly sql: string; readonly parameters: readonly unknown[] };
}

/** Names of values to their types; what stands in the builder itself is bound as a constant. */
type NamedValues = Readonly<Record<string, Value>>;
type NoValues = Readonly<Record<string, never>>;

/** Stands in the compiled parameters where a value is bound. */
class Place {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/**
 * Makes the query factory of some tables, given as Kysely's interface of them:
 *
 * ```ts
 * const query = defineQueries<{ notes: { id: string; text: string } }>();
 * const findNote = query<{ id: string }>()("notes", z.object({ text: z.string() }), ({ db, value }) =>
 *   db.selectFrom("notes").select("text").where("id", "=", value("id")),
 * );
 * ```
 *
 * The row is checked by the schema; columns that are NULL count as absent.
 */
export function defineQueries<Tables>() {
  const builders = { sqlite: sqliteBuilder<Tables>(), postgres: postgresBuilder<Tables>() };
  return <Given extends NamedValues = NoValues>() =>
    <Schema extends z.ZodType>(
      table: string,
      schema: Schema,
      build: (parts: QueryParts<Tables, Given>) => Compilable,
    ): Query<Given, z.output<Schema>> => {
      const compiled: Partial<Record<Engine, (values: NamedValues) => BoundQuery>> = {};
      const value = (name: string) => sql<never>`${new Place(name)}`;
      const compile = (engine: Engine) =>
        binder(build({ db: builders[engine], value, dialect: dialects[engine] }).compile());
      return {
        bind: (engine, values) => (compiled[engine] ??= compile(engine))(values),
        read: rowReader(table, schema),
      };
    };
}

/** Runs for every query of every message: the names are taken apart once, and nothing is made but the list of values. */
function binder({ sql: text, parameters }: ReturnType<Compilable["compile"]>): (values: NamedValues) => BoundQuery {
  const names = parameters.map((parameter) => (parameter instanceof Place ? parameter.name : undefined));
  const constants = parameters.map((parameter) => (parameter instanceof Place ? null : constantOf(parameter)));
  return (values) => {
    const bound = [...constants];
    for (let index = 0; index < names.length; index += 1) {
      const name = names[index];
      if (name === undefined) continue;
      const value = values[name];
      if (value === undefined) throw new TypeError(`The query's value "${name}" is missing`);
      bound[index] = value;
    }
    return { sql: text, values: bound };
  };
}

function constantOf(constant: unknown): Value {
  if (constant === null || typeof constant === "string" || typeof constant === "number") return constant;
  throw new TypeError(`A query cannot have a constant of type ${typeof constant}`);
}

function sqliteBuilder<Tables>(): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
}

function postgresBuilder<Tables>(): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}
