/** Composes the answer from what the tools gave; only dialogue acts have words of their own. */
import { cutText } from "../../core/text/cut.ts";
import type { ToolResult } from "../../core/tool.ts";
import type { CrewState, Desk, Draft, Intention, MadeCall } from "../roles/contract.ts";
import { aboutDraft } from "./about-answer.ts";
import type { Reading } from "./reading.ts";
import { bookingFilter, filterQuestion } from "./booking-filter.ts";
import { literal } from "./markdown.ts";
import { findTool } from "./tool-input.ts";
import { answerFromDocuments, contactDraft, nothingFound } from "./document-answer.ts";
import { dialogueDraft } from "./dialogue.ts";
import { memoryDraft } from "./memory-answer.ts";
import { orderQuestion } from "./order-question.ts";
import { foreignDraft } from "./out-of-scope.ts";
import { hasProducts } from "./product-answer.ts";
import { answerFromTool, answerFromFailure } from "./tool-answer.ts";

/** As much of a file is repeated, so that it can be seen which one was read. */
const LONGEST_EXCERPT = 160;

/** The answer of the turn, from its one tool call or from none, and what was read of the files that came with it. */
export function respondOffline(state: CrewState, desk: Desk): Draft {
  const draft = answerTo(state, desk);
  const notes = fileNotes(desk.input.attachments);
  return notes === "" ? draft : { ...draft, text: `${draft.text}\n\n${notes}` };
}

function answerTo(state: CrewState, desk: Desk): Draft {
  const { intention, made } = state;
  const call = made.at(-1);
  if (intention?.reading?.about !== undefined) {
    const found = call?.outcome.status === "done" ? call.outcome.result : undefined;
    return aboutDraft(intention.reading.about, intention, found);
  }
  if (desk.input.attachments.length > 0 && desk.input.text.trim() === "") {
    return {
      text: "You sent a file and no words. Could you tell me what you need?",
      confidence: 0.9,
    };
  }
  if (intention?.reading === undefined) return foreignDraft(undefined, desk);
  if (call === undefined) return withoutTool(state, desk);
  return fromCall(call, state, desk);
}

function fileNotes(files: Desk["input"]["attachments"]): string {
  return files
    .map(({ name, kind, text }) => {
      const file = `“${literal(cutText(name ?? kind, 64, "…"))}”`;
      if (text === undefined) return `I cannot read ${file}: of files that are here I read plain text only.`;
      if (text.trim() === "") return `I opened ${file}; it is empty.`;
      return `I read ${file}: “${literal(cutText(text.replaceAll(/\s+/gu, " ").trim(), LONGEST_EXCERPT, "…"))}”`;
    })
    .join("\n\n");
}

function fromCall(call: MadeCall, { intention, made }: CrewState, desk: Desk): Draft {
  const { outcome, tool } = call;
  const reading = intention?.reading;
  if (intention === null || reading === undefined || outcome.status === "proposed") return foreignDraft(reading, desk);
  if (outcome.status !== "done") return answerFromFailure(outcome, desk);
  if (tool === "search_documents") return fromSearch(outcome.result, { intention, reading, desk });
  const isSecondTry = made.length > 1 && tool === "explain_product";
  if (isSecondTry && !hasProducts(outcome.result)) return nothingFound(reading, desk);
  return answerFromTool(call, outcome.result, desk.input.bot.locale);
}

interface Searched {
  readonly intention: Intention;
  readonly reading: Reading;
  readonly desk: Desk;
}

function fromSearch(result: ToolResult, { intention, reading, desk }: Searched): Draft {
  const { intent, route } = reading.understood;
  if (intent === "humanHandover") {
    return contactDraft(result, desk) ?? dialogueDraft(intent, desk) ?? nothingFound(reading, desk);
  }
  const answer = answerFromDocuments(result, { text: intention.request, confidence: intention.confidence });
  if (answer !== undefined) return answer;
  return route === "outOfScope" ? foreignDraft(reading, desk) : nothingFound(reading, desk);
}

function withoutTool({ intention, words }: CrewState, desk: Desk): Draft {
  const reading = intention?.reading;
  if (reading === undefined) return foreignDraft(undefined, desk);
  if (reading.order !== undefined) return orderQuestion(reading.order, desk);
  if (reading.understood.intent === "transactions" && findTool("list_transactions", desk) !== undefined) {
    const { unclear } = bookingFilter(words.at(-1) ?? "", reading.understood);
    if (unclear !== undefined) return { text: literal(filterQuestion(unclear)), confidence: 0.9 };
  }
  if (reading.understood.route === "memory") return memoryDraft(words.at(-1) ?? "", reading.understood.intent, desk);
  return dialogueDraft(reading.understood.intent, desk) ?? foreignDraft(reading, desk);
}
