/** Each role of process with a user of its own at Redis and PostgreSQL: what it may, and foreign rights that it tries. */
import { mkdtempSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startRuntime, type Runtime } from "../../cli/runtime/runtime.ts";
import type { Role } from "../../cli/runtime/shared.ts";
import { validateConfig } from "../../core/config/validate.ts";
import { packageDirectory } from "../../core/package-directory.ts";
import { bank, crew, web } from "../../index.ts";
import { type RedisServer, startRedis } from "../support/redis-server.ts";
import { usePostgres } from "../support/use-postgres.ts";

const ROLES = ["gateway", "workers", "adapters"] as const;
/** Two servers and five processes: for `npm run test:security`. */
const isTried = process.env["SECURITY"] === "full";
const postgres = usePostgres();
const read = (path: string): string => readFileSync(join(packageDirectory(), path), "utf8");

let folder: string;
let redis: RedisServer;
let database: string;
const running: Runtime[] = [];
/** What the processes complained of. */
const told: string[] = [];

/** Addresses of the two servers for a role's own users. */
const databaseOf = (role: string): string => database.replace("//parley@", `//parley_${role}@`);
const redisOf = (role: string): string => redis.url.replace("//", `//parley-${role}:of-${role}@`);

async function start(roles: readonly Role[], urls: { readonly database: string; readonly redis: string }) {
  const exported = {
    bots: { harbour: { name: "Harbour", accounts: [web()], crew: crew({ model: "offline" }), tools: [bank()] } },
    gateway: { port: 0 },
    log: { level: "warn" },
    broker: { kind: "redis", url: urls.redis },
    store: { kind: "postgres", url: urls.database },
  };
  const options = { environment: { PARLEY_DATA: folder }, readFile: () => expect.fail("no file is read") };
  const config = validateConfig(exported, "bots.config.ts", options);
  const loaded = { config, file: "bots.config.ts", directory: packageDirectory() };
  const logDestination = { write: (line: string) => void told.push(line) };
  const runtime = await startRuntime(loaded, { roles: new Set(roles), logDestination });
  running.push(runtime);
  return runtime;
}

describe.runIf(isTried)("users of the servers", () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "parley-roles-"));
    redis = await startRedis({ appendonly: true });
    database = await postgres().createDatabase();
    const owner = await start(["gateway", "workers", "adapters"], { database, redis: redis.url });
    await owner.close();
    running.length = 0;
    await asPostgres(database, read("deploy/postgres-roles.sql"));
    await asPostgres(database, read("deploy/postgres-roles.sql"));
    for (const line of read("deploy/redis-users.acl").trim().split("\n")) {
      const [, name = "", ...rules] = line.split(" ");
      const password = name.replace("parley-", "of-");
      redis.cli("ACL", "SETUSER", name, ...rules.map((rule) => (rule === ">PASSWORD" ? `>${password}` : rule)));
    }
  });
  afterAll(async () => {
    for (const one of running.toReversed()) await one.close();
    await redis.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function asPostgres(url: string, statement: string): Promise<void> {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  }

  it("each starts with its own, and a gateway takes a message", async () => {
    const at = (role: string) => ({ database: databaseOf(role), redis: redisOf(role) });
    for (const role of ["workers", "adapters"] as const) await (await start([role], at(role))).close();
    const { url = "" } = await start(["gateway"], at("gateway"));
    const response = await fetch(`${url}/api/v1/chat?wait=0`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text: "hello" }),
    });
    expect([response.ok, told]).toEqual([true, []]);
    expect((await fetch(`${url}/api/v1/users`)).status).toBe(200);
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    // No command of theirs was held back.
    expect(redis.cli("ACL", "LOG")).toBe("");
  });

  const NOBODYS = [
    "CREATE TABLE mine (id INT)",
    "CREATE TEMPORARY TABLE mine (id INT)",
    "DROP TABLE turns",
    "ALTER TABLE audit_entries DISABLE TRIGGER ALL",
    "UPDATE audit_entries SET body = ''",
    "TRUNCATE audit_entries",
    "UPDATE schema_versions SET version = 0",
    "CREATE ROLE eve SUPERUSER",
    "ALTER ROLE parley_gateway SUPERUSER",
    "SET ROLE parley",
    "COPY turns TO PROGRAM 'cat'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT rolpassword FROM pg_authid",
    "CREATE FUNCTION f() RETURNS INT LANGUAGE sql AS 'SELECT 1'",
  ];
  const THE_GATEWAYS = [
    "SELECT * FROM identity_users",
    "SELECT * FROM identity_api_keys",
    "UPDATE identity_roles SET role = 'owner'",
    "INSERT INTO identity_roles SELECT * FROM identity_roles",
    "DELETE FROM identity_sessions",
    "SELECT * FROM gateway_tickets",
    "SELECT * FROM gateway_calls",
  ];

  it.each([
    ...ROLES.flatMap((role) => NOBODYS.map((statement) => [role, statement] as const)),
    ...["workers", "adapters"].flatMap((role) => THE_GATEWAYS.map((statement) => [role, statement] as const)),
  ])("PostgreSQL refuses %s: %s", async (role, statement) => {
    // 42501: insufficient privilege.
    await expect(asPostgres(databaseOf(role), statement)).rejects.toMatchObject({ code: "42501" });
  });

  const FORBIDDEN: readonly (readonly string[])[] = [
    ["FLUSHALL"],
    ["FLUSHDB"],
    ["KEYS", "*"],
    ["CONFIG", "GET", "*"],
    ["CONFIG", "SET", "dir", "/tmp"],
    ["ACL", "LIST"],
    ["ACL", "SETUSER", "eve", "on", "nopass", "+@all"],
    ["MODULE", "LIST"],
    ["SHUTDOWN"],
    ["REPLICAOF", "evil.example", "6379"],
    ["MONITOR"],
    ["SCRIPT", "FLUSH"],
    ["FUNCTION", "LIST"],
    ["GET", "another:installation"],
    ["SET", "another:installation", "1"],
    ["EVAL", "return redis.call('GET', KEYS[1])", "1", "another:installation"],
    ["EVAL", "return redis.call('FLUSHALL')", "0"],
    ["SUBSCRIBE", "another:topic"],
    ["PUBLISH", "another:topic", "x"],
  ];

  it.each(ROLES.flatMap((role) => FORBIDDEN.map((words) => [role, words.join(" "), words] as const)))(
    "Redis refuses %s: %s",
    async (role, _line, [command = "", ...rest]) => {
      const client = new Redis(redisOf(role), { maxRetriesPerRequest: 0, enableReadyCheck: false });
      try {
        await expect(client.call(command, ...rest)).rejects.toThrow(/NOPERM|no permissions|No permissions|can't run/iu);
      } finally {
        client.disconnect();
      }
    },
  );

  it("each has a password of its own, and without one nothing is told", async () => {
    for (const role of ROLES) {
      const client = new Redis(redis.url, {
        username: `parley-${role}`,
        password: "of-another",
        maxRetriesPerRequest: 0,
        retryStrategy: () => null,
        lazyConnect: true,
      });
      client.on("error", () => undefined);
      await expect(client.connect().then(async () => await client.get("parley:lifecycle"))).rejects.toThrow();
      client.disconnect();
    }
  });
});
