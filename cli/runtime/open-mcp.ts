/** The bots' tools for MCP clients: at the gateway, and over stdio. */
import { randomBytes } from "node:crypto";
import { needPackages } from "../../core/config/missing-package.ts";
import { ParleyError } from "../../core/errors.ts";
import type { Files } from "../../core/files/files.ts";
import type { HttpRoute } from "../../core/http.ts";
import { botServers, createMcpEndpoint, type McpEndpoint, mcpRoutes, type ServedBot } from "../../gateway/mcp/index.ts";
import type { Bots } from "./bots.ts";
import { MCP_KEY as KEY } from "./mcp-key.ts";
import type { Shared } from "./shared.ts";

const PACKAGE = "@modelcontextprotocol/server";

export interface OpenMcp {
  /** The same ones until the bots are others. */
  readonly routes: () => readonly HttpRoute[];
  readonly close: () => Promise<void>;
}

/** Routes of every bot, where the configuration wants them. Throws `package/missing`. */
export function openMcp(parts: Pick<Shared, "loaded" | "bots" | "environment" | "store" | "files">): OpenMcp {
  const { gateway } = parts.loaded.config;
  if (!gateway.mcp) return { routes: () => [], close: async () => undefined };
  needPackages("gateway.mcp", [PACKAGE]);
  const endpoints = new Map<string, Promise<McpEndpoint>>();
  const endpoint = async (bot: string): Promise<McpEndpoint> => {
    const known = endpoints.get(bot) ?? openEndpoint(parts, bot);
    endpoints.set(bot, known);
    return await known;
  };
  let made: { readonly of: string; readonly routes: readonly HttpRoute[] } = { of: "", routes: [] };
  return {
    routes: () => {
      const bots = parts.bots.all().map(({ config }) => config.id);
      const of = bots.join();
      if (made.of !== of) made = { of, routes: mcpRoutes({ bots, endpoint }) };
      return made.routes;
    },
    close: async () => {
      for (const one of endpoints.values()) await (await one).close();
    },
  };
}

async function openEndpoint(parts: Pick<Shared, "bots" | "environment" | "store" | "files">, bot: string) {
  const sdk = await import("@modelcontextprotocol/server");
  return createMcpEndpoint(sdk, await serversOf(parts, bot));
}

/** What makes the servers of a bot, for a session or a request of one user. */
export async function serversOf(parts: Pick<Shared, "bots" | "environment" | "store" | "files">, bot: string) {
  needPackages("parley mcp", [PACKAGE]);
  const sdk = await import("@modelcontextprotocol/server");
  const { environment, store, files, bots } = parts;
  return botServers(sdk, {
    bot: () => servedBot(bots, bot),
    environment,
    store,
    stateKey: await stateKey(files),
  });
}

function servedBot(bots: Pick<Bots, "find">, id: string): ServedBot {
  const bot = bots.find(id);
  if (bot === undefined) throw new ParleyError("mcp/unknown-bot", `There is no bot "${id}" any more.`, { status: 404 });
  const { name, locale } = bot.config;
  return { id, name, locale, toolset: bot.toolset };
}

/** Made by whichever process is first. */
async function stateKey(files: Files): Promise<Uint8Array> {
  await files.put(KEY, randomBytes(32), { ifAbsent: true });
  const key = await files.get(KEY);
  if (key?.byteLength === 32) return key;
  throw new ParleyError("mcp/key", `The file ${KEY} in ${files.place} is damaged. Remove it; it is made anew.`);
}
