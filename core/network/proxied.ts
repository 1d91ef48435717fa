/** Clients that go through a proxy. */
import { Agent as DirectDispatcher, Dispatcher, ProxyAgent } from "undici";
import { type ProxyRules, proxyFor } from "./rules.ts";

export { HttpsProxyAgent } from "https-proxy-agent";

/** Sends each request directly or through its proxy. */
export class RoutedDispatcher extends Dispatcher {
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
