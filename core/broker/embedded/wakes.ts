/** Which conversations are ready, and what arrives in those that this process works on. */
import type { ConversationId } from "../../conversation-id.ts";
import { describeError } from "../../errors.ts";
import { InboundEvent } from "../../event.ts";
import type { WakeLoop, WakeSource } from "../primitives.ts";
import { parseOnce } from "../stored-payload.ts";
import { writtenEvents } from "../written.ts";
import type { Conversations } from "./conversations.ts";
import type { EmbeddedContext } from "./database.ts";

const ARRIVALS_AT_ONCE = 100;

interface DueRow {
  readonly id: ConversationId;
  readonly sequence: number;
}

export interface EmbeddedWakes extends WakeSource {
  /** An event was appended to a running conversation of whichever process. */
  readonly arrived: (event: InboundEvent) => void;
  readonly close: () => void;
}

type ArrivalListener = (conversation: ConversationId, event: InboundEvent) => void;

/** Makes the wake source. A conversation is due when it is ready, and when its claim's lease has run out. */
export function createWakes(context: EmbeddedContext, conversations: Conversations): EmbeddedWakes {
  const due = dueConversations(context);
  const listeners = new Set<ArrivalListener>();
  /** Conversations in hand, with the last sequence that was there when it was last looked at. */
  const inHand = new Map<ConversationId, number>();

  function tell(conversation: ConversationId, event: InboundEvent): void {
    for (const listener of listeners) listener(conversation, event);
  }

  function lookForArrivals(id: ConversationId): void {
    const last = inHand.get(id);
    if (last === undefined) return;
    const rows = conversations.rows.all(id, last, ARRIVALS_AT_ONCE);
    const newest = rows.at(-1)?.sequence;
    if (newest !== undefined) inHand.set(id, newest);
    for (const row of rows) {
      const stored = parseOnce(writtenEvents, InboundEvent, row.event);
      if (stored.ok) tell(id, stored.value);
    }
  }

  const stopForeign = context.watch.onForeignChange(() => {
    if (listeners.size === 0) return;
    for (const id of inHand.keys()) lookForArrivals(id);
  });
  return {
    // Later, so that a turn that begins in this very tick has its listener in place.
    arrived: (event) => void setImmediate(() => lookForArrivals(event.conversation)),
    onArrival: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    start: (run, concurrency) => startPump({ context, due, inHand, run, concurrency }),
    close: stopForeign,
  };
}

interface Pump {
  readonly context: EmbeddedContext;
  readonly due: ReturnType<typeof dueConversations>;
  readonly inHand: Map<ConversationId, number>;
  readonly run: (conversation: ConversationId) => Promise<void>;
  readonly concurrency: number;
}

function startPump({ context, due, inHand, run, concurrency }: Pump): WakeLoop {
  const { environment, telemetry, watch } = context;
  const own = new Set<ConversationId>();
  let nextDue = 0;
  let closed = false;
  let paused = false;

  async function runOne(row: DueRow): Promise<void> {
    own.add(row.id);
    inHand.set(row.id, row.sequence);
    try {
      await run(row.id);
    } catch (thrown) {
      telemetry.log.error({ error: describeError(thrown) }, "A claim failed in a way that it should have handled");
    } finally {
      own.delete(row.id);
      inHand.delete(row.id);
      watch.notify();
    }
  }

  function pump(): void {
    if (closed || paused || own.size >= concurrency) return;
    const now = environment.clock();
    const free = concurrency - own.size;
    const ready = due.ready(now, free + inHand.size).filter(({ id }) => !inHand.has(id));
    for (const row of ready.slice(0, free)) void runOne(row);
    nextDue = due.nextAfter(now);
  }

  const stops = [watch.onChange(pump), watch.onDue(() => nextDue, pump)];
  pump();
  return {
    pause: (wanted) => {
      paused = wanted;
      if (!paused) pump();
    },
    close: async () => {
      closed = true;
      for (const stop of stops) stop();
    },
  };
}

function dueConversations({ database }: EmbeddedContext) {
  const ready = database.prepare<[number, number], DueRow>(
    "SELECT id, sequence FROM conversations WHERE due <= ? ORDER BY due LIMIT ?",
  );
  const readyUnpaused = database.prepare<[number, number], DueRow>(
    `SELECT id, sequence FROM conversations WHERE due <= ?
       AND NOT EXISTS (SELECT 1 FROM paused WHERE scope IN ('all', 'conversation ' || id, 'account ' || account))
     ORDER BY due LIMIT ?`,
  );
  const isPaused = database.prepare("SELECT 1 FROM paused LIMIT 1");
  const next = database.prepare<[number], number | null>("SELECT min(due) FROM conversations WHERE due > ?").pluck();
  return {
    /** Claimable conversations, those that wait longest first. */
    ready: (now: number, count: number) => (isPaused.get() === undefined ? ready : readyUnpaused).all(now, count),
    /** When the next one becomes claimable by the mere passing of time. */
    nextAfter: (now: number) => next.get(now) ?? Number.POSITIVE_INFINITY,
  };
}
