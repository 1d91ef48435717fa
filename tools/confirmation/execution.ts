/**
 * Carries out what was confirmed, once. The process that confirms holds a lease while it executes. Whoever finds a
 * confirmed proposal without a living holder (a crash, a time-out) executes it again with the same idempotency key,
 * so that the effect happens once and its stored result is told.
 */
import { z } from "zod";
import { isGone, ProcessIdentity, processIdentity } from "../../core/broker/process-identity.ts";
import type { Evidence } from "../../core/evidence.ts";
import type { Environment } from "../../core/environment.ts";
import { describeError } from "../../core/errors.ts";
import { jsonText } from "../../core/store/rows.ts";
import type { Telemetry } from "../../core/telemetry.ts";
import type { ToolContext, ToolResult } from "../../core/tool.ts";
import { isAnswer } from "./is-answer.ts";
import { auditFactsOf, storedContext } from "./proposal-context.ts";
import { decisionOf } from "./proposal-evidence.ts";
import { echoOf, type ProposalOutcome, type ProposalRecord } from "./proposal-record.ts";
import { type Lease, table } from "./proposal-table.ts";
import type { ProposalStorage } from "./proposal-storage.ts";
import { textsFor } from "./texts.ts";
import type { ToolAccess } from "./tool-access.ts";

/** After so many tries of unknown outcome a person has to look. */
const MAX_EXECUTIONS = 5;
/** A confirmation that old is not acted on any more; a person has to look. */
const MAX_AGE_MS = 24 * 60 * 60_000;

export interface ExecutionOptions {
  readonly storage: ProposalStorage;
  readonly tools: ToolAccess;
  readonly environment: Environment;
  readonly telemetry: Telemetry;
  /** How long others leave an execution alone, in ms: longer than a tool may take. */
  readonly leaseMs: number;
}

export interface Execution {
  readonly newLease: () => Lease;
  /** Executes a proposal whose lease this process has just taken. Gives what to tell; never throws for the tool. */
  readonly run: (record: ProposalRecord, trace?: ToolContext["trace"]) => Promise<ProposalOutcome>;
  /** Goes on with one that was left confirmed; undefined when somebody else is or was at it. */
  readonly resume: (record: ProposalRecord, trace?: ToolContext["trace"]) => Promise<ProposalOutcome | undefined>;
  /** Never executes again one of unknown outcome, which its requester wants no more; undefined when somebody is at it. */
  readonly abandon: (record: ProposalRecord) => Promise<ProposalOutcome | undefined>;
  /** Goes on with all that a process had in hand when it ended; gives how many. */
  readonly recover: (bot: string) => Promise<number>;
  /** Goes on with what a process that died since, here or on another host, had in hand; gives how many. */
  readonly takeOverAbandoned: (bot: string) => Promise<number>;
  /** Waits for executions in hand. */
  readonly settled: () => Promise<void>;
}

/** Makes the executor of confirmed proposals. */
export function createExecution(options: ExecutionOptions): Execution {
  const { storage, tools, leaseMs } = options;
  const { read, write, clock } = storage;
  const inHand = new Set<Promise<unknown>>();
  const newLease = (): Lease => ({ owner: JSON.stringify(processIdentity()), leaseUntil: clock() + leaseMs });

  const run: Execution["run"] = async (record, trace = () => undefined) => {
    const work = execute(record, trace, options);
    inHand.add(work);
    try {
      return await work;
    } finally {
      inHand.delete(work);
    }
  };

  const takeOver = async (record: ProposalRecord): Promise<ProposalRecord | undefined> => {
    const deadOwner = record.owner !== undefined && isDead(record.owner) ? record.owner : null;
    const lease = newLease();
    const taken = await write(() => table.takeOver(record, { ...lease, now: clock(), deadOwner }));
    return taken ? { ...record, ...lease, executions: record.executions + 1 } : undefined;
  };

  const resume: Execution["resume"] = async (record, trace) => {
    const mine = await takeOver(record);
    if (mine === undefined) return undefined;
    const age = clock() - (record.decidedAt ?? record.createdAt);
    return age > MAX_AGE_MS ? await giveUp(mine, options) : await run(mine, trace);
  };

  const resumeAll = async (bot: string, isMeant: (record: ProposalRecord) => boolean): Promise<number> => {
    const left = await read(() => table.unfinished(bot));
    let resumed = 0;
    for (const record of left.filter((one) => tools.knows(one.tool) && isMeant(one))) {
      if ((await resume(record)) !== undefined) resumed += 1;
    }
    return resumed;
  };

  return {
    newLease,
    run,
    resume,
    abandon: async (record) => {
      const mine = await takeOver(record);
      return mine === undefined ? undefined : await giveUp(mine, options);
    },
    // What nobody holds had no known outcome, and its requester was told so: it is tried again when they confirm again, and
    // never behind their back, since they may have asked for the same anew.
    recover: async (bot) => await resumeAll(bot, ({ owner }) => owner !== undefined),
    takeOverAbandoned: async (bot) =>
      await resumeAll(
        bot,
        ({ owner, leaseUntil = 0 }) => owner !== undefined && (leaseUntil <= clock() || isDead(owner)),
      ),
    settled: async () => void (await Promise.allSettled(inHand)),
  };
}

const Owner = jsonText(ProcessIdentity);

/** Of a process of another host nothing is known: its lease has to run out. */
function isDead(owner: string): boolean {
  const process = Owner.safeParse(owner);
  return process.success && isGone(process.data);
}

async function execute(
  record: ProposalRecord,
  trace: ToolContext["trace"],
  options: ExecutionOptions,
): Promise<ProposalOutcome> {
  const { tools, environment, telemetry } = options;
  // Not the turn's signal: a confirmation is used up, so its execution is not stopped half-way.
  const { signal } = new AbortController();
  const context = storedContext(record, { environment, signal, trace });
  const idempotencyKey = `proposal:${record.id}`;
  let result: ToolResult;
  try {
    result = await tools.execute(record.tool, record.arguments, {
      ...context,
      confirmed: echoOf(record),
      idempotencyKey,
    });
  } catch (thrown) {
    const facts = { action: record.id, tool: record.tool, error: describeError(thrown) };
    if (!isAnswer(thrown)) {
      telemetry.log.error(facts, "a confirmed action ended without a known outcome");
      return await leaveOpen(record, options);
    }
    telemetry.log.info(facts, "a confirmed action was refused by its tool");
    const text = `${textsFor(record.locale).failed} ${thrown.message}`;
    return await finish(record, { status: "failed", outcome: { text, code: thrown.code } }, options);
  }
  return await finish(
    record,
    { status: "executed", outcome: { text: messageOf(result, record) }, evidence: result.evidence },
    options,
  );
}

interface Finished {
  readonly status: "executed" | "failed";
  readonly outcome: ProposalOutcome;
  readonly evidence?: readonly Evidence[] | undefined;
}

async function finish(
  record: ProposalRecord,
  { status, outcome, evidence = [] }: Finished,
  { storage }: ExecutionOptions,
): Promise<ProposalOutcome> {
  const { audit, write } = storage;
  return await write(function* () {
    if (!(yield* table.finish(record, status, outcome))) return (yield* table.find(record.id))?.outcome ?? outcome;
    const { code } = outcome;
    const rows = [decisionOf({ ...record, status, outcome }), ...evidence].map((row) => audit.prove(row));
    const decided = { by: record.person, ...(record.decidedBy !== undefined && { event: record.decidedBy }) };
    yield* audit.append(auditFactsOf(record, status, { ...(code !== undefined && { code }), decided, rows }));
    return outcome;
  });
}

async function leaveOpen(record: ProposalRecord, options: ExecutionOptions): Promise<ProposalOutcome> {
  if (record.executions >= MAX_EXECUTIONS) return await giveUp(record, options);
  const { audit, write } = options.storage;
  await write(function* () {
    yield* table.release(record.id, record.executions);
    yield* audit.append(auditFactsOf(record, "uncertain"));
  });
  return { text: textsFor(record.locale).uncertain, code: "confirmation/uncertain" };
}

async function giveUp(record: ProposalRecord, options: ExecutionOptions): Promise<ProposalOutcome> {
  options.telemetry.log.error(
    { action: record.id, tool: record.tool },
    "a confirmed action has no known outcome after its last try: somebody must look at it",
  );
  const text = textsFor(record.locale).unresolved;
  return await finish(record, { status: "failed", outcome: { text, code: "confirmation/unresolved" } }, options);
}

const WithMessage = z.object({ message: z.string().min(1) });

function messageOf(result: ToolResult, record: ProposalRecord): string {
  const told = WithMessage.safeParse(result.value);
  return told.success ? told.data.message : textsFor(record.locale).done(record.echo.summary);
}
