/** Tools of MCP servers: found, approved, called like every other tool. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { OpenContext, OpenToolPack, ToolPackFactory } from "../../core/bot.ts";
import type { Check } from "../../core/check.ts";
import { readSettings } from "../../core/config/check-settings.ts";
import { resolveSecrets } from "../../core/config/secret.ts";
import { openSentCalls, sentCallsTables } from "../../core/store/sent-calls.ts";
import { repeat } from "../../core/timing/beat.ts";
import { loginFiles, type Visit } from "./login.ts";
import { openOffer, type ServerOffer } from "./offer.ts";
import { mcpTables, openPins, type Pins } from "./pins.ts";
import { type McpInput, McpOptions, type McpSettings, missingForMcp, summaryOf } from "./settings.ts";

export { LOGIN_PORT, type Visit } from "./login.ts";
export type { McpInput } from "./settings.ts";
export type { ServerOffer, ToolState } from "./offer.ts";
export { toolName } from "./tool.ts";

/** How often a server that is down is tried again, and approvals of another process are looked for. */
const LOOK_MS = 10_000;

/** A pack of `mcp()`, as `parley mcp` finds it among a bot's tools. */
export interface McpPack extends ToolPackFactory {
  readonly kind: "mcp";
  /** Its servers without the bot: to look at their tools, approve them and, with `visit`, log in. Close it. */
  readonly openServers: (context: OpenContext, visit?: Visit) => Promise<OpenServers>;
}

export interface OpenServers {
  readonly servers: ReadonlyMap<string, ServerOffer>;
  readonly close: () => Promise<void>;
}

/** Whether a pack is one of `mcp()`. */
export function isMcpPack(pack: ToolPackFactory): pack is McpPack {
  return "kind" in pack && pack.kind === "mcp";
}

/**
 * Gives a bot the tools of MCP servers, as `server__tool`. A tool is called as it was approved: those that a server has at
 * first contact are; a new or changed one is not offered until `parley mcp approve`. Throws `SettingsError` for wrong settings.
 */
export function mcp(options: McpInput): McpPack {
  const settings = readSettings(McpOptions, options, "mcp");
  const openServers: McpPack["openServers"] = async (context, visit) => {
    const { servers, close } = await openParts(settings, context, visit);
    return { servers, close };
  };
  return {
    kind: "mcp",
    name: "mcp",
    summary: summaryOf(settings),
    missing: (place) => missingForMcp(settings, place),
    tables: async () => [mcpTables, sentCallsTables],
    files: [loginFiles],
    openServers,
    open: async (context) => await openPack(settings, context),
  };
}

async function openParts(settings: McpSettings, context: OpenContext, visit?: Visit) {
  const { databases, bot, environment, configDirectory } = context;
  const readFile = (path: string): string => readFileSync(resolve(configDirectory, path), "utf8").trim();
  const resolved = McpOptions.parse(resolveSecrets(settings, { environment: process.env, readFile }).value);
  const pins: Pins = await openPins(databases, bot.id, environment.clock);
  const calls = await openSentCalls(databases, bot.id, environment.clock);
  const servers = new Map<string, ServerOffer>();
  for (const [name, one] of Object.entries(resolved.servers))
    servers.set(name, openOffer({ name, settings: one, pins, calls, context, ...(visit && { visit }) }));
  const close = async (): Promise<void> => {
    await Promise.all([...servers.values()].map(async (one) => await one.close()));
    await calls.close();
    await pins.close();
  };
  return { servers, calls, close };
}

async function openPack(settings: McpSettings, context: OpenContext): Promise<OpenToolPack> {
  const { servers, calls, close } = await openParts(settings, context);
  const all = [...servers.values()];
  // At once, and a server that is down costs only its own tools.
  await Promise.all(all.map(async (one) => await one.begin()));
  const stop = repeat(() => {
    for (const one of all) void one.lookAgain();
  }, LOOK_MS);
  return {
    tools: [],
    changing: () => all.flatMap((one) => one.tools()),
    forget: calls.forget,
    check: async (): Promise<readonly Check[]> => all.map((one) => one.check()),
    close: async () => {
      stop();
      await close();
    },
  };
}
