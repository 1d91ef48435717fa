/** All tools of a bot behind one executor, with the proposals and the audit they need. */
import { join } from "node:path";
import type { Check } from "../../core/check.ts";
import type { Environment } from "../../core/environment.ts";
import { toError } from "../../core/errors.ts";
import { createGroupCommit } from "../../core/store/sqlite/group-commit.ts";
import { openDatabase } from "../../core/store/sqlite/database.ts";
import type { Json } from "../../core/json.ts";
import { expiryOf, type Pruned, type RetentionPolicy } from "../../core/retention.ts";
import type { Telemetry } from "../../core/telemetry.ts";
import type { Tool, ToolContext, Toolset } from "../../core/tool.ts";
import { createAudit } from "../audit/index.ts";
import {
  createConfirmations,
  createExecution,
  createProposalKeeping,
  createProposalTable,
  type ProposalStorage,
  type ToolAccess,
} from "../confirmation/index.ts";
import { refusalOf } from "./authorise.ts";
import { callTool } from "./call.ts";
import { createCatalogue, type ListedTool } from "./catalogue.ts";
import { ToolsetError } from "./errors.ts";
import { runTool, type RunOptions } from "./run-tool.ts";

export interface ToolsetOptions {
  /** The bot's id: its unfinished confirmed actions are finished at open. */
  readonly bot: string;
  readonly tools: readonly Tool[];
  /** Where `actions.db` (proposals and audit), `audit.key` and `audit.checkpoint` are kept. Bots may share it. */
  readonly dataDirectory: string;
  readonly environment: Environment;
  readonly telemetry: Telemetry;
  /** Longest time of one call, in ms. @default 20_000 */
  readonly timeoutMs?: number;
  /** How long a proposal can be confirmed, in ms. @default 300_000 */
  readonly confirmationMs?: number;
  /** The outside service of a tool: tools of one service share a circuit breaker. @default the tool's name */
  readonly serviceOf?: (tool: Tool) => string;
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
 * Opens a bot's tools: finishes what a crash left confirmed, and looks at the audit. Throws `tool/duplicate`,
 * `tool/unconfirmed-risk`, `audit/key` or `store/database`.
 */
export async function createToolset(options: ToolsetOptions): Promise<OpenToolset> {
  const { environment, telemetry, timeoutMs = 20_000 } = options;
  const catalogue = createCatalogue({
    tools: options.tools,
    clock: environment.clock,
    metrics: telemetry.metrics,
    serviceOf: options.serviceOf ?? ((tool) => tool.name),
  });
  const { storage, closeStorage } = openStorage(options);
  const access = toolAccess(catalogue, { telemetry, timeoutMs });
  const leaseMs = timeoutMs * 2 + 10_000;
  const execution = createExecution({ storage, tools: access, environment, telemetry, leaseMs });
  const confirmations = createConfirmations({ storage, tools: access, execution, environment, telemetry });
  const keeping = createProposalKeeping(storage);
  const finished = await execution.recover(options.bot);
  if (finished > 0)
    telemetry.log.warn({ bot: options.bot, finished }, "went on with confirmed actions of a stopped process");
  const calls = { catalogue, storage, telemetry, timeoutMs, lifetimeMs: options.confirmationMs ?? 5 * 60_000 };
  reportBrokenAudit(storage, telemetry);
  const described = [...catalogue.values()].map(({ tool }) => {
    const { name, description, inputSchema, risk, depends } = tool;
    return { name, description, inputSchema, risk, depends };
  });

  return {
    forTurn: (context) => ({
      tools: described,
      call: async (name, rawInput, callId) =>
        await callTool({ name, rawInput, context: { ...context, callId } }, calls),
    }),
    confirmations,
    forget: async (person) => await keeping.forget(person, options.bot),
    prune: async (policy) => {
      const now = environment.clock();
      await keeping.expire();
      const proposals = await keeping.prune(expiryOf(policy, "proposals", now));
      const audit = await storage.write(() =>
        storage.audit.prune(new Date(expiryOf(policy, "audit", now)).toISOString()),
      );
      return { proposals, audit };
    },
    check: async () => [storage.audit.check()],
    close: async () => {
      await execution.settled();
      await closeStorage();
    },
  };
}

function openStorage({ dataDirectory, environment }: ToolsetOptions) {
  const database = openDatabase(join(dataDirectory, "actions.db"));
  try {
    const audit = createAudit(database, dataDirectory, environment.clock);
    const table = createProposalTable(database);
    const commits = createGroupCommit(database);
    const storage: ProposalStorage = { table, audit, write: commits.write, clock: environment.clock };
    const closeStorage = async (): Promise<void> => {
      await commits.close();
      audit.close();
      database.close();
    };
    return { storage, closeStorage };
  } catch (thrown) {
    database.close();
    throw toError(thrown);
  }
}

function toolAccess(catalogue: ReadonlyMap<string, ListedTool>, options: RunOptions): ToolAccess {
  const find = (name: string): ListedTool => {
    const listed = catalogue.get(name);
    if (listed !== undefined) return listed;
    throw new ToolsetError("tool/unknown", `There is no tool "${name}" any more.`, { status: 404 });
  };
  return {
    knows: (name) => catalogue.has(name),
    alternatives: async (name, input, context) => await alternativesOf(catalogue.get(name)?.tool, input, context),
    afterwards: (name, locale) => catalogue.get(name)?.tool.afterwards?.(locale),
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
  try {
    return (await tool?.alternatives?.(input, context)) ?? [];
  } catch {
    context.signal.throwIfAborted();
    return [];
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

function reportBrokenAudit({ audit }: ProposalStorage, { log }: Telemetry): void {
  const check = audit.check();
  if (check.status !== "ok") log.error({ check }, "the audit of actions does not verify");
}
