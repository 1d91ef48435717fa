/** What of a server's tools is offered to the bot: those that are now as they were approved. */
import type { OpenContext } from "../../core/bot.ts";
import type { Check } from "../../core/check.ts";
import { describeError } from "../../core/errors.ts";
import type { SentCalls } from "../../core/store/sent-calls.ts";
import type { Logger } from "../../core/telemetry.ts";
import type { Tool } from "../../core/tool.ts";
import { canonicalJson } from "../canonical-json.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Visit } from "./login.ts";
import { type ApprovedTool, hashOf, type Pins, type ServerTool } from "./pins.ts";
import { createServer, type McpServer } from "./server.ts";
import { type ServerSettings, targetOf } from "./settings.ts";
import { faultOf, mcpTool, type ToolParts } from "./tool.ts";

/** A tool as an admin sees it. */
export interface ToolState {
  readonly tool: string;
  /** `unusable`: its schema cannot be offered. `gone`: it was approved, and the server has it no more. */
  readonly state: "approved" | "new" | "changed" | "gone" | "left out" | "unusable";
  readonly description: string;
  /** What it was called when it was approved, where that is something else. */
  readonly approvedDescription?: string;
}

export interface ServerOffer {
  readonly name: string;
  /** What is offered now; the same objects until something changes. */
  readonly tools: () => readonly Tool[];
  /** Reads what was approved, and connects. A server that cannot be reached is logged and tried again later. */
  readonly begin: () => Promise<void>;
  /** Connects again where it is time, and reads approvals of other processes. Never throws. */
  readonly lookAgain: () => Promise<void>;
  /** Every tool with its state, asked of the server now. Throws where it cannot be reached. */
  readonly states: () => Promise<readonly ToolState[]>;
  /** Approves a tool as it is now, or all of them; gives their names. */
  readonly approve: (tool?: string) => Promise<readonly string[]>;
  readonly check: () => Check;
  readonly close: () => Promise<void>;
}

interface OfferOptions {
  readonly name: string;
  readonly settings: ServerSettings;
  readonly pins: Pins;
  readonly calls: SentCalls;
  readonly context: OpenContext;
  /** A login that is needed is made. */
  readonly visit?: Visit;
}

interface Offer {
  /** What `tools` were made of. */
  made: string;
  approved: ReadonlyMap<string, ApprovedTool>;
  tools: readonly Tool[];
}

/** Opens nothing yet. */
export function openOffer(options: OfferOptions): ServerOffer {
  const { name, settings, calls, context } = options;
  const { log } = context.telemetry;
  const offer: Offer = { made: "", approved: new Map(), tools: [] };
  const server: McpServer = createServer({
    name,
    settings,
    bot: context.bot.id,
    configDirectory: context.configDirectory,
    files: context.files,
    network: context.network,
    visit: options.visit,
    environment: context.environment,
    log,
    onTools: async () => await refresh(offer, parts, options),
  });
  const hosts = new Set(context.bot.linkHosts);
  const parts: ToolParts = {
    name,
    settings,
    server,
    calls,
    hosts,
    isApproved: (tool) => isApproved(tool, offer, parts),
  };
  const quietly = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (thrown) {
      log.warn({ server: name, error: describeError(thrown) }, "an MCP server cannot be reached; tried again later");
    }
  };
  return {
    name,
    tools: () => offer.tools,
    begin: async () => {
      await refresh(offer, parts, options);
      await quietly(server.look);
    },
    lookAgain: async () => {
      await quietly(async () => await (server.isDue() ? server.look() : refresh(offer, parts, options)));
    },
    states: async () => {
      const live = await server.look();
      return statesOf(live, offer, (tool) =>
        isWanted(tool.name, settings) ? usable(tool, parts, log).length > 0 : undefined,
      );
    },
    approve: async (tool) => {
      const live = await server.look();
      const chosen = live.filter((one) => tool === undefined || one.name === tool);
      await options.pins.approve(pinnedOf(options), chosen);
      await refresh(offer, parts, options);
      return chosen.map((one) => one.name);
    },
    check: () => checkOf(parts, offer),
    close: server.close,
  };
}

function pinnedOf({ name, settings }: OfferOptions) {
  return { server: name, target: canonicalJson({ ...targetOf(settings) }) };
}

/** Makes the tools anew, where what was approved or what the server has is not what they were made of. */
async function refresh(offer: Offer, parts: ToolParts, options: OfferOptions): Promise<void> {
  const { name, settings, pins, context } = options;
  const { log } = context.telemetry;
  const live = parts.server.tools();
  offer.approved = await pins.approved(pinnedOf(options));
  if (offer.approved.size === 0 && live !== undefined && live.length > 0) {
    // The admin named this server: what it has at first contact is what they meant.
    await pins.approve(pinnedOf(options), live);
    offer.approved = await pins.approved(pinnedOf(options));
    log.info({ server: name, tools: live.length }, "the tools of an MCP server were approved at first contact");
  }
  const made = madeOf(offer, live);
  if (made === offer.made) return;
  offer.made = made;
  offer.tools = [...offer.approved.values()].flatMap(({ definition }) =>
    isApproved(definition.name, offer, parts) ? usable(definition, parts, log) : [],
  );
  const withheld = (live ?? []).filter(
    (tool) => isWanted(tool.name, settings) && !isApproved(tool.name, offer, parts),
  ).length;
  if (withheld > 0)
    log.warn({ server: name, withheld }, "new or changed tools of an MCP server wait for: parley mcp approve");
}

function isWanted(tool: string, { only }: ServerSettings): boolean {
  return only?.includes(tool) ?? true;
}

function madeOf({ approved }: Offer, live: readonly ServerTool[] | undefined): string {
  const pins = [...approved.values()].map(({ definition }) => hashOf(definition));
  return JSON.stringify([pins, live?.map(hashOf)]);
}

/** What a server that was not reached yet has, is taken to be what was approved. */
function isApproved(tool: string, { approved }: Offer, { server, settings }: ToolParts): boolean {
  const pin = approved.get(tool);
  if (pin === undefined || !isWanted(tool, settings)) return false;
  const live = server.tools();
  const now = live?.find(({ name }) => name === tool);
  return live === undefined || (now !== undefined && hashOf(now) === hashOf(pin.definition));
}

function usable(definition: ServerTool, parts: ToolParts, log: Logger): readonly Tool[] {
  try {
    return [mcpTool(definition, parts)];
  } catch (thrown) {
    log.warn({ server: parts.name, error: describeError(thrown) }, "a tool of an MCP server is left out");
    return [];
  }
}

function statesOf(
  live: readonly ServerTool[],
  { approved }: Offer,
  /** Undefined where the configuration leaves it out. */
  isUsable: (tool: ServerTool) => boolean | undefined,
): readonly ToolState[] {
  const present = live.map((tool): ToolState => {
    const pin = approved.get(tool.name)?.definition;
    const description = cleanText(tool.description, 300);
    const can = isUsable(tool);
    if (can !== true) return { tool: tool.name, description, state: can === undefined ? "left out" : "unusable" };
    if (pin === undefined) return { tool: tool.name, description, state: "new" };
    if (hashOf(pin) === hashOf(tool)) return { tool: tool.name, description, state: "approved" };
    const approvedDescription = cleanText(pin.description, 300);
    return { tool: tool.name, description, state: "changed", approvedDescription };
  });
  const gone = [...approved.values()].filter(({ definition }) => !live.some(({ name }) => name === definition.name));
  const absent = gone.map(({ definition: { name, description } }): ToolState => {
    return { tool: name, description: cleanText(description, 300), state: "gone" };
  });
  return [...present, ...absent];
}

function checkOf({ name, server, settings }: ToolParts, { tools }: Offer): Check {
  const failure = server.failure();
  const check = `mcp ${name}`;
  const live = server.tools();
  if (failure !== undefined || live === undefined) {
    const detail = failure?.message ?? "was not reached yet";
    const remedy = "Start the server, or correct its entry in mcp({ … }). Its tools fail until then; others work.";
    return { name: check, status: "warning", detail, remedy };
  }
  const faults = live.flatMap((tool) => {
    const fault = isWanted(tool.name, settings) ? faultOf(tool) : undefined;
    return fault === undefined ? [] : [`${JSON.stringify(cleanText(tool.name, 80))}: ${fault}`];
  });
  const withheld = live.length - tools.length - faults.length;
  const detail = [
    `${tools.length} tools`,
    ...(withheld > 0 ? [`${withheld} are new, changed or left out`] : []),
    ...(faults.length > 0 ? [`${faults.length} cannot be offered (${faults.join("; ")})`] : []),
  ].join("; ");
  if (withheld <= 0 && faults.length === 0) return { name: check, status: "ok", detail };
  const remedies = [
    ...(withheld > 0
      ? ["Look at them: parley mcp tools. Approve what you trust: parley mcp approve <server> [tool]."]
      : []),
    ...(faults.length > 0 ? ["Tell whoever makes the server; its other tools work."] : []),
  ];
  return { name: check, status: "warning", detail, remedy: remedies.join(" ") };
}
