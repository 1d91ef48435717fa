/** The configured bots with their crews and tools opened; swapped one by one when the configuration changes. */
import type { BotConfig, OpenContext, OpenToolPack } from "../../core/bot.ts";
import type { Check } from "../../core/check.ts";
import type { Running } from "../../core/broker/broker.ts";
import type { LoadedConfig } from "../../core/config/index.ts";
import type { Pruned, RetentionPolicy } from "../../core/retention.ts";
import { describeError, ParleyError } from "../../core/errors.ts";
import type { HttpRoute } from "../../core/http.ts";
import { createAnswerCache } from "../../core/turn/answer-cache.ts";
import type { RunningBot } from "../../core/turn/running-bot.ts";
import { createToolset } from "../../tools/index.ts";
import { dataDirectoryOf } from "./data-directory.ts";
import { openPart } from "./open-part.ts";

export interface Bots {
  readonly find: (id: string) => RunningBot | undefined;
  readonly all: () => readonly RunningBot[];
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

type BotContext = Pick<OpenContext, "environment" | "telemetry" | "store" | "topics" | "network">;

interface OpenBot {
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
  const dataDirectory = dataDirectoryOf(loaded);
  const { id, name, locale, timeZone } = config;
  const openContext: OpenContext = {
    ...context,
    bot: { id, name, locale, timeZone },
    dataDirectory,
    configDirectory: loaded.directory,
  };
  const packs: OpenToolPack[] = [];
  const { log } = context.telemetry;
  for (const pack of config.tools) {
    const needs = ({ tools, close }: OpenToolPack) => Array.isArray(tools) && typeof close === "function";
    packs.push(
      await openPart(
        { bot: id, kind: "tool pack", name: pack.name },
        { open: async () => await pack.open(openContext), needs, log },
      ),
    );
  }
  const services = new Map(
    packs.flatMap((pack, index) => pack.tools.map((tool) => [tool.name, config.tools[index]?.name])),
  );
  const toolset = await createToolset({
    bot: id,
    tools: packs.flatMap(({ tools }) => tools),
    serviceOf: ({ name: tool }) => services.get(tool) ?? tool,
    dataDirectory,
    environment: context.environment,
    telemetry: context.telemetry,
  });
  const crew = await openPart(
    { bot: id, kind: "crew", name: config.crew.name },
    { open: async () => await config.crew.open(openContext), needs: ({ run }) => typeof run === "function", log },
  );
  const { cacheSeconds: seconds } = config.policies;
  const cache = seconds === 0 ? {} : { cache: createAnswerCache({ clock: context.environment.clock, seconds }) };
  const work: Running[] = [];
  return {
    running: { config, crew, toolset, packs, ...cache },
    prune: toolset.prune,
    startWork: () => work.push(...packs.flatMap((pack) => pack.work?.() ?? [])),
    routes: packs.flatMap((pack) => pack.routes ?? []),
    check: async () => {
      const checks = await Promise.all(packs.map(async (pack) => (await pack.check?.()) ?? []));
      return [...checks.flat(), ...(await toolset.check())];
    },
    close: async () => {
      await Promise.all(work.map(async (running) => await running.close()));
      await crew.close();
      await toolset.close();
      for (const pack of packs) await pack.close();
    },
  };
}

async function closeQuietly(bot: OpenBot, { telemetry }: BotContext): Promise<void> {
  try {
    await bot.close();
  } catch (thrown) {
    telemetry.log.warn({ bot: bot.running.config.id, error: describeError(thrown) }, "a bot did not close cleanly");
  }
}
