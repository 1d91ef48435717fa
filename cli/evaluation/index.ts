/** Conversations with a bot, for its tests (`parleyjs/evaluation`): what `parley eval` does, as a function. */
export { atEqualTokens, type AtTokens, type Needs, needsOf } from "./compare.ts";
export type { Evaluation, Played, Score, Summary } from "./evaluate.ts";
export { evaluateFolder, type FolderOptions } from "./evaluate-folder.ts";
