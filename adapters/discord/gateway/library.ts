import { createRequire } from "node:module";
import type * as library from "discord.js";
import type { Identity, Network } from "../../../adapter.ts";
import { directNetwork } from "../../../adapter.ts";

/** discord.js as a value: it is loaded when an account connects, so that a bot without Discord does not pay for it. */
export type Discord = typeof library;

const state = { network: directNetwork };

/**
 * Loads discord.js. Its calls of the API go through the network of the process by themselves. Its gateway has no setting
 * for a proxy and takes the class of its sockets from `ws` once, while it loads: it is handed one that asks the network.
 */
export async function loadDiscord(network: Network = directNetwork): Promise<Discord> {
  state.network = network;
  const { WebSocket } = await import("ws");
  class RoutedSocket extends WebSocket {
    constructor(...[address, protocols, options]: ConstructorParameters<typeof WebSocket>) {
      const agent = address === null ? undefined : state.network.agentFor(address);
      super(address, protocols, { ...options, ...(agent !== undefined && { agent }) });
    }
  }
  const sockets = socketsOfTheLibrary();
  const original: unknown = Reflect.get(sockets, "WebSocket");
  Reflect.set(sockets, "WebSocket", RoutedSocket);
  try {
    return await import("discord.js");
  } finally {
    Reflect.set(sockets, "WebSocket", original);
  }
}

/** The bot's own account; nothing is known of it before it is logged in. */
export function identityOf({ user }: Pick<library.Client, "user">): Identity {
  return user === null ? { userIds: [] } : { userIds: [user.id], name: user.username };
}

/** The module `ws` as the gateway's package sees it. */
function socketsOfTheLibrary(): object {
  const here = createRequire(import.meta.url);
  const discord = createRequire(here.resolve("discord.js"));
  const found: unknown = createRequire(discord.resolve("@discordjs/ws"))("ws");
  if (typeof found !== "function") throw new TypeError("discord.js has other sockets than it had. That is a bug.");
  return found;
}
