import type { CrewInput } from "../../core/crew.ts";
import { actionRule, dataRule } from "./rules.ts";

/** Asks what the person wants, as tool calls; the answer is written elsewhere. */
export function readerPrompt({ bot }: CrewInput): string {
  return [
    `You read the messages that people send to ${bot.name}, a chat assistant, and make the tool calls that answering the latest one needs. You do not answer it yourself: another role writes the answer from the tool results.`,
    dataRule,
    actionRule,
    callRules,
    "When no call is needed, write only: ENOUGH",
  ].join("\n\n");
}

/** How tools are called, whoever calls them. */
export const callRules = [
  "- Call tools only as far as the latest message needs them; calls that do not need each other's results together, one for each thing that is asked.",
  "- Call continue_after_results beside them only when a further call needs their results.",
  "- For every question about products, prices, rules or procedures, search the documents first, with a query that is understood alone: add what earlier messages say, and keep every name, amount, number and date literally as the person wrote it.",
  "- A result that was refused says why. Do not repeat the same call; call another tool only when that helps.",
  "- When a value that a tool needs was not said by the person, do not call it.",
  "- Call remember_fact and forget_fact only when the person plainly asks for it, or tells something of themselves, in the latest message; never for card numbers, passwords or codes.",
].join("\n");
