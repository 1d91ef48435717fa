/** Is this Redis fit to keep messages? Asked at start and by `doctor`. */
import type { Redis } from "ioredis";
import type { Check } from "../../check.ts";
import { ParleyError } from "../../errors.ts";
import { callRedis } from "./connection.ts";
import type { Keys } from "./layout.ts";

const OLDEST = [6, 2] as const;
const EVICTION_REMEDY = "Run: redis-cli CONFIG SET maxmemory-policy noeviction (and set it in redis.conf).";

/** Throws `broker/unsafe-redis` when the server is too old or may evict. INFO is read, since CONFIG is often forbidden. */
export async function refuseUnsafe(redis: Redis): Promise<readonly Check[]> {
  const checks = inspect(await callRedis("check", () => redis.info()));
  const unsafe = checks.find((check) => check.status === "error");
  if (unsafe !== undefined) {
    throw new ParleyError(
      "broker/unsafe-redis",
      `Redis setting ${unsafe.detail} would lose messages. ${unsafe.remedy ?? ""}`,
    );
  }
  return checks;
}

/** All findings, a real round trip included. Never throws for what it finds. */
export async function checkRedis(redis: Redis, keys: Keys, id: string): Promise<readonly Check[]> {
  try {
    const info = await callRedis("check", () => redis.info());
    return [
      { name: "redis reachable", status: "ok", detail: "the server answers" },
      ...inspect(info),
      await roundTrip(redis, keys, id),
    ];
  } catch (thrown) {
    return [
      {
        name: "redis reachable",
        status: "error",
        detail: thrown instanceof Error ? thrown.message : String(thrown),
        remedy: "Start Redis (redis-server --appendonly yes), or correct the address in the configuration.",
      },
    ];
  }
}

function inspect(info: string): readonly Check[] {
  const field = (name: string): string => new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1] ?? "";
  return [version(field("redis_version")), eviction(field("maxmemory_policy")), persistence(field("aof_enabled"))];
}

function version(found: string): Check {
  const [major = 0, minor = 0] = found.split(".").map(Number);
  const isOld = major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
  return isOld
    ? {
        name: "redis version",
        status: "error",
        detail: `redis_version ${found}`,
        remedy: `Install Redis ${OLDEST.join(".")} or later.`,
      }
    : { name: "redis version", status: "ok", detail: found };
}

function eviction(policy: string): Check {
  return policy === "noeviction"
    ? { name: "redis eviction", status: "ok", detail: "maxmemory-policy noeviction" }
    : { name: "redis eviction", status: "error", detail: `maxmemory-policy ${policy}`, remedy: EVICTION_REMEDY };
}

function persistence(enabled: string): Check {
  return enabled === "1"
    ? { name: "redis persistence", status: "ok", detail: "appendonly yes" }
    : {
        name: "redis persistence",
        status: "warning",
        detail: "appendonly no: what was accepted is lost when the server stops",
        remedy: "Run: redis-cli CONFIG SET appendonly yes (and set it in redis.conf).",
      };
}

async function roundTrip(redis: Redis, keys: Keys, id: string): Promise<Check> {
  const key = keys.memory(`check ${id}`);
  const read = await callRedis("check", async () => {
    await redis.set(key, id, "EX", 10);
    return await redis.getdel(key);
  });
  return read === id
    ? { name: "redis round trip", status: "ok", detail: "wrote, read and deleted a key" }
    : {
        name: "redis round trip",
        status: "error",
        detail: "a key that was written was not there when read",
        remedy: "Point the broker at the primary server, not at a replica or a cache.",
      };
}
