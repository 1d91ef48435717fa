import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { openProxy } from "../../../test/faults/proxy.ts";
import { startPooler } from "../../../test/support/pooler.ts";
import { usePostgres } from "../../../test/support/use-postgres.ts";
import { openPostgresDatabase, type PostgresOptions } from "../postgres/postgres-database.ts";
import { openSqliteDatabase } from "../sqlite/sqlite-database.ts";
import { announce, changes, watchChanges } from "./changes.ts";
import type { Database } from "./database.ts";

const server = usePostgres();
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-changes-"));
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

const EVERY = { everyMs: 50 };
const tell = async (database: Database, topic = "notes") => await database.write(() => announce(topic));

/** Counts what it hears. */
function watch(database: Database, topic = "notes") {
  const heard = { count: 0 };
  const watching = watchChanges(
    database,
    topic,
    async () => {
      heard.count += 1;
    },
    EVERY,
  );
  onTestFinished(async () => await watching.close());
  return { heard, close: watching.close };
}

function openUrl(url: string, options: Partial<PostgresOptions> = {}): Database {
  const database = openPostgresDatabase({ url, ...options });
  onTestFinished(database.close);
  return database;
}

describe.each([
  {
    name: "SQLite",
    place: async () => join(folder, "notes.sqlite"),
    connect: (place: string) => openSqliteDatabase(place),
  },
  { name: "PostgreSQL", place: async () => await server().createDatabase(), connect: openUrl },
])("changes in $name", ({ place, connect }) => {
  let database: Database;
  let other: Database;
  beforeEach(async () => {
    const where = await place();
    database = connect(where);
    other = connect(where);
    await database.migrate(changes);
  });
  afterEach(async () => {
    await database.close();
    await other.close();
  });

  it("are heard by everybody who watches the topic, at the beginning and after each announcement", async () => {
    const [own, others, elsewhere] = [watch(database), watch(other), watch(other, "others")];
    await expect.poll(() => [own.heard.count, others.heard.count, elsewhere.heard.count]).toEqual([1, 1, 1]);
    for (const count of [2, 3]) {
      await tell(database);
      await expect.poll(() => [own.heard.count, others.heard.count]).toEqual([count, count]);
    }
    expect(elsewhere.heard.count).toBe(1);
    await others.close();
    await tell(other);
    await expect.poll(() => own.heard.count).toBe(4);
    expect(others.heard.count).toBe(3);
    // Whoever comes later looks at once.
    const late = watch(other);
    await expect.poll(() => late.heard.count).toBe(1);
  });

  it("are not heard of a transaction that was undone", async () => {
    const { heard } = watch(database);
    await expect.poll(() => heard.count).toBe(1);
    const undone = other.write(function* () {
      yield* announce("notes");
      throw new TypeError("on purpose");
    });
    await expect(undone).rejects.toThrow("on purpose");
    await tell(other);
    await expect.poll(() => heard.count).toBe(2);
  });

  it("come one at a time, those of meanwhile as one more, and again after a failure", async () => {
    let [running, most, calls] = [0, 0, 0];
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const watching = watchChanges(
      database,
      "notes",
      async () => {
        running += 1;
        calls += 1;
        most = Math.max(most, running);
        await gate;
        running -= 1;
        if (calls === 2) throw new TypeError("on purpose");
      },
      EVERY,
    );
    await expect.poll(() => calls).toBe(1);
    for (let count = 0; count < 5; count += 1) await tell(other);
    await sleep(200);
    open();
    await expect.poll(() => calls, { timeout: 5_000 }).toBe(3);
    expect(most).toBe(1);
    await watching.close();
  });
});

describe("a connection to PostgreSQL that breaks", () => {
  it("is made anew after a crash of the server, and what was announced meanwhile is looked for", async () => {
    const url = await server().createDatabase();
    const { heard } = watch(openUrl(url));
    await expect.poll(() => heard.count).toBe(1);
    await server().stop("immediate");
    await server().start();
    const other = openUrl(url);
    await tell(other);
    await expect.poll(() => heard.count, { timeout: 10_000 }).toBeGreaterThan(1);
    const before = heard.count;
    await tell(other);
    await expect.poll(() => heard.count).toBeGreaterThan(before);
  });

  it("is noticed when the network drops everything, and nothing is missed", async () => {
    const url = await server().createDatabase();
    const proxy = await openProxy(server().port);
    onTestFinished(proxy.close);
    const far = openUrl(url.replace(`:${server().port}`, `:${proxy.port}`), { statementTimeoutMs: 300 });
    const { heard } = watch(far);
    await expect.poll(() => heard.count).toBe(1);
    proxy.cut();
    await tell(openUrl(url));
    await sleep(1_000);
    expect(heard.count).toBe(1);
    proxy.heal();
    await expect.poll(() => heard.count, { timeout: 10_000 }).toBeGreaterThan(1);
  });

  it("behind a pooler is looked at every so often, or heard at the server itself", async () => {
    const url = await server().createDatabase();
    const pooler = await startPooler(url);
    onTestFinished(pooler.stop);
    const polled = watch(openUrl(pooler.url, { pooler: true }));
    const direct = watch(openUrl(pooler.url, { pooler: true, directUrl: url }));
    await expect.poll(() => direct.heard.count).toBe(1);
    await expect.poll(() => polled.heard.count).toBeGreaterThan(2);
    await tell(openUrl(pooler.url, { pooler: true }));
    await expect.poll(() => direct.heard.count).toBe(2);
  });
});
