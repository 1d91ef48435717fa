/** One call: validate → authorise → confirm → execute → audit, the same for every caller. */
import { InvalidInputError } from "../../core/errors.ts";
import { isTooDeep, Json } from "../../core/json.ts";
import type { Telemetry } from "../../core/telemetry.ts";
import type { Tool, ToolContext, ToolOutcome, ToolRunner } from "../../core/tool.ts";
import type { AuditFacts } from "../audit/index.ts";
import { canonicalJson, sha256 } from "../canonical-json.ts";
import { findReplayed, proposalOf, type ProposalStorage, storeProposal } from "../confirmation/index.ts";
import { refusalOf } from "./authorise.ts";
import type { Catalogue, ListedTool } from "./catalogue.ts";
import { elsewhereOf } from "./elsewhere.ts";
import { outcomeOf } from "./outcomes.ts";
import { requireSaid } from "./provenance.ts";
import { runTool } from "./run-tool.ts";

/** A call's arguments may take this many characters of JSON: nobody needs more, and each is kept. */
const MAX_ARGUMENTS = 32_768;
/** How far back a requester's own words count, and how much of each. */
const MAX_TEXTS = 12;
const MAX_TEXT_LENGTH = 4_000;

export interface CallDependencies {
  readonly catalogue: Catalogue;
  readonly storage: ProposalStorage;
  readonly telemetry: Telemetry;
  readonly timeoutMs: number;
  readonly lifetimeMs: number;
  readonly timeZone: string;
}

/** What is asked for. */
export interface Call {
  readonly name: string;
  readonly rawInput: unknown;
  /** With the call's own `callId`. */
  readonly context: ToolContext;
  readonly entities: ToolRunner["entities"];
  /** The waiting proposal that it takes the place of. */
  readonly supersedes?: string | undefined;
}

/** Makes one call. Failures are data; throws only the reason of an abort. */
export async function callTool(call: Call, dependencies: CallDependencies): Promise<ToolOutcome> {
  const { name, context } = call;
  const { storage, telemetry, catalogue } = dependencies;
  context.signal.throwIfAborted();
  const listed = catalogue.find(name);
  const startedAt = storage.clock();
  const { outcome, argumentsHash } = await attempt(listed, call, dependencies);
  const milliseconds = Math.max(0, storage.clock() - startedAt);
  // A model may ask for any name: only known ones become labels.
  const label = listed === undefined ? "unknown" : name;
  telemetry.metrics.tool({ tool: label, outcome: outcome.status }, milliseconds / 1000);
  context.trace({
    kind: "tool",
    name: label,
    outcome: outcome.status,
    milliseconds,
    ...("code" in outcome && { detail: outcome.code }),
  });
  return await audited(outcome, { call, label, argumentsHash }, dependencies);
}

interface Attempt {
  readonly outcome: ToolOutcome;
  readonly argumentsHash?: string;
}

async function attempt(listed: ListedTool | undefined, call: Call, dependencies: CallDependencies): Promise<Attempt> {
  if (listed === undefined) {
    const known = dependencies.catalogue
      .all()
      .map(({ tool }) => tool.name)
      .join(", ");
    return {
      outcome: { status: "refused", code: "tool/unknown", message: `There is no such tool. There are: ${known}.` },
    };
  }
  const { log } = dependencies.telemetry;
  let input: Json;
  try {
    input = listed.tool.parse(plainJson(call.rawInput, call.name));
  } catch (thrown) {
    return { outcome: outcomeOf(thrown, call.name, log) };
  }
  const argumentsHash = sha256(canonicalJson(input));
  const refusal = refusalOf(listed.tool, call.context);
  if (refusal !== undefined) return { outcome: { status: "refused", ...refusal }, argumentsHash };
  try {
    await requireSaid(listed.tool, input, { ...call, timeZone: dependencies.timeZone });
    const run = mustConfirm(listed.tool, input, call.context) ? propose : execute;
    return { outcome: await run(listed, input, call, dependencies), argumentsHash };
  } catch (thrown) {
    call.context.signal.throwIfAborted();
    return { outcome: outcomeOf(thrown, call.name, log), argumentsHash };
  }
}

/** No model's word counts: the requester's own newest words plainly ask for the call, or the requester confirms it. */
function mustConfirm({ confirmation, said }: Tool, input: Json, { userTexts }: ToolContext): boolean {
  if (confirmation === "never") return false;
  return confirmation === "always" || !said(input, userTexts.at(-1) ?? "");
}

async function propose(
  listed: ListedTool,
  input: Json,
  { context, entities, supersedes }: Call,
  dependencies: CallDependencies,
): Promise<ToolOutcome> {
  const { storage, lifetimeMs, timeZone } = dependencies;
  const { tool } = listed;
  const asked = { ...context, userTexts: recentWords(context.userTexts) };
  const call = { tool: tool.name, risk: tool.risk, input, context: asked, supersedes };
  const replayed = await findReplayed(storage, call);
  if (replayed !== undefined) return { status: "proposed", proposal: proposalOf(replayed) };
  const step = { name: "propose", signal: context.signal } as const;
  const echo = await runTool(
    listed,
    step,
    async (signal) => await tool.propose(input, { ...asked, signal }),
    dependencies,
  );
  const elsewhere = await elsewhereOf(tool, input, { context: asked, entities, timeZone });
  const { record, replaced } = await storeProposal(storage, call, { echo, elsewhere, lifetimeMs });
  const proposal = proposalOf(record);
  return { status: "proposed", proposal, ...(replaced.length > 0 && { replaced }) };
}

async function execute(
  listed: ListedTool,
  input: Json,
  { context }: Call,
  dependencies: CallDependencies,
): Promise<ToolOutcome> {
  const idempotencyKey = `${context.eventId}:${context.callId}`;
  const userTexts = recentWords(context.userTexts);
  const result = await runTool(
    listed,
    { name: "execute", signal: context.signal },
    async (signal) => await listed.tool.execute(input, { ...context, userTexts, signal, idempotencyKey }),
    dependencies,
  );
  return { status: "done", result };
}

/** Proposals are audited where they are stored; here everything else. What cannot be audited is not given out. */
async function audited(
  outcome: ToolOutcome,
  {
    call,
    label,
    argumentsHash,
  }: { readonly call: Call; readonly label: string; readonly argumentsHash: string | undefined },
  { catalogue, storage, telemetry }: CallDependencies,
): Promise<ToolOutcome> {
  if (outcome.status === "proposed") return outcome;
  const { bot, person, account, userId, conversation, eventId, callId } = call.context;
  const risk = catalogue.find(label)?.tool.risk;
  const rows = outcome.status === "done" ? (outcome.result.evidence ?? []).map(storage.audit.prove) : [];
  const entry: AuditFacts = {
    kind: outcome.status === "done" ? "executed" : outcome.status,
    bot,
    person,
    account,
    userId,
    conversation,
    eventId,
    callId,
    tool: label,
    ...(argumentsHash === undefined ? {} : { argumentsHash }),
    ...(outcome.status === "done" ? {} : { code: outcome.code }),
    ...(risk && { risk }),
    ...(rows.length > 0 && { rows }),
  };
  try {
    await storage.write(() => storage.audit.append(entry));
    return withoutEvidence(outcome);
  } catch (thrown) {
    return outcomeOf(thrown, label, telemetry.log);
  }
}

/** What rows were written is the audit's alone. */
function withoutEvidence(outcome: ToolOutcome): ToolOutcome {
  if (outcome.status !== "done") return outcome;
  const { evidence: _evidence, ...result } = outcome.result;
  return { status: "done", result };
}

/**
 * Only what survives JSON: no prototypes, getters, cycles or undefined fields reach a tool. Keys are sorted, as they are
 * where arguments are stored: what a tool says of them is the same when they are read again.
 */
function plainJson(rawInput: unknown, name: string): unknown {
  let text: string | undefined;
  try {
    text = JSON.stringify(rawInput ?? {});
  } catch (thrown) {
    throw new InvalidInputError("tool/invalid-input", `${name}: the arguments are no JSON.`, [], { cause: thrown });
  }
  if (text === undefined) throw new InvalidInputError("tool/invalid-input", `${name}: the arguments are no JSON.`);
  if (text.length > MAX_ARGUMENTS) {
    throw new InvalidInputError(
      "tool/invalid-input",
      `${name}: the arguments are longer than ${MAX_ARGUMENTS} characters.`,
    );
  }
  const raw: unknown = JSON.parse(text);
  if (isTooDeep(raw)) throw new InvalidInputError("tool/invalid-input", `${name}: the arguments are nested too deep.`);
  const sorted: unknown = JSON.parse(canonicalJson(Json.parse(raw)));
  return sorted;
}

function recentWords(texts: readonly string[]): readonly string[] {
  // A number that is cut in two would be another number: the last word goes as a whole.
  return texts
    .slice(-MAX_TEXTS)
    .map((text) => (text.length <= MAX_TEXT_LENGTH ? text : text.slice(0, MAX_TEXT_LENGTH).replace(/\S*$/u, "")));
}
