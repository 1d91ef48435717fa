/** Plays one conversation on a stage of its own and has each turn judged. */
import type { ModelUsage } from "../../core/crew.ts";
import { describeError } from "../../core/errors.ts";
import { inShort, type TurnFacts } from "../testing/facts.ts";
import { type Act, createPlayer, type Player } from "../testing/player.ts";
import type { Theatre } from "./theatre.ts";

/** One turn: what the person does, and what must be true of the answer. */
export interface ScriptTurn extends Act {
  /** Gives what does not hold, each in a sentence. */
  readonly judge: (facts: TurnFacts) => readonly string[];
}

/** A conversation that can be played with any bot. */
export interface Script {
  readonly id: string;
  readonly kind: string;
  readonly language: string;
  /** File and line. */
  readonly where: string;
  readonly chat: "direct" | "group";
  /** Said in a direct chat before it begins, such as what links the person; not judged. */
  readonly before: readonly string[];
  readonly turns: readonly ScriptTurn[];
}

export interface TurnResult {
  /** What the person did. */
  readonly said: string;
  readonly failures: readonly string[];
  /** What came. */
  readonly came: string;
  readonly milliseconds: number;
  readonly usages: readonly ModelUsage[];
}

/** One run of a conversation. */
export interface Run {
  readonly passed: boolean;
  readonly turns: readonly TurnResult[];
}

/** Plays the conversation once, with a bot that has nothing in its memory; it ends where its tokens do. */
export async function play(script: Script, theatre: Theatre, mostTokens = Number.POSITIVE_INFINITY): Promise<Run> {
  const stage = await theatre.open();
  try {
    const player = createPlayer(stage, "person");
    for (const words of script.before) await player.act({ say: words });
    const turns: TurnResult[] = [];
    for (const turn of script.turns) {
      const result = await judged(turn, script, player);
      const used = tokensOf([...turns.flatMap(({ usages }) => usages), ...result.usages]);
      if (used <= mostTokens) turns.push(result);
      else {
        turns.push({ ...result, failures: [...result.failures, `has used ${used} tokens of ${mostTokens}`] });
        break;
      }
    }
    return { passed: turns.every(({ failures }) => failures.length === 0), turns };
  } finally {
    await stage.close();
  }
}

/** Tokens of all kinds: a prompt that comes from a cache was read as well. */
export function tokensOf(usages: readonly ModelUsage[]): number {
  return usages.reduce(
    (sum, { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens }) =>
      sum + inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens,
    0,
  );
}

async function judged(turn: ScriptTurn, { chat }: Script, player: Player): Promise<TurnResult> {
  const said = [
    ...(turn.press === undefined ? [] : [`[${turn.press}]`]),
    ...(turn.say === undefined ? [] : [turn.say]),
    ...(turn.forward === undefined ? [] : [`> ${turn.forward}`]),
    ...(turn.file === undefined ? [] : [`[${turn.file.name}]`]),
  ].join("\n");
  try {
    const facts = await player.act(turn, chat === "group" ? "group" : undefined);
    const { milliseconds, usages } = facts;
    return { said, failures: turn.judge(facts), came: inShort(facts), milliseconds, usages };
  } catch (thrown) {
    return { said, failures: [describeError(thrown)], came: "", milliseconds: 0, usages: [] };
  }
}
