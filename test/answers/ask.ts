/** Asks each question of somebody else, as their first message: one installation for all, no conversation sees another. */
import { createPlayer } from "../../cli/testing/player.ts";
import { openTheatre, type StageOptions } from "../../cli/evaluation/theatre.ts";
import type { LoadedConfig } from "../../core/config/index.ts";
import type { TurnFacts } from "../../cli/testing/facts.ts";
import type { Case } from "./cases.ts";
import { readDocuments } from "./documents.ts";
import { answerOf, judge, type Verdict } from "./judge.ts";

/** A question with its answer and what is right or wrong with it. */
export interface Judged {
  readonly asked: Case;
  readonly verdict: Verdict;
  readonly answer: string;
  /** How well the best passage answered, 0 to 1; undefined where no document was searched or something else answered. */
  readonly evidence: number | undefined;
  /** What the turn called, and how its request was read. */
  readonly called: readonly string[];
  readonly milliseconds: number;
}

export async function askAll(
  loaded: LoadedConfig,
  cases: readonly Case[],
  options: StageOptions,
): Promise<readonly Judged[]> {
  const documents = await readDocuments();
  const theatre = await openTheatre(loaded, options);
  try {
    const stage = await theatre.open();
    try {
      const judged: Judged[] = [];
      for (const asked of cases) {
        const facts = await createPlayer(stage, asked.id).act({ say: asked.question });
        const { milliseconds, calls, replies } = facts;
        judged.push({
          asked,
          verdict: judge(asked, facts, documents),
          answer: answerOf(replies),
          evidence: evidenceOf(facts),
          called: calls.map(({ tool }) => tool),
          milliseconds,
        });
      }
      return judged;
    } finally {
      await stage.close();
    }
  } finally {
    await theatre.close();
  }
}

/** The threshold is held against the best of so many. */
const LOOKED_AT = 3;

function evidenceOf({ trace }: Pick<TurnFacts, "trace">): number | undefined {
  const found = (trace?.steps ?? []).filter(({ kind }) => kind === "document");
  const figures = found.slice(0, LOOKED_AT).flatMap(({ data }) => [data?.["score"], data?.["evidence"]]);
  const numbers = figures.filter((figure) => typeof figure === "number");
  return numbers.length === 0 ? undefined : Math.max(...numbers);
}
