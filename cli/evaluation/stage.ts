/** A bot on a stage of its own: an empty installation in a temporary folder, one account in this process, its own clock. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BotConfig } from "../../core/bot.ts";
import type { LoadedConfig } from "../../core/config/index.ts";
import { ParleyError } from "../../core/errors.ts";
import type { Store } from "../../core/store/store.ts";
import { type Runtime, startRuntime } from "../runtime/runtime.ts";
import type { Role } from "../runtime/shared.ts";
import { systemEnvironment } from "../runtime/system-environment.ts";
import { inProcessAccount, type InProcessAccount } from "./in-process-account.ts";
import { createRecorder, type Recorder } from "./recorder.ts";

export interface StageOptions {
  /** The bot's id; the first one by default. */
  readonly bot?: string;
  /** When every conversation begins, in milliseconds since 1970; now by default. */
  readonly startsAt?: number;
}

/** A bot that runs, with nothing in its memory. */
export interface Stage {
  readonly bot: BotConfig;
  readonly account: InProcessAccount;
  readonly recorder: Pick<Recorder, "take">;
  readonly store: Store;
  readonly clock: () => number;
  readonly check: Runtime["check"];
  readonly close: () => Promise<void>;
}

/** Stages for one conversation each. */
export interface Theatre {
  readonly bot: BotConfig;
  readonly open: () => Promise<Stage>;
  readonly close: () => Promise<void>;
}

/**
 * Prepares an installation once (documents are indexed, tables are made); every stage is a copy of it. Throws
 * `cli/unknown-bot`, and what an account, tool pack or crew throws that cannot be opened.
 */
export async function openTheatre(loaded: LoadedConfig, options: StageOptions = {}): Promise<Theatre> {
  const folder = mkdtempSync(join(tmpdir(), "parley-eval-"));
  const bot = botOf(loaded, options.bot);
  const prepared = join(folder, "prepared");
  let stages = 0;
  try {
    const { check, close } = await openStage({ loaded, bot, options, directory: prepared });
    // Documents that are not read by then would be read again for each conversation.
    await check();
    await close();
  } catch (thrown) {
    rmSync(folder, { recursive: true, force: true });
    throw thrown;
  }
  return {
    bot,
    open: async () => {
      const directory = join(folder, `stage-${(stages += 1)}`);
      cpSync(prepared, directory, { recursive: true });
      const stage = await openStage({ loaded, bot, options, directory });
      return {
        ...stage,
        close: async () => {
          await stage.close();
          rmSync(directory, { recursive: true, force: true });
        },
      };
    },
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

function botOf({ config: { bots } }: LoadedConfig, wanted: string | undefined): BotConfig {
  const known = Object.keys(bots);
  const bot = bots[wanted ?? known[0] ?? ""];
  if (bot !== undefined) return bot;
  throw new ParleyError(
    "cli/unknown-bot",
    `There is no bot "${wanted}" in the configuration. There is: ${known.join(", ")}.`,
  );
}

interface Opening {
  readonly loaded: LoadedConfig;
  readonly bot: BotConfig;
  readonly options: StageOptions;
  readonly directory: string;
}

async function openStage({ loaded, bot, options, directory }: Opening): Promise<Stage> {
  const account = inProcessAccount();
  const recorder = createRecorder();
  const environment = { ...systemEnvironment(), clock: clockFrom(options.startsAt) };
  const runtime = await startRuntime(
    {
      ...loaded,
      config: {
        ...loaded.config,
        // Nothing of the real installation is touched, and nothing has to be there.
        broker: { kind: "embedded", synchronous: "normal" },
        store: { kind: "sqlite" },
        files: { kind: "directory" },
        dataDirectory: directory,
        log: { level: "silent" },
        bots: {
          [bot.id]: {
            ...bot,
            accounts: [account.account],
            crew: recorder.crew(bot.crew),
            tools: bot.tools.map(recorder.pack),
          },
        },
      },
    },
    { roles: new Set<Role>(["adapters", "workers"]), keepApplied: true, environment },
  );
  return {
    bot,
    account,
    recorder,
    store: runtime.store,
    clock: environment.clock,
    check: runtime.check,
    close: runtime.close,
  };
}

/** A clock that begins at a moment and goes on from there: leases and time-outs still pass. */
function clockFrom(startsAt: number | undefined): () => number {
  if (startsAt === undefined) return () => Date.now();
  const offset = startsAt - Date.now();
  return () => Date.now() + offset;
}
