import { statfs } from "node:fs/promises";
import { packageVersion } from "../../core/package-directory.ts";
import { describeError } from "../../core/errors.ts";
import { DatabaseError } from "../../core/store/sqlite/errors.ts";
import { inTime } from "../../core/timing/deadline.ts";
import type { Gateway, Readiness } from "../../gateway/index.ts";
import { createGateway } from "../../gateway/index.ts";
import type { Accounts } from "./accounts.ts";
import { dataDirectoryOf } from "./data-directory.ts";
import type { Observed } from "./observe.ts";
import type { Shared } from "./shared.ts";

/** What the gateway needs besides. */
interface GatewayParts extends Shared {
  readonly accounts: Accounts;
  readonly observed: Observed;
}

const BROKER_DEADLINE_MS = 1_000;
const READY_KEPT_MS = 60_000;
/** Below it the next message may not fit any more. */
const LEAST_SPACE_BYTES = 256 * 1024;

/** The gateway of a runtime: the same address, whatever is mounted. */
export interface RuntimeGateway extends Gateway {
  /** Mounts anew what adapters and tools offer, when it is not what is mounted: after a reload, or a late connection. */
  readonly refresh: () => Promise<void>;
}

/** Starts the gateway over everything that adapters and tools offer. */
export async function openGateway(parts: GatewayParts): Promise<RuntimeGateway> {
  const offered = (): readonly unknown[] => [
    ...parts.accounts.routes(),
    ...parts.bots.routes(),
    ...parts.accounts.sockets(),
  ];
  let mounted = offered();
  let gateway = await listen(parts, parts.loaded.config.gateway.port);
  const { url } = gateway;
  let refreshing: Promise<void> = Promise.resolve();
  const remount = async (): Promise<void> => {
    const wanted = offered();
    if (wanted.length === mounted.length && wanted.every((one, index) => one === mounted[index])) return;
    mounted = wanted;
    await gateway.close();
    gateway = await listen(parts, Number(new URL(url).port));
  };
  return {
    url,
    refresh: async () => {
      refreshing = refreshing.then(remount, remount);
      await refreshing;
    },
    close: async () => {
      await refreshing.catch(() => undefined);
      await gateway.close();
    },
  };
}

async function listen(parts: GatewayParts, port: number): Promise<Gateway> {
  const { loaded, accounts, bots, observed, environment, telemetry } = parts;
  const { host, hosts, trustedProxies, accessToken, trustedToken, requestsPerMinute } = loaded.config.gateway;
  return await createGateway({
    host,
    port,
    hosts,
    trustedProxies,
    requestsPerMinute,
    ...(accessToken === undefined ? {} : { accessToken: () => accessToken.reveal() }),
    ...(trustedToken === undefined ? {} : { trustedToken: () => trustedToken.reveal() }),
    routes: [...accounts.routes(), ...bots.routes()],
    sockets: accounts.sockets(),
    readiness: async () => await readinessOf(parts),
    metrics: observed.expose,
    version: packageVersion(),
    newId: environment.newId,
    log: telemetry.log,
  });
}

/** Ready when the broker takes messages and no account is down. A degraded account is told, and does not take the others off line. */
async function readinessOf({ broker, accounts, environment, loaded }: GatewayParts): Promise<Readiness> {
  const queue = await brokerState(async () => {
    await refuseFullDisk(dataDirectoryOf(loaded));
    // What is asked is whether a message can be accepted, so something is written.
    await broker.remember("ready", String(environment.clock()), READY_KEPT_MS);
  });
  const platforms = accounts.health().map(({ account, state, detail }) => ({ name: account, state, detail }));
  const ready = queue.state === "live" && (platforms.length === 0 || platforms.some(({ state }) => state !== "down"));
  return { ready, parts: [queue, ...platforms] };
}

/** Files that still have room inside themselves take writes for a while after the disk is full. */
async function refuseFullDisk(directory: string): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  if (bavail * bsize >= LEAST_SPACE_BYTES) return;
  throw new DatabaseError(`The disk of ${directory} is full. Free some space there (df -h ${directory}).`, {
    retryable: true,
    cause: undefined,
  });
}

async function brokerState(write: () => Promise<unknown>): Promise<Readiness["parts"][number]> {
  try {
    await inTime(BROKER_DEADLINE_MS, write);
    return { name: "broker", state: "live", detail: "takes messages" };
  } catch (thrown) {
    return { name: "broker", state: "down", detail: describeError(thrown) };
  }
}
