import { responseGeneratorPrompt } from "../prompts/response-generator.ts";
import type { CrewState, Desk, Draft } from "../roles/contract.ts";
import { requestOf } from "../roles/contract.ts";
import { textOf } from "../models/message-content.ts";
import { ModelAnswerIncompleteError } from "../models/model-errors.ts";
import { checkCitations } from "./citations.ts";
import { historyMessages, requestMessage, safeJson, systemMessage } from "./envelope.ts";
import { numberSources } from "./evidence.ts";
import { callModel, streamMessage } from "./model-call.ts";
import type { ModelRolesOptions } from "./model-roles-options.ts";
import { toolResultsBlock } from "./tool-results.ts";

/** The answers model writes the answer from what the tools gave. It is bound to no tool. */
export async function respondWithModel(state: CrewState, desk: Desk, options: ModelRolesOptions): Promise<Draft> {
  const { models, breaker } = options;
  const { input, turn } = desk;
  const results = state.made.length === 0 ? [] : [toolResultsBlock(state.made)];
  const messages = [
    systemMessage(responseGeneratorPrompt(input, turn.tools.tools), models.marksCache),
    ...historyMessages(input.history),
    requestMessage(state, desk, results),
  ];
  const { message } = await callModel(
    { desk, breaker, role: "response-generator", model: models.answers.name },
    async () =>
      await streamMessage(models.answers.model, messages, {
        signal: turn.signal,
        onText: (text) => turn.emit({ type: "delta", text }),
      }),
  );
  return draftOf(textOf(message), state, desk);
}

/** The text with its citations checked. Throws `ModelAnswerIncompleteError` when there is none. */
export function draftOf(text: string, state: CrewState, { input }: Desk): Draft {
  if (text.trim() === "") throw new ModelAnswerIncompleteError("The model wrote no answer.");
  const sources = numberSources(state.made);
  const known = [
    requestOf(state),
    ...input.referred.map((message) => message.text),
    input.now,
    ...input.history.map((message) => message.text),
    ...input.memory.map(({ value }) => value),
    ...state.made.map(({ outcome }) =>
      outcome.status === "done" ? safeJson(withoutSources(outcome.result)) : safeJson(outcome),
    ),
  ].join("\n");
  const checked = checkCitations(text, { sources, known });
  return { text: checked.text, sources: [...checked.sources], confidence: confidenceOf(checked, state) };
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
  const needsEvidence = intention?.route === "information" && sources.length === 0;
  const borneOut = needsEvidence ? 0.4 : answered || made.length === 0 ? 0.95 : 0.6;
  return Math.max(0.05, Math.min(understood, borneOut) * 0.85 ** Math.min(6, dropped + unsupported));
}
