/** The mailbox primitives on SQLite. Each is one operation of a group commit. */
import type { ConversationId } from "../../conversation-id.ts";
import { InboundEvent } from "../../event.ts";
import type { WaitingEvent } from "../broker.ts";
import type { Begin, Mailboxes } from "../primitives.ts";
import { admits, INNOCENT, quarantineFor } from "../retry-policy.ts";
import { parseOnce } from "../stored-payload.ts";
import { writtenEvents } from "../written.ts";
import { afterDeath, type Conversation, type Conversations, isAhead, NEW_HEAD, released } from "./conversations.ts";
import type { EmbeddedContext } from "./database.ts";
import type { OutboxRows } from "./outboxes.ts";
import type { DeadLetterBox, Pauses } from "./overview.ts";

/** After this long a suspect that was refused is offered again: its worker may be gone. */
const OFFERED_AGAIN_MS = 2_000;
const ENDED = { status: "committed", remaining: 0, ended: true } as const;

/** Makes the primitives. */
export function createMailboxes(context: EmbeddedContext, parts: MailboxParts): Mailboxes {
  const { environment, write, writeLightly } = context;
  const { conversations, outbox } = parts;
  const { clock } = environment;

  /** The conversation, when this claim on it still stands. */
  function held(id: ConversationId, epoch: number): Conversation | undefined {
    const conversation = conversations.find.get(id);
    return conversation?.state === "running" && conversation.epoch === epoch ? conversation : undefined;
  }

  /** Whether this claim ended with a commit that went so far: then it is asked for the second time. */
  function endedWith(id: ConversationId, epoch: number, through: number): boolean {
    const conversation = conversations.find.get(id);
    if (epoch === 0 || conversation?.epoch !== epoch || conversation.state === "running") return false;
    const [head] = conversations.rows.all(id, 0, 1);
    return head === undefined || head.sequence > through;
  }

  return {
    ...createHandOut(context, parts),
    renew: (id, epoch, leaseMs) =>
      writeLightly(() => {
        const conversation = held(id, epoch);
        if (conversation === undefined) return false;
        conversations.save.run({ ...conversation, due: clock() + leaseMs, span: leaseMs });
        return true;
      }),
    commit: (id, epoch, { through, replies, leaseMs, isLast = false }) =>
      write(() => {
        const conversation = held(id, epoch);
        if (conversation === undefined) return isLast && endedWith(id, epoch, through) ? ENDED : { status: "fenced" };
        const removed = conversations.removeThrough.run(id, through).changes;
        const remaining = conversation.waiting - removed;
        if (removed > 0) for (const reply of replies) outbox.append(reply);
        if (isLast && remaining === 0) {
          conversations.save.run(released({ ...conversation, waiting: 0 }, clock()));
          return ENDED;
        }
        if (removed === 0) return { status: "committed", remaining };
        conversations.save.run({
          ...conversation,
          waiting: remaining,
          due: clock() + leaseMs,
          span: leaseMs,
          ...NEW_HEAD,
          attempts: remaining > 0 ? 1 : 0,
        });
        return { status: "committed", remaining };
      }),
    ...createClaimEnds(context, parts, held),
  };
}

/** The three ways to give a claim up. */
function createClaimEnds(
  { environment, write, writeLightly }: EmbeddedContext,
  { conversations, outbox, dead }: MailboxParts,
  held: (id: ConversationId, epoch: number) => Conversation | undefined,
): Pick<Mailboxes, "retry" | "bury" | "finish"> {
  const { clock } = environment;
  return {
    retry: (id, epoch, { delayMs, isOutage = false }) =>
      write(() => {
        const conversation = held(id, epoch);
        if (conversation === undefined) return false;
        const failures = conversation.failures + (isOutage ? 0 : 1);
        conversations.save.run(released({ ...conversation, ...INNOCENT, failures }, clock(), delayMs));
        return true;
      }),
    bury: (id, epoch, { reason, attempts, replies }) =>
      write(() => {
        const conversation = held(id, epoch);
        const [row] = conversations.rows.all(id, 0, 1);
        if (conversation === undefined || row === undefined) return false;
        dead.bury(conversation, { row, reason, attempts });
        conversations.remove.run(id, row.sequence);
        for (const reply of replies) outbox.append(reply);
        const waiting = conversation.waiting - 1;
        conversations.save.run(released({ ...conversation, ...NEW_HEAD, waiting }, clock()));
        return true;
      }),
    finish: (id, epoch) =>
      writeLightly(() => {
        const conversation = held(id, epoch);
        if (conversation === undefined) return "fenced";
        const attempts = Math.max(0, conversation.attempts - 1);
        const next = released({ ...conversation, attempts }, clock());
        conversations.save.run(next);
        return next.state === "idle" ? "idle" : "more";
      }),
  };
}

/** What the primitives are built on. */
export interface MailboxParts {
  readonly conversations: Conversations;
  readonly outbox: OutboxRows;
  readonly dead: DeadLetterBox;
  readonly pauses: Pauses;
}

/** Reads the head inside a write; what cannot be read goes to the dead letters on the way. */
function createHeadReader({ telemetry }: EmbeddedContext, { conversations, dead }: MailboxParts) {
  return function readHead(
    conversation: Conversation,
    count: number,
  ): { readonly conversation: Conversation; readonly events: readonly WaitingEvent[] } {
    const events: WaitingEvent[] = [];
    let current = conversation;
    for (const row of conversations.rows.all(conversation.id, 0, count)) {
      const stored = parseOnce(writtenEvents, InboundEvent, row.event);
      if (stored.ok) {
        events.push({ sequence: row.sequence, event: stored.value });
        continue;
      }
      dead.bury(current, { row, reason: stored.reason, attempts: current.attempts });
      conversations.remove.run(current.id, row.sequence);
      telemetry.log.error(
        { reason: stored.reason },
        "A waiting event could not be read back; it went to the dead letters",
      );
      const wasHead = events.length === 0;
      current = { ...current, waiting: current.waiting - 1, ...(wasHead ? NEW_HEAD : {}) };
    }
    return { conversation: current, events };
  };
}

/** The two ways to hand events out. */
function createHandOut(context: EmbeddedContext, parts: MailboxParts): Pick<Mailboxes, "begin" | "peek"> {
  const { process, writeLightly } = context;
  const { clock } = context.environment;
  const { conversations } = parts;
  const readHead = createHeadReader(context, parts);

  function notNow(found: Conversation, now: number): "busy" | "paused" | "waiting" | undefined {
    if (found.state === "running" && isAhead(found, now)) return "busy";
    if (parts.pauses.covers(found)) return "paused";
    // A suspect waits for nothing but its quarantine.
    return found.state === "ready" && found.crashes === 0 && isAhead(found, now) ? "waiting" : undefined;
  }

  return {
    begin: (id, { leaseMs, batch, quarantine }) =>
      writeLightly((): Begin => {
        const found = conversations.find.get(id);
        const now = clock();
        if (found === undefined || found.state === "idle") return { status: "empty" };
        const status = notNow(found, now);
        if (status !== undefined) return { status };
        const free = found.state === "running" ? afterDeath(found, now, false) : found;
        const { conversation, events } = readHead(free, batch);
        const last = events.at(-1);
        if (last === undefined) {
          conversations.save.run(released(conversation, now));
          return { status: "empty" };
        }
        const needs = conversation.crashes === 0 ? undefined : quarantineFor(conversation);
        if (needs !== undefined && !admits(quarantine, needs)) {
          conversations.save.run(released(conversation, now, OFFERED_AGAIN_MS));
          return { status: "suspect", needs };
        }
        const { failures, crashes, deaths } = conversation;
        const [epoch, attempt] = [conversation.epoch + 1, conversation.attempts + 1];
        conversations.save.run({
          ...conversation,
          state: "running",
          due: now + leaseMs,
          span: leaseMs,
          epoch,
          attempts: attempt,
          taken: last.sequence,
          holder: process,
          alone: quarantine === "alone" ? 1 : 0,
        });
        return { status: "claimed", epoch, attempt, failures, suspicion: { crashes, deaths }, waiting: events };
      }),
    peek: (id, count) =>
      writeLightly(() => {
        const found = conversations.find.get(id);
        if (found === undefined || found.waiting === 0) return [];
        const { conversation, events } = readHead(found, count);
        const taken = found.state === "running" ? Math.max(found.taken, events.at(-1)?.sequence ?? 0) : found.taken;
        if (conversation !== found || taken !== found.taken) {
          const next = { ...conversation, taken };
          conversations.save.run(next.waiting === 0 && next.state === "ready" ? released(next, clock()) : next);
        }
        return events;
      }),
  };
}
