/** `parley recommender`: trains, measures, asks and feeds the recommender of a bot. */
import type { Command } from "commander";
import { addCompare } from "./compare.ts";
import { addEvaluate } from "./evaluate.ts";
import { addImport } from "./import.ts";
import { addRecommend } from "./recommend.ts";
import { addRollback } from "./rollback.ts";
import { addTrain } from "./train.ts";

/** Adds the group with its commands. */
export function addRecommenderCommand(group: Command): void {
  group.addHelpText(
    "after",
    `
Examples:
  parley recommender train                       trains a new version; it serves when it is as good as the one before
  parley recommender evaluate --report page.html measures every candidate and draws the report
  parley recommender recommend web:main:u1       what this person would be shown now, and why
  parley recommender compare                     the versions, and what came of their recommendations
  parley recommender import visits.jsonl --source shop
  parley recommender rollback                    the version before serves again

A running server notices a new version within seconds. More: docs/recommendations.md`,
  );
  for (const add of [addTrain, addEvaluate, addRecommend, addCompare, addImport, addRollback]) add(group);
}
