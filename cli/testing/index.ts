/** A bot for a test (`parleyjs/testing`). */
export type { TurnFacts } from "./facts.ts";
export { startBot, type StartBotOptions, type TestBot, type TestPerson } from "./start-bot.ts";
