/** For `doctor`: which proxies there are, and how each account reaches its platform. */
import type { BoundAdapter } from "../../core/adapter-binding.ts";
import type { Check } from "../../core/check.ts";
import type { LoadedConfig } from "../../core/config/index.ts";
import type { Network } from "../../core/network/network.ts";

/** Whether proxies are set, and what no proxy of HTTP can carry. */
export function checkNetwork({ config }: LoadedConfig): Check {
  const { http, https, direct } = config.network;
  if (http === undefined && https === undefined) {
    return { name: "network", status: "ok", detail: "no proxy is set: everything is reached directly" };
  }
  const proxies = [https && `https by ${https.from}`, http && `http by ${http.from}`].filter(Boolean).join(", ");
  const exceptions = direct.length === 0 ? "" : `; directly: ${direct.join(", ")}`;
  const redis = config.broker.kind === "redis" ? "; Redis is always reached directly: its client knows no proxy" : "";
  return { name: "network", status: "ok", detail: `proxies for ${proxies}${exceptions}${redis}` };
}

/** How what an account calls is reached; nothing where that is plain. */
export function describePaths(
  account: string,
  { addresses, attachmentHosts }: BoundAdapter,
  network: Network,
): Check[] {
  if (network.dispatcher === undefined) return [];
  const files = attachmentHosts.map((host) => ({ what: "files", address: `https://${host}` }));
  const paths = [...addresses, ...files].map(
    ({ what, address }) => `${what} ${new URL(address).host} ${network.describe(address)}`,
  );
  if (paths.length === 0) return [];
  return [{ name: `${account} network`, status: "ok", detail: paths.join("; ") }];
}
