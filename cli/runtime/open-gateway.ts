import { packageVersion } from "../../core/package-directory.ts";
import { describeError } from "../../core/errors.ts";
import type { Gateway, Readiness } from "../../gateway/index.ts";
import { createGateway } from "../../gateway/index.ts";
import type { GatewayParts } from "./runtime.ts";

const BROKER_DEADLINE_MS = 1_000;

/** Starts the gateway over everything that adapters and tools offer. `PORT` and `HOST` win over the configuration. */
export async function openGateway(parts: GatewayParts): Promise<Gateway> {
  const { loaded, accounts, bots, observed, environment, telemetry } = parts;
  const { host, port, accessToken } = loaded.config.gateway;
  return await createGateway({
    host,
    port,
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
