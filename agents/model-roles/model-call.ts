import type { AIMessageChunk, BaseMessage } from "@langchain/core/messages";
import type { Runnable } from "@langchain/core/runnables";
import type { Breaker } from "../../core/breaker/breaker.ts";
import { ParleyError, toError } from "../../core/errors.ts";
import { ModelUnavailableError } from "../models/model-errors.ts";
import { textOf } from "../models/message-content.ts";
import { usageOf, type ModelUsage } from "../models/usage.ts";
import type { Desk } from "../roles/contract.ts";

/** What is asked, as traces, metrics and usage name it. */
export interface ModelCallOptions {
  readonly desk: Desk;
  readonly breaker: Breaker;
  /** `intent-analyzer`, `tool-selector`, `response-generator`. */
  readonly role: string;
  readonly model: string;
}

/**
 * One call of a model: behind the breaker, in a span, measured, traced, and paid for. Throws a `ParleyError`
 * (`model/…`, `breaker/open`) or the turn's abort reason.
 */
export async function callModel<Result extends { readonly usage: ModelUsage }>(
  { desk, breaker, role, model }: ModelCallOptions,
  work: () => Promise<Result>,
): Promise<Result> {
  const { turn, telemetry, clock } = desk;
  const startedAt = clock();
  const note = (outcome: string, detail?: string): void => {
    const milliseconds = Math.max(0, clock() - startedAt);
    telemetry.metrics.model({ model, role, outcome }, milliseconds / 1000);
    turn.trace({ kind: "model", name: model, outcome, milliseconds, detail: detail ?? role });
  };
  try {
    const span = { name: "model.call", attributes: { "parley.model": model, "parley.role": role } };
    const result = await breaker.run(async () => await telemetry.inSpan(span, async () => await named(work, desk)));
    const { costMicroUsd = 0, ...tokens } = result.usage;
    turn.usage({ model, role, costMicroDollars: costMicroUsd, ...tokens });
    note("done");
    return result;
  } catch (thrown) {
    if (turn.signal.aborted) note("stopped");
    else note("failed", `${role}: ${thrown instanceof ParleyError ? thrown.code : "unexpected error"}`);
    turn.signal.throwIfAborted();
    throw thrown;
  }
}

/** Models other than ours throw whatever their client throws: for the turn that is a provider that did not answer. */
async function named<Result>(work: () => Promise<Result>, { turn }: Desk): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    turn.signal.throwIfAborted();
    if (thrown instanceof ParleyError) throw thrown;
    throw new ModelUnavailableError(`The model's client failed (${toError(thrown).name}).`, { cause: thrown });
  }
}

/** Streams one answer and gives it whole. `onText` gets each piece of visible text. */
export async function streamMessage(
  model: Pick<Runnable<BaseMessage[], AIMessageChunk>, "stream">,
  messages: readonly BaseMessage[],
  { signal, onText }: { readonly signal: AbortSignal; readonly onText: (text: string) => void },
): Promise<{ readonly message: AIMessageChunk; readonly usage: ModelUsage }> {
  let message: AIMessageChunk | undefined;
  for await (const chunk of await model.stream([...messages], { signal })) {
    message = message === undefined ? chunk : message.concat(chunk);
    const text = textOf(chunk);
    if (text !== "") onText(text);
  }
  if (message === undefined) throw new ModelUnavailableError("The model sent no answer at all.");
  return { message, usage: usageOf(message) };
}
