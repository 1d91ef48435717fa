/** Redis and PostgreSQL with a user for each role of processes, as `deploy/` makes them, and the processes on them. */
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { Client } from "pg";
import { expect } from "vitest";
import { openTelegramLocally } from "../../adapters/telegram/testing/index.ts";
import { startRuntime, type Runtime } from "../../cli/runtime/runtime.ts";
import type { Role } from "../../cli/runtime/shared.ts";
import { env } from "../../core/config/index.ts";
import { validateConfig } from "../../core/config/validate.ts";
import { packageDirectory } from "../../core/package-directory.ts";
import { bank, crew, support, web } from "../../index.ts";
import { documents } from "../../tools/rag/index.ts";
import { recommend } from "../../tools/recommend/index.ts";
import { startPostgres } from "../support/postgres-server.ts";
import { startRedis } from "../support/redis-server.ts";

export const ROLES = ["gateway", "workers", "adapters"] as const;

/** What lets the tests manage webhooks and users. */
export const TRUSTED = "a-trusted-token-of-some-length";

const read = (path: string): string => readFileSync(join(packageDirectory(), path), "utf8");

interface Addresses {
  readonly database: string;
  readonly redis: string;
}

export type RoleServers = Awaited<ReturnType<typeof startRoleServers>>;

/** Starts both servers, has their owner make the tables, and makes the users. Close it in the end. */
export async function startRoleServers() {
  const folder = mkdtempSync(join(tmpdir(), "parley-roles-"));
  const redis = await startRedis({ appendonly: true });
  const postgres = await startPostgres({ settings: { logging_collector: "on", log_directory: "'log'" } });
  const database = await postgres.createDatabase();
  const telegram = await openTelegramLocally({ settings: { pollSeconds: 1 } });
  const running: Runtime[] = [];
  /** What the processes complained of. */
  const told: string[] = [];
  const start = async (roles: readonly Role[], { redis: url, database: store }: Addresses, healthPort?: number) => {
    const loaded = configured(folder, [web(), telegram.account], { redis: url, database: store });
    const logDestination = { write: (line: string) => void told.push(line) };
    const health = healthPort === undefined ? {} : { healthPort };
    const runtime = await startRuntime(loaded, { roles: new Set(roles), logDestination, ...health });
    running.push(runtime);
    return runtime;
  };
  const owner = await start(ROLES, { database, redis: redis.url });
  await owner.close();
  running.length = 0;
  told.length = 0;
  const grant = async (setting = ""): Promise<void> =>
    await asPostgres(database, `${setting}${read("deploy/postgres-roles.sql")}`);
  for (let times = 0; times < 2; times += 1) await grant();
  for (const [name, rules] of redisUsers()) redis.cli("ACL", "SETUSER", name, ...rules);
  const databaseOf = (role: Role): string => database.replace("//parley@", `//parley_${role}@`);
  const redisOf = (role: Role): string => redis.url.replace("//", `//parley-${role}:of-parley-${role}@`);
  return {
    redis,
    telegram,
    told,
    databaseOf,
    startAs: async (role: Role, healthPort?: number) =>
      await start([role], { database: databaseOf(role), redis: redisOf(role) }, healthPort),
    /** Grants anew, for a gateway that calls tools itself. */
    grantForMcp: async () => await grant("SET parley.mcp = 'on';\n"),
    asOwner: async (statement: string) => await asPostgres(database, statement),
    asRole: async (role: Role, statement: string) => await asPostgres(databaseOf(role), statement),
    /** Runs one command of Redis as a role. */
    command: async (role: Role, words: readonly string[]): Promise<unknown> => await asRedis(redisOf(role), words),
    /** What PostgreSQL held back so far. */
    refusals: (): readonly string[] => {
      const logs = join(postgres.directory, "log");
      const lines = readdirSync(logs).flatMap((name) => readFileSync(join(logs, name), "utf8").split("\n"));
      return lines.filter((line) => line.includes("permission denied"));
    },
    close: async () => {
      for (const one of running.toReversed()) await one.close();
      await telegram.close();
      await redis.stop();
      await postgres.stop();
      postgres.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configured(folder: string, accounts: readonly unknown[], urls: Addresses) {
  const accounting = bank();
  const exported = {
    bots: {
      harbour: {
        name: "Harbour",
        accounts,
        crew: crew({ model: "offline" }),
        tools: [
          documents({ directory: join(packageDirectory(), "samples/bank/documents") }),
          accounting,
          recommend({ profileOf: accounting.profileOf, capture: "on" }),
          support(),
        ],
        limits: { rate: { messages: 1_000, perSeconds: 60 } },
        handOver: { contact: { default: "Our people are here." } },
      },
    },
    gateway: { port: 0, trustedToken: env("TRUSTED"), webhooks: { internalHosts: ["127.0.0.1"] } },
    log: { level: "warn" },
    broker: { kind: "redis", url: urls.redis },
    store: { kind: "postgres", url: urls.database },
  };
  const config = validateConfig(exported, "bots.config.ts", {
    environment: { PARLEY_DATA: folder, TRUSTED },
    readFile: () => expect.fail("no file is read"),
  });
  return { config, file: "bots.config.ts", directory: packageDirectory() };
}

/** Those of the file, without the administrator; the password is `of-` and the name. */
function redisUsers(): readonly (readonly [string, readonly string[]])[] {
  return read("deploy/redis-users.acl")
    .trim()
    .split("\n")
    .map((line) => {
      const [, name = "", ...rules] = line.split(" ");
      return [name, rules.map((rule) => (rule === ">PASSWORD" ? `>of-${name}` : rule))] as const;
    })
    .filter(([name]) => name !== "default");
}

async function asPostgres(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function asRedis(url: string, [command = "", ...rest]: readonly string[]): Promise<unknown> {
  const client = new Redis(url, { maxRetriesPerRequest: 0, enableReadyCheck: false });
  try {
    return await client.call(command, ...rest);
  } finally {
    client.disconnect();
  }
}
