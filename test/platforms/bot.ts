/** The product under test: the sample bank's bot on local platforms, with a few lines that only a script would ask for. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { AccountConfig, CrewFactory, ToolPackFactory } from "../../core/bot.ts";
import { validateConfig } from "../../core/config/validate.ts";
import type { CrewInput, CrewResult, CrewTurn } from "../../core/crew.ts";
import { defineTool } from "../../core/define-tool.ts";
import { proposalReply } from "../../core/proposal-reply.ts";
import { type Runtime, startRuntime } from "../../cli/runtime/runtime.ts";
import { bank, crew } from "../../index.ts";
import { documents } from "../../tools/rag/index.ts";
import { recommend } from "../../tools/recommend/index.ts";
import { startRedis } from "../support/redis-server.ts";

/** Where a bot keeps what waits, and what lasts. */
export interface Keeping {
  readonly broker: "embedded" | "redis";
  /** Left out: in SQLite. */
  readonly postgresUrl?: string;
}

/** How many numbered lines the long answer has. */
export const LONG_LINES = 150;

/** A running product, and what it keeps. */
export interface RunningBot {
  readonly runtime: Runtime;
  /** How often the flag was raised: a confirmed effect of the scripted tool. */
  readonly flags: () => number;
  /** The bytes of every file that was spooled, as text. */
  readonly spooled: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

/** Starts the product on these accounts, as `parley start` does, on storage of its own. */
export async function startBot(
  accounts: readonly AccountConfig[],
  { broker, postgresUrl }: Keeping,
): Promise<RunningBot> {
  const directory = await mkdtemp(join(tmpdir(), "parley-platforms-"));
  const redis = broker === "redis" ? await startRedis({ appendonly: true }) : undefined;
  const bot = await startBotOn(accounts, { directory, redisUrl: redis?.url, postgresUrl });
  return {
    ...bot,
    close: async () => {
      await bot.close();
      await redis?.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

interface Storage {
  readonly directory: string;
  readonly redisUrl?: string | undefined;
  readonly postgresUrl?: string | undefined;
}

/** Starts the product on storage that was there before and stays. The accounts are validated like any configuration. */
export async function startBotOn(
  accounts: readonly unknown[],
  { directory, redisUrl, postgresUrl }: Storage,
): Promise<RunningBot> {
  const flags = { raised: 0 };
  const banking = bank();
  const exported = {
    bots: {
      harbour: {
        name: "Harbour Assistant",
        accounts,
        crew: scriptedCrew(),
        tools: [
          documents({ directory: "samples/bank/documents" }),
          banking,
          recommend({ profileOf: banking.profileOf }),
          flagPack(flags),
        ],
        limits: { rate: { messages: 1_000, perSeconds: 60 } },
        compliance: { informationNotice: { default: "I am an automated assistant." } },
      },
    },
    dataDirectory: directory,
    gateway: { port: 0 },
    log: { level: "silent" },
    ...(redisUrl === undefined ? {} : { broker: { kind: "redis", url: redisUrl } }),
    ...(postgresUrl === undefined ? {} : { store: { kind: "postgres", url: postgresUrl } }),
  };
  const config = validateConfig(exported, "bots.config.ts", { environment: {}, readFile: () => "" });
  const loaded = { config, file: join(process.cwd(), "bots.config.ts"), directory: process.cwd() };
  const runtime = await startRuntime(loaded, { roles: new Set(["adapters", "workers", "gateway"]) });
  return {
    runtime,
    flags: () => flags.raised,
    spooled: async () => await filesUnder(join(directory, "spool")),
    close: async () => await runtime.close(),
  };
}

async function filesUnder(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  return await Promise.all(files.map(async ({ parentPath, name }) => await readFile(join(parentPath, name), "utf8")));
}

/** The product's own crew, except for what the script asks it to say word for word. */
function scriptedCrew(): CrewFactory {
  const offline = crew({ model: "offline" });
  return {
    ...offline,
    open: async (context) => {
      const real = await offline.open(context);
      return { ...real, run: async (input, turn) => (await scripted(input, turn)) ?? (await real.run(input, turn)) };
    },
  };
}

async function scripted(input: CrewInput, turn: CrewTurn): Promise<CrewResult | undefined> {
  const text = input.text.replaceAll(/\s+/gu, " ").trim();
  const echo = /\becho (\S+)/u.exec(text)?.[1];
  if (echo !== undefined) return said(`You said ${echo}.`);
  if (/\bexplain everything\b/u.test(text)) return await longAnswer(turn);
  if (!/\braise the flag\b/u.test(text)) return undefined;
  const outcome = await turn.tools.call("raise_flag", {}, "flag");
  if (outcome.status !== "proposed") return said(`No proposal: ${outcome.status}`);
  return { reply: proposalReply(outcome.proposal), remember: [], cacheable: false };
}

function said(text: string): CrewResult {
  return { reply: { text, confidence: 1, model: "scripted" }, remember: [], cacheable: false };
}

/** Longer than any platform takes in one message, streamed, with a code block that is too long as well. */
async function longAnswer({ emit }: CrewTurn): Promise<CrewResult> {
  const numbers = Array.from({ length: LONG_LINES }, (_, index) => index + 1);
  const paragraphs = numbers.map((number) => `Paragraph ${number} is about **topic ${number}** & its <limits>.`);
  const code = numbers.map((number) => `const line${number} = "value ${number}"; // keep me whole`);
  const text = [...paragraphs, `\`\`\`ts\n${code.join("\n")}\n\`\`\``, "That was everything."].join("\n\n");
  for (let start = 0; start < text.length; start += 400) {
    emit({ type: "delta", text: text.slice(start, start + 400) });
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  return said(text);
}

function flagPack(flags: { raised: number }): ToolPackFactory {
  const raise = defineTool({
    name: "raise_flag",
    description: "Raises the flag of the harbour.",
    input: z.strictObject({}),
    risk: "high",
    confirmation: "always",
    scopes: ["public"],
    depends: "user",
    propose: async () => ({ summary: "Raise the flag" }),
    execute: async () => {
      flags.raised += 1;
      return { value: { message: "The flag is up." } };
    },
  });
  return {
    name: "flag",
    summary: {},
    open: async () => ({ tools: [raise], close: async () => {} }),
  };
}
