/** The broker of a fresh machine: one SQLite file, durable, shared by the processes of one machine. */
import type { Environment } from "../../environment.ts";
import { describeError } from "../../errors.ts";
import type { Telemetry } from "../../telemetry.ts";
import type { Broker, Running } from "../broker.ts";
import { startDeliveries } from "../delivery-loop.ts";
import { startHold } from "../lease.ts";
import { createPresence, type ProcessRegister } from "../presence.ts";
import type { Mailboxes, Outboxes } from "../primitives.ts";
import { startWorker } from "../worker.ts";
import { createAccept, createSchedule } from "./accept.ts";
import { watchChanges } from "./change-watch.ts";
import { createConversationRows } from "./conversations.ts";
import { createWrites, type EmbeddedContext, openBrokerDatabase, type Synchronous } from "./database.ts";
import { checkEmbedded } from "./health.ts";
import { createRegister, createSweeper } from "./housekeeping.ts";
import { createMailboxes } from "./mailboxes.ts";
import { createOutboxes, createOutboxRows, createOwners, createSend } from "./outboxes.ts";
import { createDeadLetters, createOverview, createPauses } from "./overview.ts";
import { createLifecycleStream, createRemembered, createSignals } from "./signals.ts";
import { createWakes } from "./wakes.ts";

const DAY_MS = 86_400_000;

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
  /** How long lifecycle events are kept (at most 10,000 of them). @default 30 days */
  readonly lifecycleRetentionMs?: number;
  /** @default 6_000 */
  readonly sweepEveryMs?: number;
}

/** A broker with what is beneath it, for conformance tests. */
export interface OpenedEmbeddedBroker {
  readonly broker: Broker;
  readonly mailboxes: Mailboxes;
  readonly outboxes: Outboxes;
  readonly register: ProcessRegister;
  /** How this opened broker is written down. */
  readonly process: string;
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
  const watch = watchChanges(database, { clock: environment.clock, report });
  const commits = createWrites(database, watch.notify);
  const maxWaiting = options.maxWaiting ?? 1_000;
  const { write, writeLightly } = commits;
  const process = environment.newId();
  const shared = { process, environment, telemetry, maxWaiting };
  const context: EmbeddedContext = { database, write, writeLightly, watch, ...shared };
  const parts = createParts(context);
  const sweeper = createSweeper(context, parts, {
    everyMs: options.sweepEveryMs ?? 6_000,
    deadRetentionMs: options.deadRetentionMs ?? 30 * DAY_MS,
    lifecycleRetentionMs: options.lifecycleRetentionMs ?? 30 * DAY_MS,
    report,
  });
  const running = new Set<Running>();
  const { mailboxes, outboxes, register, wakes } = parts;
  const presence = createPresence({ id: process, register, telemetry });
  const loops = { mailboxes, outboxes, wakes, presence, environment, telemetry };

  async function close(): Promise<void> {
    await Promise.all([...running].map((loop) => loop.close()));
    await presence.close();
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
    accept: (event, { holdMs = 0 } = {}) => context.write(() => parts.accept.enqueue(event, holdMs)),
    work: (handler, workOptions) => tracked(running, startWorker(loops, handler, workOptions)),
    hold: (account, work) => tracked(running, startHold(loops, account, work)),
    deliver: (account, handler, deliverOptions) =>
      tracked(running, startDeliveries(loops, { ...deliverOptions, account, handler })),
    others: presence.others,
    check: () => checkEmbedded(context, { path: options.path, synchronous }, parts.calls),
    close: async () => {
      closed ??= close();
      await closed;
    },
  };
  return { broker, mailboxes, outboxes, register, process, sweep: sweeper.sweep };
}

function createParts(context: EmbeddedContext) {
  const conversations = createConversationRows(context.database);
  const wakes = createWakes(context, conversations);
  const accept = createAccept(context, conversations, wakes.arrived);
  const pauses = createPauses(context);
  const dead = createDeadLetters(context, conversations);
  const outbox = createOutboxRows(context);
  const schedule = createSchedule(context, accept);
  const signals = createSignals(context);
  const owners = createOwners(context);
  const { list, inspect, resubmit, remove } = dead;
  return {
    mailboxes: createMailboxes(context, { conversations, outbox, dead, pauses }),
    outboxes: createOutboxes(context, dead, owners),
    register: createRegister(context, { conversations, owners }),
    wakes,
    accept,
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
