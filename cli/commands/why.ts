import type { Command } from "commander";
import { colors } from "../colors.ts";
import { loadConfig } from "../../core/config/index.ts";
import type { DeliveryRecord, Store } from "../../core/store/store.ts";
import type { Trace } from "../../core/trace.ts";
import { CommonOptions, optionsOf } from "../options.ts";
import { print, printJson } from "../output.ts";
import { openDatabases } from "../runtime/open-databases.ts";
import { openStore } from "../runtime/open-store.ts";

/** How many of each are listed where no message is named. */
const LAST = 20;

/** `parley why`: the gate that stopped a message, or everything that made its answer. */
export function addWhyCommand(why: Command): void {
  why
    .argument(
      "[message]",
      "a message id, a link to the message, or an event id; left out, the last messages are listed",
    )
    .option("--json", "prints traces and deliveries as JSON")
    .action(async (reference: string | undefined, _options, command: Command) => {
      const options = optionsOf(command, CommonOptions);
      const databases = await openDatabases(await loadConfig(options.config));
      const store = await openStore(databases);
      try {
        if (reference === undefined) return await listLast(store, options);
        const traces = await store.traces.find(reference);
        const found = await Promise.all(
          traces.map(async (trace) => ({ trace, deliveries: await store.deliveries.forEvent(trace.id) })),
        );
        if (options.json) printJson(found);
        else if (found.length === 0) printUnknown(reference);
        else for (const { trace, deliveries } of found) printTrace(trace, deliveries);
        if (found.length === 0) process.exitCode = 1;
      } finally {
        await store.close();
        await databases.close();
      }
    });
}

/** What happened last, and which replies did not arrive for certain. */
async function listLast(store: Store, { json }: { readonly json: boolean }): Promise<void> {
  const traces = await store.traces.list(LAST);
  const deliveries = await store.deliveries.inTrouble(LAST);
  if (json) return printJson({ traces, deliveries });
  for (const { id, bot, conversation, outcome, startedAt } of traces)
    print(`${colour(outcome)}  ${id}  ${colors.dim(`${bot} · ${conversation} · ${startedAt}`)}`);
  if (traces.length === 0) print("No message has been answered yet, or all traces were pruned.");
  if (deliveries.length > 0) print("\nReplies that did not arrive, or not for certain:");
  for (const { outcome, eventId, conversation, at, detail = "" } of deliveries)
    print(`${colour(outcome)}  ${eventId}  ${colors.dim(`${conversation} · ${at}`)}  ${detail}`);
}

function printUnknown(reference: string): void {
  print(`No trace of ${reference}.`);
  print(
    "Either the platform never handed it to Parley (is the bot in that chat? does it have the intents and scopes? run: parley doctor),",
  );
  print("or it still waits (run: parley dead-letters list), or its trace was pruned.");
}

function printTrace(trace: Trace, deliveries: readonly DeliveryRecord[]): void {
  const duration =
    trace.finishedAt === undefined ? "" : ` in ${Date.parse(trace.finishedAt) - Date.parse(trace.startedAt)} ms`;
  print(
    `${colors.bold(trace.outcome)}${duration}  ${colors.dim(`${trace.bot} · ${trace.conversation} · ${trace.startedAt}`)}`,
  );
  const stopped = trace.steps.find((step) => step.kind === "guard" && step.outcome === "stopped");
  if (stopped !== undefined) print(`${colors.yellow("stopped by")} ${stopped.name}: ${stopped.detail ?? ""}`);
  const without = trace.steps.find((step) => step.name === "budget" && step.outcome === "embedded");
  if (without !== undefined) print(`${colors.yellow("answered without a model")}: ${without.detail ?? ""}`);
  for (const step of trace.steps) {
    const time = step.milliseconds === undefined ? "" : colors.dim(` ${Math.round(step.milliseconds)} ms`);
    const act = step.act === undefined ? "" : [step.act, step.missing].filter(Boolean).join(" ");
    const notes = [step.detail, act].filter(Boolean).join("; ");
    print(`  ${step.kind.padEnd(12)} ${step.name.padEnd(20)} ${colour(step.outcome)}${time}${notes && `  ${notes}`}`);
  }
  for (const delivery of deliveries) {
    const degraded = delivery.degraded.map(({ feature, shownAs }) => `${feature} shown as ${shownAs}`).join(", ");
    const ids = delivery.receipts.map(({ messageId }) => messageId).join(", ");
    const notes = [ids, degraded, delivery.detail ?? ""].filter((note) => note !== "").join("; ");
    print(`  ${"delivery".padEnd(12)} ${delivery.account.padEnd(20)} ${colour(delivery.outcome)}  ${notes}`);
  }
  print();
}

function colour(outcome: string): string {
  if (["passed", "done", "delivered", "answered", "hit"].includes(outcome)) return colors.green(outcome);
  if (["failed", "refused", "dead-lettered"].includes(outcome)) return colors.red(outcome);
  return colors.yellow(outcome);
}
