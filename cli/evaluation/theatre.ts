/** Stages for conversations that know nothing of each other. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BotConfig } from "../../core/bot.ts";
import type { LoadedConfig } from "../../core/config/index.ts";
import { systemEnvironment } from "../runtime/system-environment.ts";
import { botOf } from "../runtime/bot-of.ts";
import { openStage, type Stage } from "../testing/stage.ts";

export interface StageOptions {
  /** The bot's id; the first one by default. */
  readonly bot?: string;
  /** When every conversation begins, in milliseconds since 1970; now by default. */
  readonly startsAt?: number;
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
  const environment = () => ({ ...systemEnvironment(), clock: clockFrom(options.startsAt) });
  let stages = 0;
  try {
    const { check, close } = await openStage({ loaded, bot, environment: environment(), directory: prepared });
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
      const stage = await openStage({ loaded, bot, environment: environment(), directory });
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

/** A clock that begins at a moment and goes on from there: leases and time-outs still pass. */
function clockFrom(startsAt: number | undefined): () => number {
  if (startsAt === undefined) return () => Date.now();
  const offset = startsAt - Date.now();
  return () => Date.now() + offset;
}
