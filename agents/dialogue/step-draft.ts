/** What is said to a person about requests for tools. */
import { HAND_OVER_TOOL } from "../../core/hand-over/index.ts";
import { languageOfLocale } from "../../core/language/index.ts";
import { answerFromFailure, answerFromTool } from "../embedded/tool-answer.ts";
import { findTool } from "../embedded/tool-input.ts";
import type { CrewState, Desk, Draft, MadeCall } from "../roles/contract.ts";
import { stillGoing } from "./advance.ts";
import { openQuestion, takenUpAgain } from "./open-question.ts";
import type { DialogueOptions, Step } from "./step.ts";
import { sayResult } from "./say.ts";

/**
 * The questions, and what the tools gave, one below the other; last an earlier question that still waits, unless people
 * have the conversation now.
 */
export function stepsDraft(
  steps: readonly Step[],
  { made }: CrewState,
  desk: Desk,
  tools: DialogueOptions["tools"],
): Draft {
  const calls = [...made];
  const drafts = steps.map((step) => stepDraft(step, step.kind === "call" ? calls.shift() : undefined, desk));
  const { locale } = desk.input;
  const last = steps.at(-1);
  const waiting =
    last?.kind === "call" && !endsOthers(last, desk) && calledWell(made.at(-1))
      ? takenUpAgain(last.dialogue, tools, languageOfLocale(locale))
      : undefined;
  return joined(
    waiting === undefined || isAskedEnough(waiting.text, desk) ? drafts : [...drafts, { ...waiting, confidence: 0.95 }],
  );
}

/** Whoever has passed a question over so often does not want to answer it. */
const MOST_REMINDERS = 2;

function isAskedEnough(question: string, { input: { history } }: Pick<Desk, "input">): boolean {
  return history.filter(({ role, text }) => role === "assistant" && text.includes(question)).length >= MOST_REMINDERS;
}

/** An answer from documents, and below it the question that a request of before still waits with. */
export function withOpenQuestion(draft: Draft, { input }: Desk, tools: DialogueOptions["tools"]): Draft {
  const { dialogue, locale, now } = input;
  if ((draft.sources ?? []).length === 0 || draft.act !== undefined) return draft;
  const question = openQuestion(stillGoing(dialogue, new Date(now)), tools, languageOfLocale(locale));
  return question === undefined || isAskedEnough(question, { input })
    ? draft
    : { ...draft, text: `${draft.text}\n\n${question}` };
}

function joined(drafts: readonly Draft[]): Draft {
  const said = drafts.filter(({ text }) => text !== "");
  if (said.length === 0) return SHOWN;
  return said.reduce((before, draft) => ({
    ...before,
    ...draft,
    text: `${before.text}\n\n${draft.text}`,
    sources: [...(before.sources ?? []), ...(draft.sources ?? [])],
    confidence: Math.min(before.confidence, draft.confidence),
  }));
}

/** Of a request that waits nothing is said: code shows it. */
const SHOWN: Draft = { text: "", confidence: 1 };

/** People have the conversation then, or the requests of before are void. */
function endsOthers({ frame: { tool } }: Extract<Step, { kind: "call" }>, desk: Desk): boolean {
  return tool === HAND_OVER_TOOL || findTool(tool, desk)?.endsRequests === true;
}

const calledWell = (call: MadeCall | undefined): boolean => call?.outcome.status === "done";

const MOST_CHOICES = 25;

/** The question, with the answers to press where there are several. */
function questionDraft({ text, field, choices = [], isUnknown }: Extract<Step, { kind: "ask" }>): Draft {
  const data = isUnknown === true ? { data: { unknown: true } } : {};
  const draft: Draft = { text, confidence: 0.9, act: "asks", missing: field, ...data };
  if (choices.length === 0) return draft;
  const buttons = choices.map((one, index) => ({ id: `answer-${index + 1}`, label: one, value: one }));
  return { ...draft, choices: buttons.slice(0, MOST_CHOICES) };
}

/** The question, or what the tool gave. */
function stepDraft(step: Step, call: MadeCall | undefined, desk: Desk): Draft {
  if (step.kind === "ask") return questionDraft(step);
  if (step.kind === "dropped") return { text: step.text, confidence: 0.9, act: "cancelled" };
  const { locale } = desk.input;
  const tool = findTool(step.frame.tool, desk);
  if (call?.outcome.status === "proposed") return SHOWN;
  if (call === undefined || tool === undefined) {
    return answerFromFailure({ status: "failed", code: "tool/unknown", message: "" }, desk);
  }
  if (call.outcome.status !== "done") return answerFromFailure(call.outcome, desk);
  const { result } = call.outcome;
  const draft = answerFromTool(result);
  const text = sayResult(tool, result, { language: languageOfLocale(locale), locale }) ?? draft.text;
  return { ...draft, text };
}
