import { packageVersion } from "../../core/package-directory.ts";
import type { Gateway } from "../../gateway/index.ts";
import { createGateway } from "../../gateway/index.ts";
import type { GatewayOptions, Readiness } from "../../gateway/options.ts";
import type { Accounts } from "./accounts.ts";
import type { Observed } from "./observe.ts";
import { type OpenMcp, openMcp } from "./open-mcp.ts";
import { readinessOf } from "./readiness.ts";
import type { Shared } from "./shared.ts";

/** What the gateway needs besides. */
export interface GatewayParts extends Shared {
  readonly accounts: Accounts;
  readonly observed: Observed;
}

/** The gateway of a runtime: the same address, whatever is mounted. */
export interface RuntimeGateway extends Gateway {
  /** Mounts anew what adapters and tools offer, when it is not what is mounted: after a reload, or a late connection. */
  readonly refresh: () => Promise<void>;
}

/** Starts the gateway over everything that adapters and tools offer. */
export async function openGateway(parts: GatewayParts): Promise<RuntimeGateway> {
  const mcp = openMcp(parts);
  const offered = (): readonly unknown[] => Object.values(offerOf(parts, mcp)).flat();
  let mounted = offered();
  const readiness = async (): Promise<Readiness> => await readinessOf(parts);
  let gateway = await listen(parts, { port: parts.loaded.config.gateway.port, readiness, ...offerOf(parts, mcp) });
  const { url } = gateway;
  let refreshing: Promise<void> = Promise.resolve();
  const remount = async (): Promise<void> => {
    const wanted = offered();
    if (wanted.length === mounted.length && wanted.every((one, index) => one === mounted[index])) return;
    mounted = wanted;
    await gateway.close();
    gateway = await listen(parts, { port: Number(new URL(url).port), readiness, ...offerOf(parts, mcp) });
  };
  return {
    url,
    refresh: async () => {
      refreshing = refreshing.then(remount, remount);
      await refreshing;
    },
    close: async () => {
      await refreshing.catch(() => undefined);
      await mcp.close();
      await gateway.close();
    },
  };
}

/** Health and metrics, of a process that has no gateway or cannot have one yet. */
export async function openHealth(
  parts: ListenParts,
  options: Pick<GatewayOptions, "port" | "readiness">,
): Promise<Gateway> {
  return await listen(parts, { ...options, routes: [], sockets: [] });
}

type Offered = Pick<GatewayOptions, "routes" | "sockets">;
type ListenParts = Pick<GatewayParts, "loaded" | "observed" | "environment" | "telemetry">;

function offerOf({ accounts, bots }: GatewayParts, mcp: OpenMcp): Offered {
  return { routes: [...accounts.routes(), ...bots.routes(), ...mcp.routes()], sockets: accounts.sockets() };
}

async function listen(
  { loaded, observed, environment, telemetry }: ListenParts,
  options: Offered & Pick<GatewayOptions, "port" | "readiness">,
): Promise<Gateway> {
  const { host, hosts, trustedProxies, accessToken, trustedToken, requestsPerMinute } = loaded.config.gateway;
  return await createGateway({
    host,
    hosts,
    trustedProxies,
    requestsPerMinute,
    ...(accessToken === undefined ? {} : { accessToken: () => accessToken.reveal() }),
    ...(trustedToken === undefined ? {} : { trustedToken: () => trustedToken.reveal() }),
    ...options,
    metrics: observed.expose,
    version: packageVersion(),
    newId: environment.newId,
    log: telemetry.log,
  });
}
