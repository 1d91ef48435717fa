/** Proposals while the clock jumps: one that is too old is never executed, one in its time is, once. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { systemEnvironment } from "../../../cli/runtime/system-environment.ts";
import { conversationId } from "../../../core/conversation-id.ts";
import { defineTool } from "../../../core/define-tool.ts";
import { directoryFiles } from "../../../core/files/directory-files.ts";
import { sqliteDatabases } from "../../../core/store/databases.ts";
import { completeEvent } from "../../../core/intake/intake.ts";
import { silentTelemetry } from "../../../core/silent-telemetry.ts";
import type { ToolContext } from "../../../core/tool.ts";
import { createToolset } from "../../../tools/index.ts";
import { must, type Result } from "../experiment.ts";
import { accountOn, BOT } from "../road.ts";

const MINUTE_MS = 60_000;
const LIFETIME_MS = 5 * MINUTE_MS;

interface Case {
  readonly name: string;
  /** Time that really passes, and what the clock shows besides. */
  readonly passesMs: number;
  readonly jumpMs: number;
  /** Left out where either is right: refusing is always safe. */
  readonly executes?: boolean;
}

const CASES: readonly Case[] = [
  { name: "in its time", passesMs: 4 * MINUTE_MS, jumpMs: 0, executes: true },
  { name: "too late", passesMs: 6 * MINUTE_MS, jumpMs: 0, executes: false },
  { name: "an hour forth", passesMs: MINUTE_MS, jumpMs: 60 * MINUTE_MS },
  { name: "a day forth", passesMs: MINUTE_MS, jumpMs: 24 * 60 * MINUTE_MS },
  { name: "too late, an hour back", passesMs: 6 * MINUTE_MS, jumpMs: -60 * MINUTE_MS, executes: false },
  {
    name: "too late, a day back",
    passesMs: 24 * 60 * MINUTE_MS,
    jumpMs: -24 * 60 * MINUTE_MS - MINUTE_MS,
    executes: false,
  },
];

/** Tries each case on the real confirmation engine; gives what it did wrong. */
export async function confirmationsUnderJumps(directory: string): Promise<Pick<Result, "faults" | "figures">> {
  const faults: string[] = [];
  let executed = 0;
  for (const [index, one] of CASES.entries()) {
    const done = await tryCase(join(directory, `clock-${index}`), one);
    executed += done;
    faults.push(
      ...must(done <= 1, `${one.name}: executed ${done} times`),
      ...must(one.executes !== false || done === 0, `${one.name}: a proposal outlived its time`),
      ...must(one.executes !== true || done === 1, `${one.name}: a proposal was not executed in its time`),
    );
  }
  return { faults, figures: { "proposals executed": `${executed} of ${CASES.length}` } };
}

/** Proposes, lets time pass and jump, confirms twice; gives how often the tool was executed. */
async function tryCase(directory: string, { passesMs, jumpMs }: Case): Promise<number> {
  mkdirSync(directory);
  let now = Date.now();
  let executions = 0;
  const environment = { ...systemEnvironment(), clock: () => now };
  const pay = defineTool({
    name: "pay",
    description: "Pays.",
    input: z.strictObject({}),
    risk: "high",
    confirmation: "always",
    scopes: ["private"],
    depends: "user",
    propose: async () => ({ summary: "Pay." }),
    execute: async () => {
      executions += 1;
      return { value: { paid: true } };
    },
  });
  const toolset = await createToolset({
    bot: BOT,
    tools: [pay],
    databases: sqliteDatabases(directory),
    files: directoryFiles(directory),
    environment,
    telemetry: silentTelemetry,
    confirmationMs: LIFETIME_MS,
  });
  const context = contextIn(environment);
  const outcome = await toolset.forTurn(context).call("pay", {}, "pay");
  if (outcome.status !== "proposed") throw new Error(`The call ended ${outcome.status}.`);
  now += passesMs + jumpMs;
  for (const key of ["first", "second"]) {
    const event = completeEvent(
      {
        type: "action",
        key,
        choiceId: `confirm:${outcome.proposal.id}`,
        chat: { id: "k1", type: "direct" },
        user: { id: "user-k1" },
        timestamp: new Date(now).toISOString(),
      },
      { account: accountOn("keyed"), bot: BOT, environment },
    );
    await toolset.confirmations.handle(event, { ...context, eventId: event.id });
  }
  await toolset.close();
  return executions;
}

function contextIn(environment: ToolContext["environment"]): ToolContext {
  return {
    bot: BOT,
    account: accountOn("keyed"),
    conversation: conversationId({ platform: "keyed", account: "main", chat: "k1" }),
    chatType: "direct",
    userId: "user-k1",
    person: "keyed:main:user-k1",
    scopes: new Set(["public", "private"]),
    eventId: environment.newId(),
    callId: "turn",
    userTexts: ["pay"],
    locale: "en",
    environment,
    signal: new AbortController().signal,
    trace: () => undefined,
  };
}
