import { resolve } from "node:path";
import { packageVersion } from "../../core/package-directory.ts";
import type { Gateway } from "../../gateway/index.ts";
import { createGateway } from "../../gateway/index.ts";
import type { GatewayOptions, Readiness } from "../../gateway/options.ts";
import { type GatewayState, openGatewayState } from "../../gateway/state/index.ts";
import type { Databases } from "../../core/store/databases.ts";
import type { Accounts } from "./accounts.ts";
import type { Observed } from "./observe.ts";
import { type OpenMcp, openMcp } from "./open-mcp.ts";
import { readinessOf } from "./readiness.ts";
import type { Shared } from "./shared.ts";

/** What the gateway needs besides. */
export interface GatewayParts extends Shared {
  readonly accounts: Accounts;
  readonly observed: Observed;
  readonly databases: Databases;
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
  const { clock, newId } = parts.environment;
  const state = await openGatewayState(parts.databases, { clock, newId, log: parts.telemetry.log });
  const { port } = parts.loaded.config.gateway;
  const shared = { readiness, state };
  let gateway = await listen(parts, { port, ...shared, ...offerOf(parts, mcp) }).catch(async (thrown: unknown) => {
    await state.close();
    throw thrown;
  });
  const { url } = gateway;
  let refreshing: Promise<void> = Promise.resolve();
  const remount = async (): Promise<void> => {
    const wanted = offered();
    if (wanted.length === mounted.length && wanted.every((one, index) => one === mounted[index])) return;
    mounted = wanted;
    // The address is wanted again at once: clients send what is cut off once more.
    await gateway.close({ drainMs: 0 });
    gateway = await listen(parts, { port: Number(new URL(url).port), ...shared, ...offerOf(parts, mcp) });
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
      await state.close();
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
  options: Offered & Pick<GatewayOptions, "port" | "readiness"> & { readonly state?: GatewayState },
): Promise<Gateway> {
  const { host, hosts, trustedProxies, accessToken, trustedToken, tls, cors, csp, limits } = loaded.config.gateway;
  const { bodyLimit, compression, drainSeconds } = loaded.config.gateway;
  return await createGateway({
    host,
    hosts,
    trustedProxies,
    limits: { address: limits.perAddress, person: limits.perPerson, key: limits.perKey },
    browsers: { corsOrigins: cors, contentSources: csp.sources, frameAncestors: csp.frameAncestors },
    bodyLimit,
    compression,
    drainMs: drainSeconds * 1_000,
    ...(tls === undefined ? {} : { tls: inFolder(tls, loaded.directory) }),
    ...(accessToken === undefined ? {} : { accessToken: () => accessToken.reveal() }),
    ...(trustedToken === undefined ? {} : { trustedToken: () => trustedToken.reveal() }),
    ...options,
    metrics: observed.expose,
    version: packageVersion(),
    newId: environment.newId,
    log: telemetry.log,
  });
}

/** Paths are read from where the configuration is. */
function inFolder<Files extends { readonly certificate: string; readonly key: string }>(
  files: Files,
  directory: string,
): Files {
  return { ...files, certificate: resolve(directory, files.certificate), key: resolve(directory, files.key) };
}
