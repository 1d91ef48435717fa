/** A bot of a configuration for a test: in this process, with a clock that stands still and nothing outside. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { CrewFactory } from "../../core/bot.ts";
import { type ConfigInput, type LoadedConfig, loadConfig, validateConfig } from "../../core/config/index.ts";
import { type TestClock, testClock, testEnvironment } from "../../core/testing/index.ts";
import type { TurnFacts } from "./facts.ts";
import { type Act, createPlayer } from "./player.ts";
import { botOf } from "../runtime/bot-of.ts";
import { openStage, type Stage } from "./stage.ts";

export interface StartBotOptions {
  /** The bot's id. @default the first one */
  readonly bot?: string;
  /** Instead of the configured crew, such as `crew({ model: scriptedModel([…]) })`. */
  readonly crew?: CrewFactory;
  /** @default Monday, 2026-01-05, 09:00 UTC */
  readonly clock?: TestClock;
  /** Variables that the configuration names with `env("…")`, beside those of the process. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Somebody who chats with the bot. */
export interface TestPerson {
  /** Says it, and waits for all that the bot answers. */
  readonly say: (text: string, more?: Pick<Act, "forward" | "file">) => Promise<TurnFacts>;
  /** Presses a button of the newest answer that has it: its label, or `confirm` or `cancel` of a proposal; `nth` from 1. */
  readonly press: (button: string, nth?: number) => Promise<TurnFacts>;
}

/** A bot that runs for a test. */
export interface TestBot {
  /** Stands still, but that ten seconds pass before each thing that a person does; `clock.now += 3_600_000` moves it. */
  readonly clock: TestClock;
  /** Somebody in a direct chat with the bot, or in a group; the same name is the same person. @default "person" */
  readonly person: (name?: string, place?: { readonly group?: string }) => TestPerson;
  /** Stops it and removes everything that it kept. */
  readonly close: () => Promise<void>;
}

/** People are not faster, and a rate limit is meant for those who are. */
const BETWEEN_ACTS_MS = 10_000;

/**
 * Starts a bot of a configuration (its path, or what `defineConfig` takes) without its accounts and with nothing in its
 * memory: real intake, queue, turn, tools and delivery on SQLite files in a temporary folder. Clock, ids and chance are the
 * same in each run. Close it after the test. Throws `ConfigError`, `cli/unknown-bot`, and what a tool pack or crew throws
 * that cannot be opened.
 */
export async function startBot(config: string | ConfigInput, options: StartBotOptions = {}): Promise<TestBot> {
  const loaded = await read(config, options.environment ?? {});
  const { clock = testClock() } = options;
  const configured = botOf(loaded, options.bot);
  const bot = {
    ...configured,
    crew: options.crew ?? configured.crew,
    // Nobody would let the time pass in which further messages may come.
    policies: { ...configured.policies, burstMs: 0 },
  };
  const directory = mkdtempSync(join(tmpdir(), "parley-test-"));
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  const stage = await openReady({ loaded, bot, environment: testEnvironment(clock), directory }).catch(
    (thrown: unknown) => {
      remove();
      throw thrown;
    },
  );
  const players = new Map<string, ReturnType<typeof createPlayer>>();
  const playerOf = (name: string) => {
    const player = players.get(name) ?? createPlayer(stage, name);
    players.set(name, player);
    return player;
  };
  const oneByOne = queue();
  return {
    clock,
    person: (name = "person", { group } = {}) => {
      const act = async (what: Act): Promise<TurnFacts> =>
        await oneByOne(async () => {
          clock.now += BETWEEN_ACTS_MS;
          return await playerOf(name).act(what, group);
        });
      return {
        say: async (text, more) => await act({ ...more, say: text }),
        press: async (button, nth) => await act({ press: button, of: nth }),
      };
    },
    close: async () => {
      await stage.close();
      remove();
    },
  };
}

/** Documents are read by then. */
async function openReady(opening: Parameters<typeof openStage>[0]): Promise<Stage> {
  const stage = await openStage(opening);
  await stage.check().catch(async (thrown: unknown) => {
    await stage.close();
    throw thrown;
  });
  return stage;
}

async function read(
  config: string | ConfigInput,
  environment: Readonly<Record<string, string>>,
): Promise<LoadedConfig> {
  const all = { ...process.env, ...environment };
  if (typeof config === "string") return await loadConfig(config, all);
  const file = "bots.config.ts";
  const directory = process.cwd();
  const readFile = (path: string): string => readFileSync(resolve(directory, path), "utf8");
  return { config: validateConfig(config, file, { environment: all, readFile }, directory), file, directory };
}

/** What a turn did is told by what happened meanwhile: no two of them at once. */
function queue(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return async (work) => {
    const mine = last.catch(() => undefined).then(work);
    last = mine;
    return await mine;
  };
}
