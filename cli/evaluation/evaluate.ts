/** Plays all conversations and adds up what came of them. */
import type { LoadedConfig } from "../../core/config/index.ts";
import { play, type Run, type Script } from "./play.ts";
import { openTheatre, type StageOptions } from "./theatre.ts";

export interface EvaluationOptions extends StageOptions {
  /** How often each conversation is played. @default 1 */
  readonly repeat?: number;
  /** So many tokens a conversation may use, its models' reading and writing together; with more it has not passed. */
  readonly tokens?: number | undefined;
  readonly onPlayed?: (played: Played, progress: { readonly done: number; readonly total: number }) => void;
}

/** A conversation with all its runs. */
export interface Played {
  readonly script: Script;
  readonly runs: readonly Run[];
}

/** One group of conversations: how many there are, how many passed once and every time. */
export interface Score {
  readonly total: number;
  /** Of all runs, the share that passed, times the total: without repeats how many passed. */
  readonly passed: number;
  /** How many passed in each of their runs (pass^k). */
  readonly always: number;
}

export interface Summary extends Score {
  readonly repeat: number;
  readonly byKind: Readonly<Record<string, Score>>;
  readonly byLanguage: Readonly<Record<string, Score>>;
  readonly turns: number;
  readonly tokens: {
    readonly input: number;
    readonly output: number;
    readonly cacheRead: number;
    readonly cacheWrite: number;
  };
  readonly costMicroDollars: number;
  /** Of a turn, from the words to the last reply, in milliseconds. */
  readonly latency: { readonly p50: number; readonly p95: number };
}

export interface Evaluation {
  readonly bot: string;
  readonly played: readonly Played[];
  readonly summary: Summary;
  /** What did not hold, in any of the runs: id, turn and failure in one line each. */
  readonly failures: readonly string[];
}

/** Plays each script on stages of its own, one after the other. */
export async function evaluate(
  loaded: LoadedConfig,
  scripts: readonly Script[],
  { repeat = 1, tokens, onPlayed, ...options }: EvaluationOptions = {},
): Promise<Evaluation> {
  const theatre = await openTheatre(loaded, options);
  try {
    const played: Played[] = [];
    for (const script of scripts) {
      const runs: Run[] = [];
      for (let round = 0; round < repeat; round += 1) runs.push(await play(script, theatre, tokens));
      const one = { script, runs };
      played.push(one);
      onPlayed?.(one, { done: played.length, total: scripts.length });
    }
    return { bot: theatre.bot.id, played, summary: summaryOf(played, repeat), failures: played.flatMap(failuresOf) };
  } finally {
    await theatre.close();
  }
}

function failuresOf({ script: { id }, runs }: Played): readonly string[] {
  const lines = runs.flatMap(({ turns }) =>
    turns.flatMap(({ failures }, index) => failures.map((failure) => `${id}, turn ${index + 1}: ${failure}`)),
  );
  return [...new Set(lines)];
}

function summaryOf(played: readonly Played[], repeat: number): Summary {
  const turns = played.flatMap(({ runs }) => runs.flatMap((run) => run.turns));
  const usages = turns.flatMap((turn) => turn.usages);
  const sum = (of: (usage: (typeof usages)[number]) => number): number =>
    usages.reduce((total, usage) => total + of(usage), 0);
  const times = turns.map(({ milliseconds }) => milliseconds).toSorted((one, other) => one - other);
  return {
    ...scoreOf(played),
    repeat,
    byKind: scoresBy(played, ({ kind }) => kind),
    byLanguage: scoresBy(played, ({ language }) => language),
    turns: turns.length,
    tokens: {
      input: sum(({ inputTokens }) => inputTokens),
      output: sum(({ outputTokens }) => outputTokens),
      cacheRead: sum(({ cacheReadTokens }) => cacheReadTokens),
      cacheWrite: sum(({ cacheWriteTokens }) => cacheWriteTokens),
    },
    costMicroDollars: sum(({ costMicroDollars }) => costMicroDollars),
    latency: { p50: quantile(times, 0.5), p95: quantile(times, 0.95) },
  };
}

function scoresBy(played: readonly Played[], keyOf: (script: Script) => string): Readonly<Record<string, Score>> {
  const keys = [...new Set(played.map(({ script }) => keyOf(script)))].toSorted();
  return Object.fromEntries(keys.map((key) => [key, scoreOf(played.filter(({ script }) => keyOf(script) === key))]));
}

function scoreOf(played: readonly Played[]): Score {
  const shares = played.map(({ runs }) => runs.filter(({ passed }) => passed).length / runs.length);
  return {
    total: played.length,
    passed: shares.reduce((total, share) => total + share, 0),
    always: shares.filter((share) => share === 1).length,
  };
}

function quantile(sorted: readonly number[], share: number): number {
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
}
