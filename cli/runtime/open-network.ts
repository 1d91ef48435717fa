import type { LoadedConfig } from "../../core/config/index.ts";
import { createNetwork, routeFetch, type Network } from "../../core/network/network.ts";

/** The network of this process, for every `fetch` as well. This installation's own gateway is reached directly. */
export async function openNetwork({ config }: LoadedConfig): Promise<Network> {
  const { gateway, network } = config;
  const own = [gateway.host, "127.0.0.1", "localhost"].map((host) => `${host}:${gateway.port}`);
  const opened = await createNetwork({ ...network, direct: [...network.direct, ...own] });
  await routeFetch(opened);
  return opened;
}
