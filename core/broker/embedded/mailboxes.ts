/** The mailbox primitives on SQLite. Each is one operation of a group commit. */
import type { ConversationId } from "../../conversation-id.ts";
import type { Mailboxes } from "../mailbox.ts";
import type { EmbeddedContext } from "./context.ts";
import { type Conversation, released } from "./conversations.ts";
import { createMailboxReading, type MailboxParts } from "./mailbox-reading.ts";

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
          attempts: remaining > 0 ? 1 : 0,
          failures: 0,
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
        conversations.save(released({ ...conversation, failures: conversation.failures + 1 }, clock(), delayMs));
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
        conversations.save(released({ ...conversation, waiting, attempts: 0, failures: 0 }, clock()));
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
