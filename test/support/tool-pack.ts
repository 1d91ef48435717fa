import { directoryFiles } from "../../core/files/directory-files.ts";
import { sqliteDatabases } from "../../core/store/databases.ts";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { OpenContext, ToolPackFactory } from "../../core/bot.ts";
import { accountId, conversationId } from "../../core/conversation-id.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import type { Tool, ToolContext } from "../../core/tool.ts";
import type { TraceStep } from "../../core/trace.ts";
import { openSqliteStore } from "./sqlite-store.ts";

/** A temporary folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "parley-tools-"));
  onTestFinished(async () => await rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A pack of these tools. */
export function packOf(...tools: readonly Tool[]): ToolPackFactory {
  return { name: "tools", summary: {}, open: async () => ({ tools, close: async () => undefined }) };
}

/** What a tool pack is opened with, over a real store in `folder`. */
export async function openContext(folder: string, clock: () => number = Date.now): Promise<OpenContext> {
  const store = await openSqliteStore(folder);
  onTestFinished(async () => await store.close());
  let ids = 0;
  return {
    bot: { id: "harbour", name: "Harbour", locale: "en", timeZone: "Europe/Berlin" },
    environment: { clock, random: Math.random, newId: () => `id-${(ids += 1)}` },
    telemetry: silentTelemetry,
    dataDirectory: folder,
    configDirectory: folder,
    databases: sqliteDatabases(folder),
    files: directoryFiles(folder),
    store,
  };
}

type CallContext = ToolContext & { readonly idempotencyKey: string };

/** The context of one tool call by `person`, and the trace it writes. */
export function callContext(person = "web:main:u1"): {
  readonly context: CallContext;
  readonly steps: Omit<TraceStep, "at">[];
} {
  const steps: Omit<TraceStep, "at">[] = [];
  let ids = 0;
  const context: CallContext = {
    bot: "harbour",
    account: accountId("web", "main"),
    conversation: conversationId({ platform: "web", account: "main", chat: "c1" }),
    chatType: "direct",
    userId: "u1",
    person,
    scopes: new Set(["public"]),
    eventId: "event-1",
    callId: "call-1",
    idempotencyKey: "event-1:call-1",
    userTexts: [],
    locale: "en",
    environment: { clock: Date.now, random: Math.random, newId: () => `id-${(ids += 1)}` },
    signal: new AbortController().signal,
    trace: (step) => steps.push(step),
  };
  return { context, steps };
}
