/** The running summary of a conversation, by the fast model. */
import { HumanMessage } from "@langchain/core/messages";
import { checkAnswer, NO_EVIDENCE } from "../output-check/index.ts";
import { summaryPrompt } from "../prompts/summary.ts";
import type { OlderMessages, SummaryDesk } from "../roles/contract.ts";
import { safeJson, systemMessage } from "./envelope.ts";
import { callModel } from "./model-call.ts";
import type { ModelRolesOptions } from "./model-roles-options.ts";

/** Sums it up; a sentence with a figure or a claim that stands nowhere in it is left out. */
export async function summarizeWithModel(
  { previous = "", messages }: OlderMessages,
  desk: SummaryDesk,
  { models, breaker }: ModelRolesOptions,
): Promise<string> {
  const told = messages.map(({ role, text, speaker }) => ({ [role === "user" ? (speaker ?? "person") : role]: text }));
  const parts = [
    `<previous>${safeJson(previous, desk.mask)}</previous>`,
    `<messages>${safeJson(told, desk.mask)}</messages>`,
  ];
  const { text } = await callModel(
    { desk, breaker, role: "summary", model: models.fast },
    { messages: () => [systemMessage(summaryPrompt, models.fast), new HumanMessage(parts.join("\n"))] },
  );
  // Nobody reads it: it is checked whole.
  const said = [previous, ...messages.map((message) => message.text)];
  // What happened earlier may be told again, as it was told.
  const check = checkAnswer({ ...NO_EVIDENCE, said, reports: said, isRemembered: true });
  check.add(text);
  return check.finish().text;
}
