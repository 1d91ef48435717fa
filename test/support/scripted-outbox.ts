/**
 * An outbox in memory for one account: plays the courier's part, with the courier's rules. What was recorded is
 * durable, everything else is gone after a crash, and the next attempt starts from the record.
 */
import type { DeliveryAttempt, DeliveryHandler } from "../../core/broker/broker.ts";
import type { DeliveryProgress, OutboxEntry } from "../../core/broker/outbox-entry.ts";
import type { LifecycleEvent } from "../../core/lifecycle.ts";
import type { DeliveryRecord } from "../../core/store/store.ts";
import { CrashError } from "./scripted-platform.ts";

export interface ScriptedOutbox {
  readonly broker: {
    readonly emit: (event: LifecycleEvent) => Promise<void>;
    readonly remember: (key: string, value: string, ttlMs: number) => Promise<void>;
    readonly recall: (key: string) => Promise<string | undefined>;
  };
  readonly deliveries: { readonly save: (record: DeliveryRecord) => Promise<void> };
  readonly records: readonly DeliveryRecord[];
  readonly events: readonly LifecycleEvent[];
  readonly values: ReadonlyMap<string, string>;
  readonly progress: () => DeliveryProgress | undefined;
  /** The process is dead until the next attempt: every write fails. */
  readonly crash: () => void;
  /** Tries until the entry has its outcome. */
  readonly deliver: (entry: OutboxEntry, handler: DeliveryHandler) => Promise<DeliveryRecord>;
  /** One attempt with a signal of the caller's. */
  readonly attempt: (entry: OutboxEntry, handler: DeliveryHandler, signal: AbortSignal) => Promise<void>;
}

export type WriteFault = "ok" | "crash-before" | "crash-after";

/** `writeFault` decides how the nth durable write goes (from 0). */
export function createScriptedOutbox(writeFault: (index: number) => WriteFault = () => "ok"): ScriptedOutbox {
  const records = new Map<string, DeliveryRecord>();
  const events = new Map<string, LifecycleEvent>();
  const values = new Map<string, string>();
  const progress = new Map<string, DeliveryProgress>();
  let latest: string | undefined;
  let dead = false;
  let writes = 0;

  async function write(effect: () => void): Promise<void> {
    if (dead) throw new CrashError("the process is dead");
    const fault = writeFault(writes++);
    if (fault !== "crash-before") effect();
    dead = fault !== "ok";
    if (dead) throw new CrashError("the process died at a write");
  }

  async function attempt(entry: OutboxEntry, handler: DeliveryHandler, signal: AbortSignal): Promise<void> {
    dead = false;
    latest = entry.id;
    const tried: DeliveryAttempt = {
      entry,
      progress: progress.get(entry.id),
      attempt: 1,
      signal,
      record: async (next) => await write(() => progress.set(entry.id, structuredClone(next))),
    };
    await handler(tried);
    if (dead) throw new CrashError("the process died");
  }

  return {
    broker: {
      emit: async (event) => await write(() => events.set(event.id, event)),
      remember: async (key, value) => await write(() => values.set(key, value)),
      recall: async (key) => values.get(key),
    },
    deliveries: { save: async (record) => await write(() => records.set(record.id, record)) },
    get records() {
      return [...records.values()];
    },
    get events() {
      return [...events.values()];
    },
    values,
    progress: () => (latest === undefined ? undefined : progress.get(latest)),
    crash: () => {
      dead = true;
    },
    attempt,
    deliver: async (entry, handler) => {
      for (let tries = 0; tries < 200; tries++) {
        try {
          await attempt(entry, handler, new AbortController().signal);
          const record = records.get(entry.id);
          if (record === undefined) throw new Error("the handler resolved without an outcome");
          return record;
        } catch (thrown) {
          if (!(thrown instanceof CrashError)) throw thrown;
        }
      }
      throw new Error("no outcome after 200 attempts");
    },
  };
}
