import type { Breaker } from "../../core/breaker/breaker.ts";
import { ParleyError } from "../../core/errors.ts";
import { askModel, type CrewModel, type Question, type WholeAnswer } from "../models/ask-model.ts";
import type { SummaryDesk } from "../roles/contract.ts";

/** Who asks which model, as traces, metrics and usage name it. */
export interface ModelCall {
  readonly desk: SummaryDesk;
  readonly breaker: Breaker;
  /** `reader`, `response-generator`, `single-agent`, `summary`. */
  readonly role: string;
  readonly model: CrewModel;
}

/**
 * One question to a model: behind the breaker, in a span, measured, traced, and paid for, also where it fails. Throws a
 * `ParleyError` (`model/…`, `breaker/open`) or the turn's abort reason.
 */
export async function callModel(
  { desk, breaker, role, model }: ModelCall,
  question: Omit<Question, "signal" | "onSpent">,
): Promise<WholeAnswer> {
  const { turn, telemetry, clock } = desk;
  const { name } = model;
  const startedAt = clock();
  const note = (outcome: string, detail?: string): void => {
    const milliseconds = Math.max(0, clock() - startedAt);
    telemetry.metrics.model({ model: name, role, outcome }, milliseconds / 1000);
    turn.trace({ kind: "model", name, outcome, milliseconds, detail: detail ?? role });
  };
  const shown = question.show && desk.mask.revealing(question.show);
  const asked: Question = {
    ...question,
    ...(shown && { show: shown }),
    signal: turn.signal,
    onSpent: ({ costMicroUsd, ...tokens }) => {
      const cost =
        costMicroUsd === undefined ? { costMicroDollars: 0, isUnpriced: true } : { costMicroDollars: costMicroUsd };
      turn.usage({ model: name, role, ...cost, ...tokens });
    },
  };
  try {
    const span = { name: "model.call", attributes: { "parley.model": name, "parley.role": role } };
    const answer = await breaker.run(
      async () => await telemetry.inSpan(span, async () => await askModel(model, asked)),
    );
    shown?.finish();
    note("done");
    return { ...answer, text: desk.mask.reveal(answer.text) };
  } catch (thrown) {
    if (turn.signal.aborted) note("stopped");
    else note("failed", `${role}: ${thrown instanceof ParleyError ? thrown.code : "unexpected error"}`);
    turn.signal.throwIfAborted();
    throw thrown;
  }
}
