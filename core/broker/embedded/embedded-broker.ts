/** The broker of a fresh machine: one SQLite file, durable, shared by the processes of one machine. */
import type { Environment } from "../../environment.ts";
import { describeError } from "../../errors.ts";
import type { Telemetry } from "../../telemetry.ts";
import type { Broker, Running } from "../broker.ts";
import { startCourier } from "../courier.ts";
import { startHold } from "../hold.ts";
import type { Mailboxes, Outboxes } from "../mailbox.ts";
import { startWorker } from "../worker.ts";
import { watchChanges } from "./change-watch.ts";
import type { EmbeddedContext } from "./context.ts";
import { createConversations } from "./conversations.ts";
import { openBrokerDatabase, type Synchronous } from "./database.ts";
import { createDeadLetters } from "./dead-letters.ts";
import { checkEmbedded } from "./health.ts";
import { createIntake } from "./intake.ts";
import { createLifecycleStream } from "./lifecycle-stream.ts";
import { createMailboxes } from "./mailboxes.ts";
import { createOutboxes, createOutboxRows, createSend } from "./outboxes.ts";
import { createOverview } from "./overview.ts";
import { createPauses } from "./pauses.ts";
import { createRemembered } from "./remembered.ts";
import { createSchedule } from "./schedule.ts";
import { createSignals } from "./signals.ts";
import { createSweeper } from "./sweeper.ts";
import { createWakes } from "./wakes.ts";
import { createWrites } from "./writes.ts";

export interface EmbeddedBrokerOptions {
  /** The SQLite file; its folder is made when missing. */
  readonly path: string;
  readonly environment: Environment;
  readonly telemetry: Telemetry;
  /** @default "full" */
  readonly synchronous?: Synchronous;
  /** Waiting events a conversation may have before `accept` refuses. @default 1000 */
  readonly maxWaiting?: number;
  /** How long dead letters are kept. @default 30 days */
  readonly deadRetentionMs?: number;
  /** @default 5_000 */
  readonly sweepEveryMs?: number;
}

/** A broker with what is beneath it, for conformance tests. */
export interface OpenedEmbeddedBroker {
  readonly broker: Broker;
  readonly mailboxes: Mailboxes;
  readonly outboxes: Outboxes;
  readonly sweep: () => Promise<void>;
}

/** Opens the broker on its file. Throws `broker/newer-file` when a newer version wrote it. */
export function createEmbeddedBroker(options: EmbeddedBrokerOptions): Broker {
  return openEmbeddedBroker(options).broker;
}

/** Opens the broker and gives the primitives, too. */
export function openEmbeddedBroker(options: EmbeddedBrokerOptions): OpenedEmbeddedBroker {
  const { environment, telemetry } = options;
  const synchronous = options.synchronous ?? "full";
  const database = openBrokerDatabase(options.path, synchronous);
  const report = (thrown: unknown): void =>
    telemetry.log.warn(
      { error: describeError(thrown) },
      "The broker's file could not be watched or swept; trying again",
    );
  const watch = watchChanges(database, report);
  const commits = createWrites(database, watch.notify);
  const maxWaiting = options.maxWaiting ?? 1_000;
  const { write, writeLightly } = commits;
  const context: EmbeddedContext = { database, write, writeLightly, watch, environment, telemetry, maxWaiting };
  const parts = createParts(context);
  const sweeper = createSweeper(context, parts, {
    everyMs: options.sweepEveryMs ?? 5_000,
    deadRetentionMs: options.deadRetentionMs ?? 30 * 24 * 60 * 60 * 1000,
    report,
  });
  const running = new Set<Running>();
  const { mailboxes, outboxes, wakes } = parts;

  async function close(): Promise<void> {
    await Promise.all([...running].map((loop) => loop.close()));
    sweeper.close();
    parts.schedule.close();
    await parts.signals.close();
    await commits.close();
    wakes.close();
    watch.close();
    database.close();
  }

  let closed: Promise<void> | undefined;
  const broker: Broker = {
    kind: "embedded",
    ...parts.calls,
    accept: (event, { holdMs = 0 } = {}) => context.write(() => parts.intake.take(event, holdMs)),
    work: (handler, workOptions) =>
      tracked(running, startWorker({ mailboxes, wakes, environment, telemetry }, handler, workOptions)),
    hold: (account, work) => tracked(running, startHold({ outboxes, environment, telemetry }, account, work)),
    deliver: (account, handler, deliverOptions) =>
      tracked(running, startCourier({ outboxes, environment, telemetry }, { ...deliverOptions, account, handler })),
    check: () => checkEmbedded(context, { path: options.path, synchronous }, parts.calls),
    close: async () => {
      closed ??= close();
      await closed;
    },
  };
  return { broker, mailboxes, outboxes, sweep: sweeper.sweep };
}

function createParts(context: EmbeddedContext) {
  const conversations = createConversations(context.database);
  const wakes = createWakes(context, conversations);
  const intake = createIntake(context, conversations, wakes.arrived);
  const pauses = createPauses(context);
  const dead = createDeadLetters(context, conversations);
  const outbox = createOutboxRows(context);
  const schedule = createSchedule(context, intake);
  const signals = createSignals(context);
  const { list, inspect, resubmit, remove } = dead;
  return {
    mailboxes: createMailboxes(context, { conversations, outbox, dead, pauses }),
    outboxes: createOutboxes(context, dead),
    wakes,
    intake,
    schedule,
    signals,
    calls: {
      send: createSend(context, outbox),
      deadLetters: { list, inspect, resubmit, remove },
      schedule: schedule.schedule,
      unschedule: schedule.unschedule,
      pause: pauses.pause,
      resume: pauses.resume,
      publish: signals.publish,
      subscribe: signals.subscribe,
      ...createOverview(context, conversations, pauses),
      ...createLifecycleStream(context),
      ...createRemembered(context),
    },
  };
}

/** A loop that was closed by its user is not closed again with the broker. */
function tracked(running: Set<Running>, loop: Running): Running {
  const entry: Running = {
    close: async (graceMs) => {
      await loop.close(graceMs);
      running.delete(entry);
    },
  };
  running.add(entry);
  return entry;
}
