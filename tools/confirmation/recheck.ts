import type { Environment } from "../../core/environment.ts";
import { describeError } from "../../core/errors.ts";
import type { Telemetry } from "../../core/telemetry.ts";
import type { ToolContext } from "../../core/tool.ts";
import { canonicalJson, sha256 } from "../canonical-json.ts";
import type { Execution } from "./execution.ts";
import { isAnswer } from "./is-answer.ts";
import { storedContext } from "./proposal-context.ts";
import { echoOf, type ProposalOutcome, type ProposalRecord, StoredEcho } from "./proposal-record.ts";
import type { ProposalStorage } from "./proposal-storage.ts";
import { textsFor } from "./texts.ts";
import type { ToolAccess } from "./tool-access.ts";

export interface ConfirmationOptions {
  readonly storage: ProposalStorage;
  readonly tools: ToolAccess;
  readonly execution: Execution;
  readonly environment: Environment;
  readonly telemetry: Telemetry;
}

/** Why a proposal is not executed now. */
export interface Objection extends ProposalOutcome {
  /** Whether the proposal is void because of it. */
  readonly final: boolean;
}

/** What speaks against executing it now: it must still be allowed, possible, and exactly what was shown. */
export async function objectionTo(
  record: ProposalRecord,
  context: ToolContext,
  { tools, environment, telemetry }: ConfirmationOptions,
): Promise<Objection | undefined> {
  const texts = textsFor(record.locale);
  const changed: Objection = { text: texts.changed, code: "confirmation/changed", final: true };
  if (!tools.knows(record.tool)) return changed;
  if (sha256(canonicalJson(record.arguments)) !== record.argumentsHash) {
    telemetry.log.error({ action: record.id }, "the stored arguments of a proposal do not match their hash");
    return changed;
  }
  const refusal = tools.refusal(record.tool, context);
  if (refusal !== undefined) return { code: refusal.code, text: texts.notPossible(refusal.message), final: true };
  const { signal, trace } = context;
  try {
    const stored = storedContext(record, { environment, signal, trace });
    const echo = await tools.propose(record.tool, record.arguments, stored);
    const same = canonicalJson(StoredEcho.parse(echo)) === canonicalJson({ ...echoOf(record) });
    return same ? undefined : changed;
  } catch (thrown) {
    signal.throwIfAborted();
    if (isAnswer(thrown)) return { text: texts.notPossible(thrown.message), code: thrown.code, final: true };
    telemetry.log.error({ action: record.id, error: describeError(thrown) }, "a proposal could not be checked again");
    return { text: texts.tryAgain, code: "confirmation/unchecked", final: false };
  }
}
