/** Everything an experiment plays on: a folder, a redis-server of its own, the platform, the processes, the feed. */
import { mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ulid } from "ulid";
import { systemEnvironment } from "../../cli/runtime/system-environment.ts";
import type { Broker, BrokerCounts } from "../../core/broker/broker.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import type { Databases } from "../../core/store/databases.ts";
import type { Engine } from "../../core/store/sql/database.ts";
import { type RedisServer, type RedisServerOptions, startRedis } from "../support/redis-server.ts";
import { type Actor, killActor, type Role, startActor } from "./actors.ts";
import { buildProcesses, type ChangedBuild } from "./build.ts";
import { createFeed, type Feed } from "./feed.ts";
import type { Arrival, Command } from "./processes/control.ts";
import { openBroker, openDatabases, RoadSpec } from "./road.ts";
import { slownessOf } from "./slowness.ts";
import { type ServedState, serveState, type StateOptions } from "./state.ts";

export type Kind = RoadSpec["kind"];
export type Mutant = "fence" | "sweeper" | "replication" | ChangedBuild;

export interface StageOptions {
  readonly kind: Kind;
  readonly store: Engine;
  readonly spec?: Partial<RoadSpec>;
  readonly redis?: RedisServerOptions;
  readonly postgres?: StateOptions;
  readonly mutant?: Mutant | undefined;
  /** Files lie on a disk, also where memory would do. */
  readonly onDisk?: boolean;
}

export interface Stage {
  readonly directory: string;
  readonly kind: Kind;
  readonly store: Engine;
  readonly feed: Feed;
  /** What arrived at the platform, in order. */
  readonly arrivals: readonly Arrival[];
  /** Everybody who was ever started. */
  readonly actors: readonly Actor[];
  readonly living: (role: Role) => readonly Actor[];
  /** See {@link slownessOf}. */
  readonly slowness: () => number;
  /** Starts a process; what is given differs from the stage's own settings. */
  readonly start: (role: Role, spec?: Partial<RoadSpec>) => Promise<Actor>;
  readonly platform: (command: Command) => void;
  /** The server, where there is one. */
  readonly redis: () => RedisServer;
  /** Starts the killed server again, on its own port and files. */
  readonly restartRedis: () => Promise<void>;
  /** The PostgreSQL of the state, where there is one. */
  readonly state: () => ServedState;
  /** Opens what keeps the state for the harness to look at, past any proxy. */
  readonly databases: () => Promise<Databases>;
  /** A broker of the harness for looking at things: it neither works nor sweeps. */
  readonly observer: () => Promise<Broker>;
  readonly counts: () => Promise<BrokerCounts | undefined>;
  readonly close: (keepFiles?: boolean) => Promise<void>;
}

const cleanUps = new Set<() => void>();

/** Has the work done should the harness be interrupted, until the returned function is called. */
export function onInterrupt(work: () => void): () => void {
  cleanUps.add(work);
  return () => void cleanUps.delete(work);
}

/** Removes what an interrupted run leaves behind: servers, files, mounts. */
export function cleanUpStages(): void {
  for (const work of [...cleanUps].toReversed()) work();
  cleanUps.clear();
}

export async function openStage(options: StageOptions): Promise<Stage> {
  const directory = mkdtempSync(join(options.onDisk === true ? tmpdir() : fastDirectory(), "parley-faults-"));
  const kept = onInterrupt(() => rmSync(directory, { recursive: true, force: true }));
  const state =
    options.store === "postgres" ? await runState({ parent: dirname(directory), ...options.postgres }) : undefined;
  const redisOptions = { appendonly: true, directory, ...options.redis };
  let server = options.kind === "redis" ? await runServer(redisOptions) : undefined;
  const arrivals: Arrival[] = [];
  const actors: Actor[] = [];
  const { changed } = mutation(options);
  if (changed !== undefined) await buildProcesses(changed);
  const living = (role: Role): readonly Actor[] => actors.filter((actor) => actor.role === role && actor.isAlive());
  const feed = createFeed(() => living("producer"));
  const base = RoadSpec.parse({
    kind: options.kind,
    url: server?.url ?? "",
    store: options.store,
    storeUrl: state?.url ?? "",
    prefix: `f${ulid().toLowerCase()}`,
    directory,
    platformPort: 0,
    ...options.spec,
    ...mutation(options),
  });
  const start = async (role: Role, more: Partial<RoadSpec> = {}): Promise<Actor> => {
    const platformPort = actors.find((actor) => actor.role === "platform")?.port ?? 0;
    const actor = await startActor(role, { ...base, platformPort, ...more }, (told, from) => {
      if (told.is === "answer") feed.answered(told, from);
      if (told.is === "arrival") arrivals.push(told);
    });
    actors.push(actor);
    return actor;
  };
  let observing: Promise<Broker> | undefined;
  const observer = async (): Promise<Broker> => {
    observing ??= observe(base);
    try {
      return await observing;
    } catch (thrown) {
      observing = undefined;
      throw thrown;
    }
  };
  await observer();
  const platform = await start("platform");
  return {
    directory,
    kind: options.kind,
    store: options.store,
    feed,
    arrivals,
    actors,
    living,
    slowness: () => slownessOf(actors.filter(({ role }) => role !== "platform").map(({ startedIn }) => startedIn)),
    start,
    platform: platform.tell,
    redis: () => {
      if (server === undefined) throw new Error("This stage has no redis-server.");
      return server;
    },
    restartRedis: async () => {
      server = await runServer({ ...redisOptions, ...(server === undefined ? {} : { port: server.port }) });
    },
    state: () => {
      if (state === undefined) throw new Error("This stage has no PostgreSQL.");
      return state;
    },
    databases: async () => await openDatabases({ ...base, storeUrl: state?.direct() ?? "" }),
    observer,
    counts: async () => {
      try {
        return await (await observer()).counts();
      } catch {
        // The server is down or hangs; whoever asks asks again.
        return undefined;
      }
    },
    close: async (keepFiles = false) => {
      await Promise.all(actors.filter((actor) => actor.isAlive()).map(killActor));
      await observing?.then(async (broker) => await broker.close()).catch(() => undefined);
      await server?.kill();
      await state?.close();
      kept();
      if (!keepFiles) rmSync(directory, { recursive: true, force: true });
    },
  };
}

const MEMORY = "/dev/shm";
const NEEDED_BYTES = 512 * 1024 * 1024;

/**
 * A folder in memory where there is one. What a killed process has written survives there as it does on a disk, and the
 * speed of the machine's disk does not decide how long the suite takes. (A power loss cannot be tried in either.)
 */
function fastDirectory(): string {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize > NEEDED_BYTES ? MEMORY : tmpdir();
  } catch {
    return tmpdir();
  }
}

async function runServer(options: RedisServerOptions): Promise<RedisServer> {
  const server = await startRedis(options);
  const kept = onInterrupt(() => process.kill(server.pid, "SIGKILL"));
  const kill = async (): Promise<void> => {
    kept();
    await server.kill();
  };
  return { ...server, kill };
}

/** A PostgreSQL that ends with the harness, however that ends. */
export async function runState(options: StateOptions = {}): Promise<ServedState> {
  const state = await serveState(options);
  const kept = onInterrupt(state.abandon);
  const close = async (): Promise<void> => {
    kept();
    await state.close();
  };
  return { ...state, close };
}

async function observe(spec: RoadSpec): Promise<Broker> {
  return await openBroker(
    { ...spec, sweepMs: 3_600_000 },
    { environment: systemEnvironment(), telemetry: silentTelemetry },
  );
}

function mutation({ mutant }: StageOptions): Partial<RoadSpec> {
  if (mutant === "fence") return { unfenced: true };
  if (mutant === "bystanders" || mutant === "successor") return { changed: mutant };
  return mutant === "sweeper" ? { sweepMs: 3_600_000 } : {};
}
