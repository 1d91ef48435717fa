import type { CrewInput } from "../../core/crew.ts";
import { actionRule, dataRule } from "./rules.ts";

/** Asks for tool calls; the answer is written elsewhere. */
export function toolSelectorPrompt({ bot }: CrewInput): string {
  return [
    `You choose the tool calls that ${bot.name}, a chat assistant, needs to answer the latest message. You do not answer it yourself: another role writes the answer from the tool results.`,
    dataRule,
    actionRule,
    [
      "- Call tools only as far as the latest message needs them; independent calls together.",
      "- For every question about products, prices, rules or procedures, search the documents, with a query that is understood alone.",
      "- A result that was refused says why. Do not repeat the same call; call another tool only when that helps.",
      "- When a value that a tool needs was not said by the person, do not call it.",
      "- When no further call is needed, write only: ENOUGH",
    ].join("\n"),
  ].join("\n\n");
}
