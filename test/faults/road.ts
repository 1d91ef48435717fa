/** What all processes of an experiment share: where things are, and how the product's parts are opened on them. */
import { testKeys } from "../support/test-sealing.ts";
import { join } from "node:path";
import { z } from "zod";
import { systemEnvironment } from "../../cli/runtime/system-environment.ts";
import type { Broker } from "../../core/broker/broker.ts";
import { createEmbeddedBroker } from "../../core/broker/embedded/embedded-broker.ts";
import { createRedisBroker } from "../../core/broker/redis/redis-broker.ts";
import { accountId } from "../../core/conversation-id.ts";
import type { Environment } from "../../core/environment.ts";
import { type Databases, postgresDatabases, sqliteDatabases } from "../../core/store/databases.ts";
import type { Telemetry } from "../../core/telemetry.ts";

/** Two platforms: one drops a second send with the same key, the other shows it. */
export const PLATFORMS = ["keyed", "plain"] as const;
export type PlatformName = (typeof PLATFORMS)[number];

export const BOT = "echo";

/** Where a process dies or stops: before or after a write, the `nth` time it comes there. */
export const PointPlan = z.object({ point: z.string(), nth: z.number(), signal: z.enum(["SIGKILL", "SIGSTOP"]) });
export type PointPlan = z.infer<typeof PointPlan>;

/** Handed to each process as its argument. */
export const RoadSpec = z.object({
  kind: z.enum(["redis", "embedded"]),
  url: z.string(),
  /** Which engine keeps the state, and where its server is. */
  store: z.enum(["sqlite", "postgres"]),
  storeUrl: z.string(),
  prefix: z.string(),
  directory: z.string(),
  platformPort: z.number(),
  /** Left out: the product's defaults. */
  leaseMs: z.number().optional(),
  sweepMs: z.number().optional(),
  concurrency: z.number().default(50),
  /** How long a turn works, in ms: at least, at most. */
  turnMs: z.tuple([z.number(), z.number()]).default([1, 6]),
  graceMs: z.number().default(10_000),
  withBank: z.boolean().default(false),
  /** A commit that asks neither who holds the claim nor what the head is. */
  unfenced: z.boolean().default(false),
  point: PointPlan.optional(),
  /** Which change of the product's source the process was built with. */
  changed: z.enum(["bystanders", "successor"]).optional(),
  /** Added to the process's clock, in ms. */
  clockOffsetMs: z.number().default(0),
});
export type RoadSpec = z.infer<typeof RoadSpec>;

export function readSpec(): RoadSpec {
  return RoadSpec.parse(JSON.parse(process.argv[2] ?? "{}"));
}

export const accountOn = (platform: PlatformName) => accountId(platform, "main");

/** Chats are named after their platform: `k7`, `p7`. */
export function platformOf(chat: string): PlatformName {
  return chat.startsWith("k") ? "keyed" : "plain";
}

/** The real environment, with a clock that can be made to jump. */
export function jumpingEnvironment(spec: RoadSpec): Environment & { readonly jump: (offsetMs: number) => void } {
  const environment = systemEnvironment();
  let offset = spec.clockOffsetMs;
  return {
    ...environment,
    clock: () => environment.clock() + offset,
    jump: (offsetMs) => {
      offset = offsetMs;
    },
  };
}

export const brokerPath = (directory: string): string => join(directory, "broker.sqlite");

export async function openBroker(
  spec: RoadSpec,
  parts: { readonly environment: Environment; readonly telemetry: Telemetry },
): Promise<Broker> {
  if (spec.kind === "embedded") return createEmbeddedBroker({ path: brokerPath(spec.directory), ...parts });
  return await createRedisBroker({
    connection: spec.url,
    prefix: spec.prefix,
    ...(spec.sweepMs === undefined ? {} : { sweepMs: spec.sweepMs }),
    connectTimeoutMs: 30_000,
    ...parts,
  });
}

/** Where the modules of a process keep their tables. */
export async function openDatabases({
  store,
  storeUrl,
  directory,
}: Pick<RoadSpec, "store" | "storeUrl" | "directory">): Promise<Databases> {
  return store === "postgres"
    ? await postgresDatabases({ url: storeUrl }, { keys: testKeys })
    : sqliteDatabases(directory);
}
