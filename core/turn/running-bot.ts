import type { BotConfig, OpenToolPack } from "../bot.ts";
import type { Crew } from "../crew.ts";
import type { Toolset } from "../tool.ts";
import type { AnswerCache } from "./answer-cache.ts";

/** A configured bot with everything opened. */
export interface RunningBot {
  readonly config: BotConfig;
  readonly crew: Crew;
  readonly toolset: Toolset;
  /** What its tool packs hear besides calls. */
  readonly packs: readonly Pick<
    OpenToolPack,
    "chosen" | "said" | "reacted" | "forget" | "kept" | "isRegulated" | "edition"
  >[];
  /** Left out: no answer is kept. */
  readonly cache?: AnswerCache;
}
