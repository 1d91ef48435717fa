/** The configured bots with their crews and tools opened; swapped one by one when the configuration changes. */
import type { BotConfig, CrewContext, OpenContext, OpenToolPack, PackNews } from "../../core/bot.ts";
import type { Check } from "../../core/check.ts";
import type { Broker, Running } from "../../core/broker/broker.ts";
import { describeConfig, type LoadedConfig } from "../../core/config/index.ts";
import { packageVersion } from "../../core/package-directory.ts";
import type { Pruned, RetentionPolicy } from "../../core/retention.ts";
import { nearest } from "../../core/config/nearest.ts";
import { describeError, ParleyError } from "../../core/errors.ts";
import { createHandOverDesk, type HandOverDeskOptions } from "../../core/hand-over/index.ts";
import type { HttpRoute } from "../../core/http.ts";
import { type AnswerCache, createAnswerCache, createSharedAnswerCache } from "../../core/turn/answer-cache.ts";
import type { RunningBot } from "../../core/turn/running-bot.ts";
import type { DescribedTool, Tool } from "../../core/tool.ts";
import type { ServedBot } from "../../gateway/services/index.ts";
import { createToolset, handOverTool } from "../../tools/index.ts";
import { dataDirectoryOf } from "./data-directory.ts";
import { openPart } from "./open-part.ts";

export interface Bots {
  readonly find: (id: string) => RunningBot | undefined;
  readonly all: () => readonly RunningBot[];
  /** With their tools, as they are described to models. */
  readonly served: () => readonly ServedBot[];
  readonly routes: () => readonly HttpRoute[];
  readonly check: () => Promise<readonly Check[]>;
  /** Deletes what the bots' tools keep longer than allowed. */
  readonly prune: (policy: RetentionPolicy) => Promise<Pruned>;
  /** Starts the tool packs' work in the background, of bots that are opened later too. */
  readonly startWork: () => void;
  /** Opens what is new or changed, closes what is gone. A failure leaves everything as it was. */
  readonly reload: (loaded: LoadedConfig) => Promise<void>;
  readonly close: () => Promise<void>;
}

interface BotContext extends Pick<
  OpenContext,
  "environment" | "telemetry" | "store" | "databases" | "files" | "topics" | "network" | "leavesWork"
> {
  /** Keeps answers for a while, and tells people of conversations that are handed over to them. */
  readonly broker?: Pick<Broker, "remember" | "recall" | "send">;
  readonly announce?: (bot: string, news: PackNews) => Promise<void>;
}

interface OpenBot {
  readonly tools: () => readonly DescribedTool[];
  readonly prune: (policy: RetentionPolicy) => Promise<Pruned>;
  readonly running: RunningBot;
  readonly routes: readonly HttpRoute[];
  readonly check: () => Promise<readonly Check[]>;
  readonly startWork: () => void;
  readonly close: () => Promise<void>;
}

/** Opens every bot of the configuration. */
export async function openBots(loaded: LoadedConfig, context: BotContext): Promise<Bots> {
  let open = await openAll(loaded, context);
  let isWorking = false;
  const startWork = (): void => {
    if (isWorking) for (const bot of open.values()) bot.startWork();
  };
  return {
    find: (id) => open.get(id)?.running,
    all: () => [...open.values()].map(({ running }) => running),
    served: () => [...open.values()].map(({ running, tools }) => ({ ...running, tools: tools() })),
    routes: () => onePerPath([...open.values()].flatMap(({ routes }) => routes)),
    check: async () => (await Promise.all([...open.values()].map(async ({ check }) => await check()))).flat(),
    prune: async (policy) => {
      // They share their files: what the first one prunes is pruned for all.
      const [first] = open.values();
      return (await first?.prune(policy)) ?? {};
    },
    startWork: () => {
      isWorking = true;
      startWork();
    },
    reload: async (next) => {
      const before = open;
      open = await openAll(next, context);
      startWork();
      // Turns in hand finish on the old crew and tools; new ones start on the new.
      for (const bot of before.values()) await closeQuietly(bot, context);
    },
    close: async () => {
      for (const bot of open.values()) await closeQuietly(bot, context);
    },
  };
}

/** Several bots with the same kind of tools: a path that each of them has by itself is served by none of them. */
function onePerPath(routes: readonly HttpRoute[]): readonly HttpRoute[] {
  const byPath = new Map<string, [HttpRoute, ...HttpRoute[]]>();
  for (const route of routes) {
    const key = `${route.method} ${route.path}`;
    const same = byPath.get(key);
    if (same === undefined) byPath.set(key, [route]);
    else same.push(route);
  }
  return [...byPath.values()].map(([first, ...others]) => {
    const names = [first, ...others].flatMap(({ sharedBy }) => sharedBy ?? []);
    return others.length === 0 || names.length === 0 ? first : refusing(first, names);
  });
}

/** Which bot is meant cannot be told from the address. */
function refusing(route: HttpRoute, names: readonly NonNullable<HttpRoute["sharedBy"]>[]): HttpRoute {
  const addresses = names.map(({ bot, named }) => `${bot}: ${named}`).join("; ");
  return {
    ...route,
    handle: async () => {
      throw new ParleyError("gateway/ambiguous-bot", `Several bots answer here; say which one is meant. ${addresses}`, {
        status: 400,
      });
    },
  };
}

async function openAll(loaded: LoadedConfig, context: BotContext): Promise<Map<string, OpenBot>> {
  const opened = new Map<string, OpenBot>();
  try {
    for (const [id, config] of Object.entries(loaded.config.bots))
      opened.set(id, await openBot(config, loaded, context));
    return opened;
  } catch (thrown) {
    for (const bot of opened.values()) await closeQuietly(bot, context);
    throw thrown;
  }
}

async function openBot(config: BotConfig, loaded: LoadedConfig, context: BotContext): Promise<OpenBot> {
  const { id, timeZone } = config;
  const openContext = contextOf(config, loaded, context);
  const { log } = context.telemetry;
  const packs = await openPacks(config, openContext);
  const services = new Map(
    packs.flatMap((pack, index) => pack.tools.map((tool) => [tool.name, config.tools[index]?.name])),
  );
  const toolset = await createToolset({
    bot: id,
    tools: [...packs.flatMap(({ tools }) => tools), ...handOverOf(config, context)],
    ...changingOf(packs),
    serviceOf: ({ name: tool }) => services.get(tool) ?? tool,
    databases: context.databases,
    files: context.files,
    environment: context.environment,
    telemetry: context.telemetry,
    leavesWork: context.leavesWork ?? false,
    evidence: config.tools.flatMap(({ evidence }) => evidence?.(context.databases) ?? []),
    entities: packs.flatMap(({ entities }) => entities ?? []),
    timeZone,
  });
  const crewContext: CrewContext = {
    ...openContext,
    tools: toolset.tools,
    intents: intentsOf(config, toolset.tools),
    requests: async () => (await Promise.all(packs.map(async ({ requests }) => (await requests?.()) ?? []))).flat(),
  };
  const crew = await openPart(
    { bot: id, kind: "crew", name: config.crew.name },
    { open: async () => await config.crew.open(crewContext), needs: ({ run }) => typeof run === "function", log },
  );
  const work: Running[] = [];
  return {
    running: {
      config,
      crew,
      toolset,
      packs,
      ...cacheOf(config, loaded, { environment: context.environment, broker: context.broker }),
    },
    tools: () => toolset.tools,
    prune: toolset.prune,
    startWork: () => work.push(...packs.flatMap((pack) => pack.work?.() ?? [])),
    routes: packs.flatMap((pack) => pack.routes ?? []),
    check: async () => {
      const checks = await Promise.all(packs.map(async (pack) => (await pack.check?.()) ?? []));
      return [...checks.flat(), ...(await toolset.check()), ...((await crew.check?.()) ?? [])];
    },
    close: async () => {
      await Promise.all(work.map(async (running) => await running.close()));
      await crew.close();
      await toolset.close();
      for (const pack of packs) await pack.close();
    },
  };
}

/** What its crew and packs are opened with. */
function contextOf(config: BotConfig, loaded: LoadedConfig, context: BotContext): OpenContext {
  const { id, name, locale, timeZone, policies } = config;
  const { broker: _broker, announce, ...parts } = context;
  return {
    ...parts,
    ...(announce && { announce: async (news: PackNews) => await announce(id, news) }),
    bot: {
      id,
      name,
      locale,
      timeZone,
      linkHosts: policies.links.hosts,
      showsPersonalData: policies.privacy.prompts === "plain",
    },
    dataDirectory: dataDirectoryOf(loaded),
    configDirectory: loaded.directory,
  };
}

/** The tool that hands conversations over to people. Where nothing is sent (`doctor`) it is there to be looked at. */
function handOverOf(
  { id, policies: { handOver } }: BotConfig,
  { store, broker, environment, telemetry }: BotContext,
): readonly Tool[] {
  if (handOver === undefined) return [];
  const silent: HandOverDeskOptions["broker"] = { send: async () => {} };
  const desk = createHandOverDesk({ store, broker: broker ?? silent, environment, telemetry });
  return [handOverTool({ bot: id, policy: handOver, desk })];
}

/** Tools that come and go, where a pack has such. */
function changingOf(packs: readonly OpenToolPack[]) {
  if (packs.every(({ changing }) => changing === undefined)) return {};
  return { changing: () => packs.flatMap(({ changing }) => changing?.() ?? []) };
}

async function openPacks({ id, tools }: BotConfig, context: OpenContext): Promise<readonly OpenToolPack[]> {
  const packs: OpenToolPack[] = [];
  const { log } = context.telemetry;
  for (const pack of tools) {
    const needs = ({ tools: own, close }: OpenToolPack) => Array.isArray(own) && typeof close === "function";
    packs.push(
      await openPart(
        { bot: id, kind: "tool pack", name: pack.name },
        { open: async () => await pack.open(context), needs, log },
      ),
    );
  }
  return packs;
}

/** The bot's own requests. Throws where one of them needs a tool that the bot does not have. */
function intentsOf({ id, intents }: BotConfig, tools: readonly Pick<Tool, "name" | "purpose">[]): BotConfig["intents"] {
  const names = tools.map(({ name }) => name);
  const hasDocuments = tools.some(({ purpose }) => purpose === "documents");
  for (const [intent, { tool, documents }] of Object.entries(intents)) {
    if (documents === true && !hasDocuments)
      throw new ParleyError(
        "config/no-documents",
        `bots.${id}.intents.${intent}.documents: the bot has no documents to answer from. Add documents({ directory: "docs" }) to its tools.`,
      );
    if (tool === undefined || names.includes(tool)) continue;
    const near = nearest(tool, names);
    const fix = near === undefined ? `There is: ${names.join(", ") || "none"}.` : `Did you mean ${near}?`;
    const at = `bots.${id}.intents.${intent}.tool`;
    throw new ParleyError("config/unknown-tool", `${at}: the bot has no tool ${JSON.stringify(tool)}. ${fix}`);
  }
  return intents;
}

/** Processes that share a Redis share their answers, as long as they have the same version and configuration of the bot. */
function cacheOf(
  { id, policies: { cacheSeconds: seconds } }: BotConfig,
  { config }: LoadedConfig,
  { environment, broker }: Pick<BotContext, "environment"> & { readonly broker: BotContext["broker"] },
): { readonly cache?: AnswerCache } {
  if (seconds === 0) return {};
  if (broker === undefined || config.broker.kind === "embedded")
    return { cache: createAnswerCache({ clock: environment.clock, seconds }) };
  const scope = JSON.stringify([id, packageVersion(), describeConfig(config)["bots"]]);
  return { cache: createSharedAnswerCache({ broker, scope, seconds }) };
}

async function closeQuietly(bot: OpenBot, { telemetry }: BotContext): Promise<void> {
  try {
    await bot.close();
  } catch (thrown) {
    telemetry.log.warn({ bot: bot.running.config.id, error: describeError(thrown) }, "a bot did not close cleanly");
  }
}
