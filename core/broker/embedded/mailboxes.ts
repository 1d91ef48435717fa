/** The mailbox primitives on SQLite. Each is one operation of a group commit. */
import type { ConversationId } from "../../conversation-id.ts";
import { InboundEvent } from "../../event.ts";
import type { WaitingEvent } from "../broker.ts";
import type { Begin, BeginOptions, Mailboxes } from "../primitives.ts";
import { admits, INNOCENT, quarantineFor } from "../retry-policy.ts";
import { parseStored } from "../stored-payload.ts";
import { afterDeath, type Conversation, type Conversations, isAhead, NEW_HEAD, released } from "./conversations.ts";
import type { EmbeddedContext } from "./database.ts";
import type { OutboxRows } from "./outboxes.ts";
import type { DeadLetterBox, Pauses } from "./overview.ts";

const ENDED = { status: "committed", remaining: 0, ended: true } as const;

/** Makes the primitives. */
export function createMailboxes(context: EmbeddedContext, parts: MailboxParts): Mailboxes {
  const { environment, write, writeLightly } = context;
  const { conversations, outbox } = parts;
  const { clock } = environment;
  const reading = createMailboxReading(context, parts);

  /** The conversation, when this claim on it still stands. */
  function held(id: ConversationId, epoch: number): Conversation | undefined {
    const conversation = conversations.find(id);
    return conversation?.state === "running" && conversation.epoch === epoch ? conversation : undefined;
  }

  /** Whether this claim ended with a commit that went so far: then it is asked for the second time. */
  function endedWith(id: ConversationId, epoch: number, through: number): boolean {
    const conversation = conversations.find(id);
    if (epoch === 0 || conversation?.epoch !== epoch || conversation.state === "running") return false;
    const [head] = conversations.rows(id, 0, 1);
    return head === undefined || head.sequence > through;
  }

  return {
    begin: (id, options) => writeLightly(() => reading.begin(id, options)),
    peek: (id, count) => writeLightly(() => reading.peek(id, count)),
    renew: (id, epoch, leaseMs) =>
      writeLightly(() => {
        const conversation = held(id, epoch);
        if (conversation === undefined) return false;
        conversations.save({ ...conversation, due: clock() + leaseMs, span: leaseMs });
        return true;
      }),
    commit: (id, epoch, { through, replies, leaseMs, isLast = false }) =>
      write(() => {
        const conversation = held(id, epoch);
        if (conversation === undefined) return isLast && endedWith(id, epoch, through) ? ENDED : { status: "fenced" };
        const removed = conversations.removeThrough(id, through);
        const remaining = conversation.waiting - removed;
        if (removed > 0) for (const reply of replies) outbox.append(reply);
        if (isLast && remaining === 0) {
          conversations.save(released({ ...conversation, waiting: 0 }, clock()));
          return ENDED;
        }
        if (removed === 0) return { status: "committed", remaining };
        conversations.save({
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
    retry: (id, epoch, delayMs) =>
      write(() => {
        const conversation = held(id, epoch);
        if (conversation === undefined) return false;
        const failures = conversation.failures + 1;
        conversations.save(released({ ...conversation, ...INNOCENT, failures }, clock(), delayMs));
        return true;
      }),
    bury: (id, epoch, { reason, attempts, replies }) =>
      write(() => {
        const conversation = held(id, epoch);
        const [row] = conversations.rows(id, 0, 1);
        if (conversation === undefined || row === undefined) return false;
        dead.bury(conversation, { row, reason, attempts });
        conversations.remove(id, row.sequence);
        for (const reply of replies) outbox.append(reply);
        const waiting = conversation.waiting - 1;
        conversations.save(released({ ...conversation, ...NEW_HEAD, waiting }, clock()));
        return true;
      }),
    finish: (id, epoch) =>
      writeLightly(() => {
        const conversation = held(id, epoch);
        if (conversation === undefined) return "fenced";
        const attempts = Math.max(0, conversation.attempts - 1);
        const next = released({ ...conversation, attempts }, clock());
        conversations.save(next);
        return next.state === "idle" ? "idle" : "more";
      }),
  };
}

/** After this long a suspect that was refused is offered again: its worker may be gone. */
const OFFERED_AGAIN_MS = 2_000;

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
    for (const row of conversations.rows(conversation.id, 0, count)) {
      const stored = parseStored(InboundEvent, row.event);
      if (stored.ok) {
        events.push({ sequence: row.sequence, event: stored.value });
        continue;
      }
      dead.bury(current, { row, reason: stored.reason, attempts: current.attempts });
      conversations.remove(current.id, row.sequence);
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

/** Prepares handing out. */
export function createMailboxReading(context: EmbeddedContext, parts: MailboxParts) {
  const { clock } = context.environment;
  const { conversations, pauses } = parts;
  const readHead = createHeadReader(context, parts);

  function notNow(found: Conversation, now: number): "busy" | "paused" | "waiting" | undefined {
    if (found.state === "running" && isAhead(found, now)) return "busy";
    if (pauses.covers(found)) return "paused";
    // A suspect waits for nothing but its quarantine.
    return found.state === "ready" && found.crashes === 0 && isAhead(found, now) ? "waiting" : undefined;
  }

  function begin(id: ConversationId, options: BeginOptions): Begin {
    const found = conversations.find(id);
    const now = clock();
    if (found === undefined || found.state === "idle") return { status: "empty" };
    const status = notNow(found, now);
    if (status !== undefined) return { status };
    const free = found.state === "running" ? afterDeath(found, now, false) : found;
    const { conversation, events } = readHead(free, options.batch);
    const last = events.at(-1);
    if (last === undefined) {
      conversations.save(released(conversation, now));
      return { status: "empty" };
    }
    const needs = quarantineFor(conversation);
    if (needs !== undefined && !admits(options.quarantine, needs)) {
      conversations.save(released(conversation, now, OFFERED_AGAIN_MS));
      return { status: "suspect", needs };
    }
    const claimed: Conversation = {
      ...conversation,
      state: "running",
      due: now + options.leaseMs,
      span: options.leaseMs,
      epoch: conversation.epoch + 1,
      attempts: conversation.attempts + 1,
      taken: last.sequence,
      holder: context.process,
      alone: options.quarantine === "alone" ? 1 : 0,
    };
    conversations.save(claimed);
    const { epoch, attempts: attempt, failures, crashes, deaths } = claimed;
    return { status: "claimed", epoch, attempt, failures, suspicion: { crashes, deaths }, waiting: events };
  }

  function peek(id: ConversationId, count: number): readonly WaitingEvent[] {
    const found = conversations.find(id);
    if (found === undefined || found.waiting === 0) return [];
    const { conversation, events } = readHead(found, count);
    const taken = found.state === "running" ? Math.max(found.taken, events.at(-1)?.sequence ?? 0) : found.taken;
    if (conversation !== found || taken !== found.taken) {
      const next = { ...conversation, taken };
      conversations.save(next.waiting === 0 && next.state === "ready" ? released(next, clock()) : next);
    }
    return events;
  }

  return { begin, peek };
}
