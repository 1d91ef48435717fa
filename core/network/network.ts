/** How this process reaches others: directly, or through the proxies that settings and environment name. */
import type { Agent } from "node:http";
import type { Dispatcher } from "undici";
import type { Secret } from "../config/secret.ts";
import type * as Proxied from "./proxied.ts";
import { type ProxyRules, proxyFor } from "./rules.ts";

/** Handed to what calls others. `fetch` needs nothing of it: it is routed once for the whole process. */
export interface Network {
  /** For clients on Node's own http and for sockets of `ws`; undefined where the address is reached directly. */
  readonly agentFor: (address: string | URL) => Agent | undefined;
  /** For clients on undici that would not use the one of the process; undefined where no proxy is set. */
  readonly dispatcher: Dispatcher | undefined;
  /** The proxy for an address, with user and password for programs that take them apart. */
  readonly proxyOf: (
    address: string | URL,
  ) => { readonly server: string; readonly username: string; readonly password: string } | undefined;
  /** How an address is reached, in words and without credentials. */
  readonly describe: (address: string | URL) => string;
}

/**
 * Makes the network of a process. Every connection through a proxy is a tunnel (CONNECT), also for http. The clients for
 * proxies are large and only loaded where one is set.
 */
export async function createNetwork(rules: ProxyRules): Promise<Network> {
  const isSet = rules.http !== undefined || rules.https !== undefined;
  return networkOf(rules, isSet ? await import("./proxied.ts") : undefined);
}

function networkOf(rules: ProxyRules, proxied: typeof Proxied | undefined): Network {
  const agents = new Map<string, Agent>();
  return {
    dispatcher: proxied && new proxied.RoutedDispatcher(rules),
    agentFor: (address) => {
      const proxy = proxyFor(rules, address)?.reveal();
      if (proxy === undefined || proxied === undefined) return undefined;
      const agent = agents.get(proxy) ?? new proxied.HttpsProxyAgent(proxy);
      agents.set(proxy, agent);
      return agent;
    },
    proxyOf: (address) => {
      const proxy = proxyFor(rules, address);
      if (proxy === undefined) return undefined;
      const { username, password } = new URL(proxy.reveal());
      return {
        server: serverOf(proxy),
        username: decodeURIComponent(username),
        password: decodeURIComponent(password),
      };
    },
    describe: (address) => {
      const proxy = proxyFor(rules, address);
      return proxy === undefined ? "directly" : `through ${serverOf(proxy)} (${proxy.from})`;
    },
  };
}

/** Where nothing is configured: everything is reached directly. */
export const directNetwork: Network = networkOf({ direct: [] }, undefined);

/** Routes every `fetch` of this process, and the clients that use undici, through the network. */
export async function routeFetch({ dispatcher }: Network): Promise<void> {
  if (dispatcher === undefined) return;
  const { setGlobalDispatcher } = await import("undici");
  setGlobalDispatcher(dispatcher);
}

function serverOf(proxy: Secret): string {
  const { protocol, host } = new URL(proxy.reveal());
  return `${protocol}//${host}`;
}
