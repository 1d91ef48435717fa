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
    "chosen" | "said" | "reacted" | "forget" | "forgetsLast" | "kept" | "isRegulated" | "edition"
  >[];
  /** Left out: no answer is kept. */
  readonly cache?: AnswerCache;
}

/** Whatever of a bot keeps something of a person, in the order in which they forget. */
export function keepersOf(bot: RunningBot | undefined): readonly Pick<OpenToolPack, "forget">[] {
  if (bot === undefined) return [];
  const { packs, toolset } = bot;
  const isLast = ({ forgetsLast = false }: Pick<OpenToolPack, "forgetsLast">): boolean => forgetsLast;
  return [toolset, ...packs.filter((pack) => !isLast(pack)), ...packs.filter(isLast)];
}
