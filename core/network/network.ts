/** How this process reaches others: directly, or through the proxies that settings and environment name. */
import type { Agent } from "node:http";
import { HttpsProxyAgent } from "https-proxy-agent";
import { Agent as DirectDispatcher, Dispatcher, ProxyAgent, setGlobalDispatcher } from "undici";
import type { Secret } from "../config/secret.ts";
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

/** Makes the network of a process. Every connection through a proxy is a tunnel (CONNECT), also for http. */
export function createNetwork(rules: ProxyRules): Network {
  const agents = new Map<string, Agent>();
  const isSet = rules.http !== undefined || rules.https !== undefined;
  return {
    dispatcher: isSet ? new RoutedDispatcher(rules) : undefined,
    agentFor: (address) => {
      const proxy = proxyFor(rules, address)?.reveal();
      if (proxy === undefined) return undefined;
      const agent = agents.get(proxy) ?? new HttpsProxyAgent(proxy);
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
export const directNetwork: Network = createNetwork({ direct: [] });

/** Routes every `fetch` of this process, and the clients that use undici, through the network. */
export function routeFetch({ dispatcher }: Network): void {
  if (dispatcher !== undefined) setGlobalDispatcher(dispatcher);
}

/** Sends each request directly or through its proxy. */
class RoutedDispatcher extends Dispatcher {
  readonly #rules: ProxyRules;
  readonly #direct = new DirectDispatcher();
  readonly #proxies = new Map<string, ProxyAgent>();

  constructor(rules: ProxyRules) {
    super();
    this.#rules = rules;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const proxy = options.origin === undefined ? undefined : proxyFor(this.#rules, options.origin)?.reveal();
    return (proxy === undefined ? this.#direct : this.#proxy(proxy)).dispatch(options, handler);
  }

  #proxy(address: string): ProxyAgent {
    const proxy = this.#proxies.get(address) ?? new ProxyAgent(address);
    this.#proxies.set(address, proxy);
    return proxy;
  }
}

function serverOf(proxy: Secret): string {
  const { protocol, host } = new URL(proxy.reveal());
  return `${protocol}//${host}`;
}
