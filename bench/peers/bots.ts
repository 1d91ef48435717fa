/** The bots that are compared, each a process of its own that can be killed and started again. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundled, isProfiled, nodeOptions } from "../bundle.ts";
import { startTelegram, type TelegramProcess, until } from "./telegram.ts";

export const BOTS = ["hand-written", "chat-sdk", "parley-redis", "parley-embedded"] as const;
export type BotName = (typeof BOTS)[number];

export const TITLES: Readonly<Record<BotName, string>> = {
  "hand-written": "grammY + BullMQ, hand-written",
  "chat-sdk": "Chat SDK (Redis)",
  "parley-redis": "Parley (Redis)",
  "parley-embedded": "Parley (embedded)",
};

export interface Place {
  readonly redisUrl: string;
  /** Where the other bots and their libraries are. */
  readonly peers: string;
}

/** A bot on a Telegram of its own. */
export interface RunningBot {
  readonly telegram: TelegramProcess;
  readonly pid: () => number;
  /** SIGKILL, and started again at once. */
  readonly replace: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const START_MS = 30_000;
let started = 0;

/** Starts it and waits until it is connected. */
export async function startBot(name: BotName, { redisUrl, peers }: Place): Promise<RunningBot> {
  const telegram = await startTelegram();
  const directory = mkdtempSync(join(tmpdir(), "parley-bench-"));
  const { REDIS_URL: _, ...inherited } = process.env;
  const environment = {
    ...inherited,
    TELEGRAM_API: telegram.url,
    TELEGRAM_TOKEN: telegram.token,
    PREFIX: `bench${process.pid}-${(started += 1)}`,
    DIRECTORY: directory,
    ...(name === "parley-embedded" ? {} : { REDIS_URL: redisUrl }),
  };
  const isOurs = name.startsWith("parley");
  const run = (): ChildProcess =>
    spawn(process.execPath, [...nodeOptions(name), isOurs ? bundled("parley") : join(peers, `${name}.mjs`)], {
      env: environment,
      stdio: ["ignore", "ignore", "inherit"],
    });
  const end = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(isProfiled ? "SIGTERM" : "SIGKILL");
    await ended;
  };
  let child = run();
  const stop = async (): Promise<void> => {
    await end();
    telegram.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  if (!(await until(telegram.isConnected, START_MS))) {
    await stop();
    throw new Error(`${TITLES[name]} did not connect within ${START_MS / 1_000} s.`);
  }
  return {
    telegram,
    pid: () => child.pid ?? 0,
    replace: async () => {
      await end();
      child = run();
    },
    stop,
  };
}
