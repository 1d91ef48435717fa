/** Conversations with a bot, for its tests (`parleyjs/evaluation`): what `parley eval` does, as a function. */
export type { Evaluation, Played, Score, Summary } from "./evaluate.ts";
export { evaluateFolder, type FolderOptions } from "./evaluate-folder.ts";
