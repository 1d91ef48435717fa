import { loadConfig } from "../../core/config/index.ts";
import { chosen } from "./chosen.ts";
import { readConversations } from "./conversation-file.ts";
import { type Evaluation, type EvaluationOptions, evaluate } from "./evaluate.ts";

export interface FolderOptions extends EvaluationOptions {
  /** @default "bots.config.ts" */
  readonly config?: string;
  /** Only these ids or kinds, separated by commas. */
  readonly only?: string | undefined;
}

/**
 * Plays the conversations of a folder (or one file) with a bot of a configuration. Throws `LinesError` for a file that
 * cannot be played, `ConfigError` for the configuration, and what a tool pack or crew throws that cannot be opened.
 */
export async function evaluateFolder(folder: string, options: FolderOptions = {}): Promise<Evaluation> {
  const { config = "bots.config.ts", only, ...rest } = options;
  const loaded = await loadConfig(config);
  const bot = loaded.config.bots[rest.bot ?? Object.keys(loaded.config.bots)[0] ?? ""];
  return await evaluate(loaded, chosen(readConversations(folder, bot?.locale ?? "en"), only), rest);
}
