/** Composes the answer from what the tools gave; only dialogue acts have words of their own. */
import type { ToolResult } from "../../core/tool.ts";
import type { CrewState, Desk, Draft, MadeCall } from "../roles/contract.ts";
import type { Reading } from "./reading.ts";
import { answerFromDocuments, contactDraft, nothingFound } from "./document-answer.ts";
import { dialogueDraft } from "./dialogue.ts";
import { memoryDraft } from "./memory-answer.ts";
import { orderQuestion } from "./order-question.ts";
import { foreignDraft } from "./out-of-scope.ts";
import { hasProducts } from "./product-answer.ts";
import { answerFromTool, answerFromFailure } from "./tool-answer.ts";

/** The answer of the turn, from its one tool call or from none. */
export function respondOffline(state: CrewState, desk: Desk): Draft {
  const { intention, made } = state;
  const call = made.at(-1);
  if (intention?.reading === undefined) return foreignDraft(undefined, desk);
  if (call === undefined) return withoutTool(state, desk);
  return fromCall(call, state, desk);
}

function fromCall(call: MadeCall, { intention, made }: CrewState, desk: Desk): Draft {
  const { outcome, tool } = call;
  const reading = intention?.reading;
  if (outcome.status === "proposed" || reading === undefined) return foreignDraft(reading, desk);
  if (outcome.status !== "done") return answerFromFailure(outcome, desk);
  if (tool === "search_documents") {
    const question = { text: intention?.request ?? "", confidence: intention?.confidence ?? 0 };
    return fromSearch(outcome.result, question, { reading, desk });
  }
  const isSecondTry = made.length > 1 && tool === "explain_product";
  if (isSecondTry && !hasProducts(outcome.result)) return nothingFound(reading, desk);
  return answerFromTool(call, outcome.result, desk.input.bot.locale);
}

function fromSearch(
  result: ToolResult,
  question: { readonly text: string; readonly confidence: number },
  { reading, desk }: { readonly reading: Reading; readonly desk: Desk },
): Draft {
  const { intent, route } = reading.understood;
  if (intent === "humanHandover") {
    return contactDraft(result, desk) ?? dialogueDraft(intent, desk) ?? nothingFound(reading, desk);
  }
  const answer = answerFromDocuments(result, question);
  if (answer !== undefined) return answer;
  return route === "outOfScope" ? foreignDraft(reading, desk) : nothingFound(reading, desk);
}

function withoutTool({ intention, words }: CrewState, desk: Desk): Draft {
  const reading = intention?.reading;
  if (reading === undefined) return foreignDraft(undefined, desk);
  if (reading.order !== undefined) return orderQuestion(reading.order, desk);
  if (reading.understood.route === "memory") return memoryDraft(words.at(-1) ?? "", reading.understood.intent, desk);
  return dialogueDraft(reading.understood.intent, desk) ?? foreignDraft(reading, desk);
}
