/** How events come in: deduplicated, changed while they wait, appended, or scheduled for later. */
import { describeError } from "../../errors.ts";
import { InboundEvent, withEdit } from "../../event.ts";
import type { Acceptance, Broker } from "../broker.ts";
import { MailboxFullError } from "../errors.ts";
import { parseStored } from "../stored-payload.ts";
import { writtenEvents } from "../written.ts";
import { type Conversation, type Conversations, NEW_HEAD, newConversation, released } from "./conversations.ts";
import type { EmbeddedContext } from "./database.ts";

/** How long a key is remembered: WhatsApp sends the same message again for up to seven days. */
export const DEDUPLICATION_MS = 8 * 24 * 60 * 60 * 1000;

export interface Accept {
  /** The whole of `accept`, to be called inside a write. */
  readonly enqueue: (event: InboundEvent, holdMs: number) => Acceptance;
  /** Appends without deduplication (a dead letter that is resubmitted), to be called inside a write. */
  readonly append: (event: InboundEvent, holdMs: number) => number;
}

/** Prepares intake. `arrived` is called, inside the write, for each event appended to a running conversation. */
export function createAccept(
  context: EmbeddedContext,
  conversations: Conversations,
  arrived: (event: InboundEvent) => void,
): Accept {
  const { environment, maxWaiting } = context;
  const remember = context.database.prepare<[string, number, number]>(
    "INSERT INTO seen (key, at) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET at = excluded.at WHERE seen.at <= ?",
  );

  function append(event: InboundEvent, holdMs: number): number {
    const now = environment.clock();
    const known = conversations.find.get(event.conversation) ?? newConversation(event.conversation, event.account);
    if (known.waiting >= maxWaiting) throw new MailboxFullError(event.conversation, maxWaiting);
    const sequence = known.sequence + 1;
    const next = { ...known, sequence, waiting: known.waiting + 1 };
    const message = "messageId" in event ? (event.messageId ?? null) : null;
    conversations.append.run(event.conversation, sequence, event.type, message, writtenEvents.write(event));
    conversations.save.run(known.state === "idle" ? released(next, now, holdMs) : next);
    if (known.state === "running") arrived(event);
    return sequence;
  }

  function enqueue(event: InboundEvent, holdMs: number): Acceptance {
    const now = environment.clock();
    const isNew = remember.run(`${event.account}\n${event.key}`, now, now - DEDUPLICATION_MS).changes > 0;
    if (!isNew) return { status: "duplicate" };
    const conversation = conversations.find.get(event.conversation);
    if (conversation !== undefined && conversation.waiting > 0) {
      if (event.type === "edit") {
        const eventId = replaceWaiting(conversations, conversation, event);
        if (eventId !== undefined) return { status: "replaced", eventId };
      }
      if (event.type === "delete") {
        const eventId = cancelWaiting(conversations, conversation, { messageId: event.messageId, now });
        if (eventId !== undefined) return { status: "cancelled", eventId };
      }
    }
    return { status: "accepted", sequence: append(event, holdMs) };
  }

  return { enqueue, append };
}

/** What a claim was not handed yet may still change under it. */
function firstChangeable(conversation: Conversation): number {
  return conversation.state === "running" ? conversation.taken : 0;
}

function replaceWaiting(
  conversations: Conversations,
  conversation: Conversation,
  edit: Extract<InboundEvent, { type: "edit" }>,
): string | undefined {
  const after = firstChangeable(conversation);
  const row = conversations.byMessage
    .all(conversation.id, edit.messageId, after)
    .find(({ type }) => type === "message" || type === "edit");
  const stored = row === undefined ? undefined : parseStored(InboundEvent, row.event);
  if (row === undefined || stored?.ok !== true) return undefined;
  const waiting = stored.value;
  if (waiting.type !== "message" && waiting.type !== "edit") return undefined;
  const replaced = JSON.stringify(withEdit(waiting, edit));
  conversations.replace.run(replaced, conversation.id, row.sequence);
  return waiting.id;
}

/** A delete takes the message and its waiting edits away; what was already worked on is told of the delete. */
function cancelWaiting(
  conversations: Conversations,
  conversation: Conversation,
  deleted: { readonly messageId: string; readonly now: number },
): string | undefined {
  const after = firstChangeable(conversation);
  const rows = conversations.byMessage.all(conversation.id, deleted.messageId, after);
  const original = rows.find(({ type }) => type === "message" || type === "command");
  const stored = original === undefined ? undefined : parseStored(InboundEvent, original.event);
  if (original === undefined || stored?.ok !== true) return undefined;
  const [head] = conversations.rows.all(conversation.id, 0, 1);
  const cancelled = rows.filter(({ type }) => type === "message" || type === "command" || type === "edit");
  for (const { sequence } of cancelled) conversations.remove.run(conversation.id, sequence);
  const left = { ...conversation, waiting: conversation.waiting - cancelled.length };
  const headIsGone = cancelled.some(({ sequence }) => sequence === head?.sequence);
  if (left.state === "running") conversations.save.run(left);
  else if (headIsGone) conversations.save.run(released({ ...left, ...NEW_HEAD }, deleted.now));
  else conversations.save.run(left);
  return stored.value.id;
}

const AT_ONCE = 200;
/** A full mailbox gets its scheduled event a little later. */
const FULL_RETRY_MS = 5_000;
/** What a newer version scheduled waits for that version to come back. */
const UNREADABLE_RETRY_MS = 60 * 60 * 1000;

interface ScheduledRow {
  readonly id: string;
  readonly event: string;
}

export interface Schedule extends Pick<Broker, "schedule" | "unschedule"> {
  /** Accepts what is due. */
  readonly promote: () => Promise<void>;
  readonly close: () => void;
}

/** Makes the schedule; it promotes by itself while the broker is open. */
export function createSchedule(context: EmbeddedContext, accept: Accept): Schedule {
  const { database, environment, telemetry, watch, write } = context;
  const { insert, remove, due, postpone, next } = scheduleTable(database);
  let nextAt = next.get() ?? Number.POSITIVE_INFINITY;
  let promoting = false;

  function promoteOne(row: ScheduledRow): void {
    const stored = parseStored(InboundEvent, row.event);
    if (stored.ok) {
      accept.enqueue(stored.value, 0);
      remove.run(row.id);
      return;
    }
    telemetry.log.error(
      { eventId: row.id, reason: stored.reason },
      "A scheduled event could not be read back; it is kept",
    );
    postpone.run(environment.clock() + UNREADABLE_RETRY_MS, row.id);
  }

  async function promote(): Promise<void> {
    if (promoting) return;
    promoting = true;
    try {
      for (const row of due.all(environment.clock(), AT_ONCE)) {
        try {
          await write(() => promoteOne(row));
        } catch (thrown) {
          if (!(thrown instanceof MailboxFullError)) throw thrown;
          await write(() => void postpone.run(environment.clock() + FULL_RETRY_MS, row.id));
        }
      }
    } finally {
      promoting = false;
    }
  }

  const stops = [
    watch.onChange(() => {
      nextAt = next.get() ?? Number.POSITIVE_INFINITY;
    }),
    watch.onDue(
      () => nextAt,
      () => {
        promote().catch((thrown: unknown) =>
          telemetry.log.warn({ error: describeError(thrown) }, "Scheduled events could not be accepted; trying again"),
        );
      },
    ),
  ];
  return {
    schedule: (event, at) => write(() => void insert.run(event.id, at, JSON.stringify(event))),
    unschedule: (eventId) => write(() => remove.run(eventId).changes > 0),
    promote,
    close: () => {
      for (const stop of stops) stop();
    },
  };
}

function scheduleTable(database: EmbeddedContext["database"]) {
  const insert = database.prepare<[string, number, string]>(
    "INSERT OR IGNORE INTO scheduled (id, at, event) VALUES (?, ?, ?)",
  );
  const remove = database.prepare<[string]>("DELETE FROM scheduled WHERE id = ?");
  const due = database.prepare<[number, number], ScheduledRow>(
    "SELECT id, event FROM scheduled WHERE at <= ? ORDER BY at LIMIT ?",
  );
  const postpone = database.prepare<[number, string]>("UPDATE scheduled SET at = ? WHERE id = ?");
  const next = database.prepare<[], number | null>("SELECT min(at) FROM scheduled").pluck();
  return { insert, remove, due, postpone, next };
}
