import { responseGeneratorPrompt } from "../prompts/response-generator.ts";
import type { CrewState, Desk, Draft } from "../roles/contract.ts";
import { requestOf } from "../roles/contract.ts";
import type { Question } from "../models/ask-model.ts";
import { checkAnswer } from "../output-check/index.ts";
import { nothingBorneOut, whatWasDone } from "../prompts/honest-words.ts";
import { answerEvidence, deedsOf } from "./answer-evidence.ts";
import { ModelAnswerIncompleteError } from "../models/model-errors.ts";
import { checkCitations } from "./citations.ts";
import { briefed, historyMessages, requestMessage, safeJson, systemMessage } from "./envelope.ts";
import { numberSources } from "./evidence.ts";
import { callModel } from "./model-call.ts";
import type { ModelRolesOptions } from "./model-roles-options.ts";
import { toolResultsBlock } from "./tool-results.ts";

/** The answers model writes the answer from what the tools gave. It is bound to no tool. */
export async function respondWithModel(state: CrewState, desk: Desk, options: ModelRolesOptions): Promise<Draft> {
  const { models, breaker } = options;
  const { input, turn, mask } = desk;
  if (isAllProposed(state)) return NOTHING_TO_SAY;
  const memory = state.intention?.remember ?? [];
  const hasResults = state.made.length + memory.length > 0;
  const checked = checkedText(state, desk);
  await callModel(
    { desk, breaker, role: "response-generator", model: models.answers },
    {
      messages: (brevity) => [
        systemMessage(briefed(responseGeneratorPrompt(input, turn.tools.tools), desk), models.answers),
        ...historyMessages(input.history, { model: models.answers, brevity, mask }),
        requestMessage(state, desk, {
          brevity,
          extra: hasResults ? [toolResultsBlock(state.made, { brevity, memory, mask })] : [],
        }),
      ],
      show: checked.show,
    },
  );
  return draftOf(checked.finish(), state, desk);
}

/** The requests that wait are shown by code: where nothing else came of the tools, a model says nothing about them. */
export function isAllProposed({ made }: Pick<CrewState, "made">): boolean {
  return made.length > 0 && made.every(({ outcome }) => outcome.status === "proposed");
}

export const NOTHING_TO_SAY: Draft = { text: "", confidence: 1 };

interface CheckedText {
  readonly show: NonNullable<Question["show"]>;
  /** Shows the rest; gives the whole checked text. Throws `ModelAnswerIncompleteError` when the model wrote none. */
  readonly finish: () => Checked;
}

interface Checked {
  readonly text: string;
  /** How many sentences were left out. */
  readonly dropped: number;
}

/** Shows an answer while it comes, each sentence once it is checked. */
export function checkedText(state: CrewState, desk: Desk): CheckedText {
  const { turn, input } = desk;
  const check = checkAnswer(answerEvidence(state, desk));
  const emit = (text: string): void => {
    if (text !== "") turn.emit({ type: "delta", text });
  };
  let isEmpty = true;
  return {
    show: {
      text: (piece) => {
        isEmpty &&= piece.trim() === "";
        emit(check.add(piece));
      },
      takeBack: () => {
        check.reset();
        isEmpty = true;
        turn.emit({ type: "reset" });
      },
    },
    finish: () => {
      if (isEmpty) throw new ModelAnswerIncompleteError("The model wrote no answer.");
      const { text, rest } = check.finish();
      emit(rest);
      const faults = check.faults();
      const dropped = faults.figure + faults.claim + faults.code;
      if (dropped + faults.link > 0) {
        const outcome = dropped > 0 ? "dropped" : "changed";
        turn.trace({ kind: "agent", name: "output-check", outcome, data: { ...faults } });
      }
      // In place of a claim that was taken out stands what happened in fact.
      const deeds = faults.claim > 0 ? deedsOf(state, desk) : undefined;
      if (text === "") {
        const honest = nothingBorneOut(input.locale, deeds);
        emit(honest);
        return { text: honest, dropped };
      }
      const added = deeds === undefined ? "" : `\n\n${whatWasDone(input.locale, deeds)}`;
      emit(added);
      return { text: text + added, dropped };
    },
  };
}

/** The text with its citations checked. */
export function draftOf({ text, dropped }: Checked, state: CrewState, { input }: Desk): Draft {
  const sources = numberSources(state.made);
  const given = [
    requestOf(state),
    ...state.made.map(({ outcome }) =>
      outcome.status === "done" ? safeJson(withoutSources(outcome.result)) : safeJson(outcome),
    ),
  ].join("\n");
  const known = [
    given,
    ...input.referred.map((message) => message.text),
    input.now,
    ...input.history.map((message) => message.text),
    input.summary ?? "",
    ...input.memory.map(({ value }) => value),
  ].join("\n");
  const checked = checkCitations(text, { sources, known, given });
  return {
    text: checked.text,
    sources: [...checked.sources],
    confidence: confidenceOf({ ...checked, dropped: checked.dropped + dropped }, state),
  };
}

/** What documents say must be cited; what other tools say may be said as it is. */
function withoutSources(result: {
  readonly value: unknown;
  readonly sources?: readonly unknown[];
  readonly cards?: readonly unknown[];
}): unknown {
  return (result.sources ?? []).length > 0 ? {} : [result.value, result.cards ?? []];
}

/** Sure as far as the request was understood and the answer is borne out; never surer than its evidence. */
function confidenceOf(
  {
    sources,
    dropped,
    unsupported,
  }: { readonly sources: readonly unknown[]; readonly dropped: number; readonly unsupported: number },
  { intention, made }: CrewState,
): number {
  const understood = intention?.confidence ?? 0.5;
  const answered = made.some(({ outcome }) => outcome.status === "done");
  const searched = made.some(({ outcome }) => outcome.status === "done" && (outcome.result.sources ?? []).length > 0);
  const needsEvidence = searched && sources.length === 0;
  const borneOut = needsEvidence ? 0.4 : answered || made.length === 0 ? 0.95 : 0.6;
  return Math.max(0.05, Math.min(understood, borneOut) * 0.85 ** Math.min(6, dropped + unsupported));
}
