/** A language model that answers by script: no network, no key, the same in each run. */
import type { AIMessageChunk } from "@langchain/core/messages";
import { ParleyError } from "../../core/errors.ts";
import { testIds } from "../../core/testing/test-environment.ts";
import { AnsweringModel, type Asked } from "./answering-model.ts";
import { type ModelRequest, newestText, requestInShort } from "./model-request.ts";
import { playStep, type ScriptStep, stepInShort } from "./script-step.ts";

/** A chat model of LangChain that answers by script. */
export interface ScriptedModel extends AnsweringModel {
  /** What it was asked so far, in its order. */
  readonly requests: readonly ModelRequest[];
  /** Throws where a request came that the script did not expect, or a step is left over. */
  readonly done: () => void;
}

export interface ScriptedModelOptions {
  /** As traces and bills name it; `crew({ prices })` can give it a price. @default "scripted" */
  readonly name?: string;
}

/**
 * A model whose nth request is answered by the nth step. A request that the script does not expect throws
 * `testing/unexpected-request`, which no crew takes for a failure of a provider: the bot of `startBot` fails the test with
 * it. Call `done` at the end of the test.
 */
export function scriptedModel(
  steps: readonly ScriptStep[],
  { name = "scripted" }: ScriptedModelOptions = {},
): ScriptedModel {
  const requests: ModelRequest[] = [];
  const newCallId = testIds("call");
  let unexpected: ParleyError | undefined;

  async function* answer({ request, options }: Asked): AsyncGenerator<AIMessageChunk> {
    const index = requests.push(request) - 1;
    const step = steps[index];
    if (step === undefined || !isMeant(step, request)) {
      unexpected ??= unexpectedRequest(request, { index, steps });
      throw unexpected;
    }
    yield* playStep(step, { request, signal: options.signal, newCallId });
  }

  const done = (): void => {
    if (unexpected !== undefined) throw unexpected;
    const left = steps
      .slice(requests.length)
      .map((step, index) => `\n  step ${requests.length + index + 1}: ${stepInShort(step)}`);
    if (left.length === 0) return;
    throw new ParleyError(
      "testing/unused-steps",
      `The model was asked ${requests.length} times, and its script has ${steps.length} steps. Left over:${left.join("")}`,
    );
  };
  return Object.assign(new AnsweringModel(name, answer), { requests, done });
}

function isMeant({ when = "" }: ScriptStep, request: ModelRequest): boolean {
  if (typeof when === "function") return when(request);
  const text = newestText(request);
  return typeof when === "string" ? text.includes(when) : text.search(when) >= 0;
}

/** Tests show what was asked; nothing of a person who is real stands in it. */
function unexpectedRequest(
  request: ModelRequest,
  { index, steps }: { readonly index: number; readonly steps: readonly ScriptStep[] },
): ParleyError {
  const step = steps[index];
  const script =
    step === undefined
      ? `the script ends after ${steps.length} steps`
      : `its step ${index + 1} is another one: ${stepInShort(step)}`;
  return new ParleyError(
    "testing/unexpected-request",
    `The script has no answer to request ${index + 1}: ${script}.\n  ${requestInShort(request)}`,
  );
}
