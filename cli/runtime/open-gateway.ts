import { resolve } from "node:path";
import { packageVersion } from "../../core/package-directory.ts";
import type { HttpRoute } from "../../core/http.ts";
import type { NotifyAlert } from "../../gateway/identity/index.ts";
import type { Gateway } from "../../gateway/index.ts";
import { createGateway } from "../../gateway/index.ts";
import type { GatewayOptions, Readiness } from "../../gateway/options.ts";
import { callerOfUser } from "../../gateway/keyed-call.ts";
import { openGatewayState } from "../../gateway/state/index.ts";
import { deliveryRoutes, endpointRoutes, type Webhooks } from "../../gateway/webhooks/index.ts";
import type { Databases } from "../../core/store/databases.ts";
import type { Accounts } from "./accounts.ts";
import type { Observed } from "./observe.ts";
import { type OpenMcp, openMcp } from "./open-mcp.ts";
import { openIdentity, type OpenIdentity } from "./open-identity.ts";
import { wishesIn } from "../../agents/embedded/wishes.ts";
import { serviceRoutes } from "../../gateway/services/index.ts";
import { createActionHistory } from "../../tools/confirmation/action-history.ts";
import { actionTables } from "../../tools/registry/kept-tables.ts";
import { readinessOf } from "./readiness.ts";
import type { Shared } from "./shared.ts";

/** What the gateway needs besides. */
export interface GatewayParts extends Shared {
  readonly accounts: Accounts;
  readonly observed: Observed;
  readonly databases: Databases;
  readonly webhooks: Webhooks;
  readonly notify: NotifyAlert;
}

/** The gateway of a runtime: the same address, whatever is mounted. */
export interface RuntimeGateway extends Gateway, Pick<OpenIdentity, "firstOwnerLink"> {
  /** Mounts anew what adapters and tools offer, when it is not what is mounted: after a reload, or a late connection. */
  readonly refresh: () => Promise<void>;
}

/** Starts the gateway over everything that adapters and tools offer. */
export async function openGateway(parts: GatewayParts): Promise<RuntimeGateway> {
  const mcp = openMcp(parts);
  const { clock, newId } = parts.environment;
  const state = await openGatewayState(parts.databases, { clock, newId, log: parts.telemetry.log });
  const removed = async (userId: string): Promise<void> => void (await state.calls.forget(callerOfUser(userId)));
  const identity = await openIdentity({ ...parts, removed }).catch(async (thrown: unknown) => {
    await state.close();
    throw thrown;
  });
  const actions = parts.databases.open(actionTables.file);
  const closeShared = async (): Promise<void> => {
    await actions.close();
    await identity.close();
    await state.close();
  };
  const services = serviceRoutes({
    ...parts,
    wishesIn,
    bots: parts.bots.served,
    actions: createActionHistory(actions),
  });
  const fixed = [...identity.routes, ...webhookRoutes(parts), ...services];
  const offer = (): Offered => offerOf(parts, mcp, fixed);
  const offered = (): readonly unknown[] => Object.values(offer()).flat();
  let mounted = offered();
  const readiness = async (): Promise<Readiness> => await readinessOf(parts);
  const { port } = parts.loaded.config.gateway;
  const { identities, denied, firstOwnerLink } = identity;
  const shared = { readiness, state, identities, denied };
  let gateway = await listen(parts, { port, ...shared, ...offer() }).catch(async (thrown: unknown) => {
    await closeShared();
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
    gateway = await listen(parts, { port: Number(new URL(url).port), ...shared, ...offer() });
  };
  return {
    url,
    firstOwnerLink,
    refresh: async () => {
      refreshing = refreshing.then(remount, remount);
      await refreshing;
    },
    close: async () => {
      await refreshing.catch(() => undefined);
      await mcp.close();
      await gateway.close();
      await closeShared();
    },
  };
}

/** Health and metrics, of a process that has no gateway or cannot have one yet. */
export async function openHealth(
  parts: ListenParts,
  options: Pick<GatewayOptions, "port" | "readiness">,
): Promise<Gateway> {
  return await listen(parts, { ...options, routes: [], sockets: [], isHealthOnly: true });
}

type Offered = Pick<GatewayOptions, "routes" | "sockets">;
type ListenParts = Pick<GatewayParts, "loaded" | "observed" | "environment" | "telemetry">;

/** `fixed`: what stays the same after a reload. */
function offerOf({ accounts, bots }: GatewayParts, mcp: OpenMcp, fixed: readonly HttpRoute[]): Offered {
  return { routes: [...accounts.routes(), ...bots.routes(), ...mcp.routes(), ...fixed], sockets: accounts.sockets() };
}

function webhookRoutes({ webhooks, bots, environment: { clock } }: GatewayParts): readonly HttpRoute[] {
  const parts = { webhooks, clock, bots: () => bots.all().map(({ config }) => config.id) };
  return [...endpointRoutes(parts), ...deliveryRoutes(parts)];
}

async function listen(
  { loaded, observed, environment, telemetry }: ListenParts,
  options: Offered & Pick<GatewayOptions, "port" | "readiness" | "state" | "identities" | "denied" | "isHealthOnly">,
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
