/** Requests to MCP servers: no address of a private network unless the admin allowed it, checked where it is connected to. */
import { isIP } from "node:net";
import { Agent } from "undici";
import { isPublicAddress } from "../../core/attachments/public-address.ts";
import { ParleyError } from "../../core/errors.ts";
import { lookupWith, type Resolve, systemResolve } from "../../core/network/lookup.ts";
import type { Network } from "../../core/network/network.ts";

/** A `fetch` as the protocol's library takes it. */
export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

export interface GuardedFetch {
  readonly fetch: Fetch;
  readonly close: () => Promise<void>;
}

/**
 * Makes it. With `allowPrivate` it is `fetch` as it is. Otherwise only https to public addresses: all that a name stands
 * for are checked in the lookup that the connection uses. Throws `mcp/private-address`.
 */
export function createGuardedFetch(options: {
  readonly allowPrivate: boolean;
  readonly network: Network | undefined;
}): GuardedFetch {
  if (options.allowPrivate) return { fetch: async (url, init) => await fetch(url, init), close: async () => undefined };
  const agent = new Agent({ connect: { lookup: lookupWith(checkedResolve) } });
  return {
    fetch: async (address, init = {}) => {
      const url = new URL(address);
      if (url.protocol !== "https:") throw refused(`${url.protocol} is not https`);
      const host = url.hostname.replace(/^\[(.*)\]$/u, "$1");
      // The lookup is not asked about hosts that are addresses themselves.
      if (isIP(host) !== 0) checkAddress(host);
      if (options.network?.agentFor(url) === undefined) return await direct(url, init, agent);
      await checkBeforeProxy(host);
      return await fetch(url, init);
    },
    close: async () => await agent.close(),
  };
}

async function direct(url: URL, init: RequestInit, dispatcher: Agent): Promise<Response> {
  // Node's types of `fetch` are of another release of undici.
  const through: object = { dispatcher };
  try {
    return await fetch(url, { ...init, ...through });
  } catch (thrown) {
    const cause = thrown instanceof Error ? thrown.cause : undefined;
    throw cause instanceof ParleyError ? cause : thrown;
  }
}

const checkedResolve: Resolve = async (hostname) => {
  const addresses = await systemResolve(hostname);
  for (const { address } of addresses) checkAddress(address);
  return addresses;
};

/** A proxy looks the name up itself; what this machine knows of it is checked before. */
async function checkBeforeProxy(host: string): Promise<void> {
  const addresses = await systemResolve(host).catch(() => []);
  for (const { address } of addresses) checkAddress(address);
}

function checkAddress(address: string): void {
  if (!isPublicAddress(address)) throw refused("its address is not on the public internet");
}

function refused(why: string): ParleyError {
  return new ParleyError(
    "mcp/private-address",
    `An MCP server is not called: ${why}. Set allowPrivate: true for it in mcp({ … }) where that is meant.`,
    { status: 403 },
  );
}
