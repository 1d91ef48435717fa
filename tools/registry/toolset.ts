/** All tools of a bot behind one executor, with the proposals and the audit they need. */
import type { Check } from "../../core/check.ts";
import type { Environment } from "../../core/environment.ts";
import type { EvidenceBook } from "../../core/evidence.ts";
import { describeError, toError } from "../../core/errors.ts";
import type { Databases } from "../../core/store/databases.ts";
import type { Files } from "../../core/files/files.ts";
import type { Json } from "../../core/json.ts";
import { expiryOf, type Pruned, type RetentionPolicy } from "../../core/retention.ts";
import type { Telemetry } from "../../core/telemetry.ts";
import type { OpenToolPack } from "../../core/bot.ts";
import type { NamedEntity } from "../../core/teaching.ts";
import type { DescribedTool, Tool, ToolContext, ToolRunner, Toolset } from "../../core/tool.ts";
import { createAudit } from "../audit/index.ts";
import {
  createConfirmations,
  createExecution,
  createProposalKeeping,
  type Execution,
  proposalModule,
  type ProposalStorage,
  type ToolAccess,
} from "../confirmation/index.ts";
import { actionTables } from "./kept-tables.ts";
import { refusalOf } from "./authorise.ts";
import { entitiesOf } from "./entities.ts";
import { type CallDependencies, callTool } from "./call.ts";
import { type Catalogue, createCatalogue, type ListedTool } from "./catalogue.ts";
import { ToolsetError } from "./errors.ts";
import { otherChoices } from "./other-choices.ts";
import { runTool, type RunOptions } from "./run-tool.ts";

export interface ToolsetOptions {
  /** The bot's id: its unfinished confirmed actions are finished at open. */
  readonly bot: string;
  readonly tools: readonly Tool[];
  /** Tools that come and go while it is open: those that are there now. Cheap, and never throws. */
  readonly changing?: () => readonly Tool[];
  /** Where `actions.db` (proposals and audit) is opened. Bots, and with PostgreSQL hosts, may share it. */
  readonly databases: Databases;
  /** Where the audit's key and checkpoint are kept. Whoever shares the database shares them too. */
  readonly files: Files;
  readonly environment: Environment;
  readonly telemetry: Telemetry;
  /** Longest time of one call, in ms. @default 20_000 */
  readonly timeoutMs?: number;
  /** How long a proposal can be confirmed, in ms. @default 300_000 */
  readonly confirmationMs?: number;
  /** The outside service of a tool: tools of one service share a circuit breaker. @default the tool's name */
  readonly serviceOf?: (tool: Tool) => string;
  /** What the tool packs know by name for a person. */
  readonly entities?: readonly NonNullable<OpenToolPack["entities"]>[];
  /** Tables of packs whose rows the audit knows. Closed with it. */
  readonly evidence?: readonly EvidenceBook[];
  /** True leaves it to other processes to go on with what was confirmed, and to check the audit. @default false */
  readonly leavesWork?: boolean;
  /** In which words about time are read. @default "UTC" */
  readonly timeZone?: string;
}

export interface OpenToolset extends Toolset {
  /** Ends waiting proposals whose time is over, and deletes proposals and audit entries that are older than allowed. */
  readonly prune: (policy: RetentionPolicy) => Promise<Pruned>;
  /** For `doctor` and readiness: the audit is unbroken. */
  readonly check: () => Promise<readonly Check[]>;
  /** Finishes executions in hand and closes the files. Safe to call twice. */
  readonly close: () => Promise<void>;
}

/**
 * Opens a bot's tools: finishes what a crash left confirmed, and looks at the audit, unless others do. Throws `tool/duplicate`,
 * `tool/unconfirmed-risk`, `audit/key` or `store/database`.
 */
export async function createToolset(options: ToolsetOptions): Promise<OpenToolset> {
  const { environment, telemetry, timeoutMs = 20_000 } = options;
  const catalogue = createCatalogue({
    tools: options.tools,
    ...(options.changing && { changing: options.changing }),
    clock: environment.clock,
    metrics: telemetry.metrics,
    serviceOf: options.serviceOf ?? ((tool) => tool.name),
  });
  const { storage, closeStorage } = await openStorage(options);
  const access = toolAccess(catalogue, { telemetry, timeoutMs });
  const leaseMs = timeoutMs * 2 + 10_000;
  const execution = createExecution({ storage, tools: access, environment, telemetry, leaseMs });
  const confirmations = createConfirmations({ storage, tools: access, execution, environment, telemetry });
  const keeping = createProposalKeeping(storage);
  const { confirmationMs: lifetimeMs = 5 * 60_000, timeZone = "UTC" } = options;
  const calls = { catalogue, storage, telemetry, timeoutMs, lifetimeMs, timeZone };
  const takingOver = options.leavesWork === true ? undefined : await takeOver(execution, options, { storage, leaseMs });
  const fixed = options.changing === undefined ? describeTools(catalogue) : undefined;
  const described = (): readonly DescribedTool[] => fixed ?? describeTools(catalogue);

  return {
    get tools() {
      return described();
    },
    forTurn: (context) => toolsOfTurn(context, described(), { calls, options }),
    confirmations,
    forget: async (person) => await keeping.forget(person, options.bot),
    kept: async (person) => await keeping.kept(person, options.bot),
    prune: async (policy) => {
      const now = environment.clock();
      await keeping.expire();
      const proposals = await keeping.prune(expiryOf(policy, "proposals", now));
      const audit = await storage.audit.prune(new Date(expiryOf(policy, "audit", now)).toISOString());
      return { proposals, audit };
    },
    check: async () => [await storage.audit.check()],
    close: async () => {
      await takingOver?.close();
      await execution.settled();
      await closeStorage();
      for (const book of options.evidence ?? []) await book.close();
    },
  };
}

function describeTools(catalogue: Catalogue): readonly DescribedTool[] {
  return catalogue.all().map(({ tool }) => {
    const { name, description, inputSchema, risk, confirmation, depends } = tool;
    const { slots, language, samples, measures, purpose, endsRequests, parse } = tool;
    return {
      name,
      description,
      inputSchema,
      risk,
      confirmation,
      depends,
      slots,
      language,
      samples,
      measures,
      parse,
      ...(purpose && { purpose }),
      ...(endsRequests && { endsRequests }),
    };
  });
}

/** The tools for one turn's requester. */
function toolsOfTurn(
  context: ToolContext,
  tools: readonly DescribedTool[],
  { calls, options }: { readonly calls: CallDependencies; readonly options: ToolsetOptions },
): ToolRunner {
  let known: Promise<readonly NamedEntity[]> | undefined;
  const entities = async (): Promise<readonly NamedEntity[]> => await (known ??= entitiesOf(context, options));
  const given: { readonly tool: string; readonly value: Json }[] = [];
  const results = (): typeof given => [...given];
  return {
    tools,
    entities,
    call: async (name, rawInput, callId, { supersedes, asked } = {}) => {
      const called = { ...context, results, callId, ...(asked !== undefined && { asked }) };
      const call = { name, rawInput, context: called, entities, supersedes };
      const outcome = await callTool(call, calls);
      if (outcome.status === "done") given.push({ tool: name, value: outcome.result.value });
      return outcome;
    },
  };
}

async function openStorage({ databases, files, environment, telemetry }: ToolsetOptions) {
  const { clock } = environment;
  const database = databases.open(actionTables.file);
  try {
    await database.migrate(proposalModule);
    const audit = await createAudit(database, files, { clock, log: telemetry.log });
    const storage: ProposalStorage = { audit, read: database.read, write: audit.write, clock };
    const closeStorage = async (): Promise<void> => {
      await audit.close();
      await database.close();
    };
    return { storage, closeStorage };
  } catch (thrown) {
    await database.close();
    throw toError(thrown);
  }
}

/** Goes on with what a stopped process left, now and from now on. */
async function takeOver(
  execution: Execution,
  { bot, telemetry, evidence = [] }: ToolsetOptions,
  { storage, leaseMs }: { readonly storage: ProposalStorage; readonly leaseMs: number },
) {
  const finished = await execution.recover(bot);
  if (finished > 0) telemetry.log.warn({ bot, finished }, "went on with confirmed actions of a stopped process");
  reportBrokenAudit(await storage.audit.check(), telemetry);
  await storage.audit.record(evidence);
  return takeOverRegularly(execution, { bot, everyMs: leaseMs, telemetry });
}

/** A host that died does not start again to go on with what it had in hand: the others look for that. */
function takeOverRegularly(
  execution: Execution,
  { bot, everyMs, telemetry }: { readonly bot: string; readonly everyMs: number; readonly telemetry: Telemetry },
) {
  const { log } = telemetry;
  let looking: Promise<void> = Promise.resolve();
  const look = async (): Promise<void> => {
    try {
      const taken = await execution.takeOverAbandoned(bot);
      if (taken > 0) log.warn({ bot, taken }, "went on with confirmed actions of a process that died");
    } catch (thrown) {
      log.warn(
        { bot, error: describeError(thrown) },
        "confirmed actions could not be looked through; tried again later",
      );
    }
  };
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, everyMs).unref();
  return {
    close: async (): Promise<void> => {
      clearInterval(timer);
      await looking;
    },
  };
}

function toolAccess(catalogue: Catalogue, options: RunOptions): ToolAccess {
  const find = (name: string): ListedTool => {
    const listed = catalogue.find(name);
    if (listed !== undefined) return listed;
    throw new ToolsetError("tool/unknown", `There is no tool "${name}" any more.`, { status: 404 });
  };
  return {
    knows: (name) => catalogue.find(name) !== undefined,
    alternatives: async (name, input, context) => await alternativesOf(catalogue.find(name)?.tool, input, context),
    afterwards: (name, locale) => catalogue.find(name)?.tool.afterwards?.(locale),
    refusal: (name, context: ToolContext) => refusalOf(find(name).tool, context),
    propose: async (name, input, context) => {
      const listed = find(name);
      const step = { name: "propose", signal: context.signal } as const;
      return await runTool(
        listed,
        step,
        async (signal) => await listed.tool.propose(input, { ...context, signal }),
        options,
      );
    },
    execute: async (name, input, context) => {
      const listed = find(name);
      return await measured(listed, { context, options }, async (signal) => {
        return await listed.tool.execute(input, { ...context, signal });
      });
    },
  };
}

/** What cannot be found out now is left out: the words around a name are read all the same. */
async function alternativesOf(tool: Tool | undefined, input: Json, context: ToolContext): Promise<readonly string[]> {
  const choices = tool === undefined ? [] : otherChoices(tool, input);
  try {
    return [...choices, ...((await tool?.alternatives?.(input, context)) ?? [])];
  } catch {
    context.signal.throwIfAborted();
    return choices;
  }
}

/** A confirmed execution is measured and traced like any other call. */
async function measured<Result>(
  listed: ListedTool,
  { context, options }: { readonly context: ToolContext; readonly options: RunOptions },
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const { clock } = context.environment;
  const startedAt = clock();
  const note = (outcome: "done" | "failed"): void => {
    const milliseconds = Math.max(0, clock() - startedAt);
    options.telemetry.metrics.tool({ tool: listed.tool.name, outcome }, milliseconds / 1000);
    context.trace({ kind: "tool", name: listed.tool.name, outcome, milliseconds });
  };
  try {
    const result = await runTool(listed, { name: "execute", signal: context.signal }, work, options);
    note("done");
    return result;
  } catch (thrown) {
    note("failed");
    throw thrown;
  }
}

function reportBrokenAudit(check: Check, { log }: Telemetry): void {
  if (check.status !== "ok") log.error({ check }, "the audit of actions does not verify");
}
