import { packageVersion } from "../../core/package-directory.ts";
import { describeError } from "../../core/errors.ts";
import type { Gateway, Readiness } from "../../gateway/index.ts";
import { createGateway } from "../../gateway/index.ts";
import type { Accounts } from "./accounts.ts";
import type { Observed } from "./observe.ts";
import type { Shared } from "./shared.ts";

/** What the gateway needs besides. */
interface GatewayParts extends Shared {
  readonly accounts: Accounts;
  readonly observed: Observed;
}

const BROKER_DEADLINE_MS = 1_000;

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
  const { host, accessToken, requestsPerMinute } = loaded.config.gateway;
  return await createGateway({
    host,
    port,
    requestsPerMinute,
    ...(accessToken === undefined ? {} : { accessToken: () => accessToken.reveal() }),
    routes: [...accounts.routes(), ...bots.routes()],
    sockets: accounts.sockets(),
    readiness: async () => await readinessOf(parts),
    metrics: observed.expose,
    version: packageVersion(),
    newId: environment.newId,
    log: telemetry.log,
  });
}

/** Ready when the broker answers and no account is down. A degraded account is told, and does not take the others off line. */
async function readinessOf({ broker, accounts }: GatewayParts): Promise<Readiness> {
  const queue = await brokerState(broker.counts);
  const platforms = accounts.health().map(({ account, state, detail }) => ({ name: account, state, detail }));
  const ready = queue.state === "live" && (platforms.length === 0 || platforms.some(({ state }) => state !== "down"));
  return { ready, parts: [queue, ...platforms] };
}

async function brokerState(counts: () => Promise<unknown>): Promise<Readiness["parts"][number]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("no answer within a second")), BROKER_DEADLINE_MS);
  });
  try {
    await Promise.race([counts(), late]);
    return { name: "broker", state: "live", detail: "answers" };
  } catch (thrown) {
    return { name: "broker", state: "down", detail: describeError(thrown) };
  } finally {
    clearTimeout(timer);
  }
}
