/** The mailbox primitives as scripts. */
import type { ConversationId } from "../../conversation-id.ts";
import { InvalidInputError } from "../../errors.ts";
import type { OutboxDraft } from "../outbox-entry.ts";
import type { Mailboxes } from "../primitives.ts";
import { writtenDrafts } from "../written.ts";
import { createBegin, createHeldMailboxes, type HeldMailboxes, keysOf, type MailboxParts } from "./begin.ts";
import { callRedis } from "./connection.ts";
import { accountPart, decodeItems } from "./layout.ts";
import { WAKE_GRACE_MS } from "./options.ts";
import { asList, asNumber, asTexts, createBatch, type ScriptArgument } from "./script.ts";
import { buryScript, commitScript, finishScript, peekScript, renewScript, retryScript } from "./scripts/claim.ts";

/** Makes the mailbox primitives. */
export function createMailboxes(parts: MailboxParts): Mailboxes {
  const held = createHeldMailboxes();
  return { begin: createBegin(parts, held), ...createHolding(parts, held), ...createEnding(parts, held) };
}

/** What the holder of a claim does with it. */
function createHolding(parts: MailboxParts, held: HeldMailboxes): Pick<Mailboxes, "renew" | "peek" | "commit"> {
  const { redis, keys } = parts;
  const committing = createBatch<Committing>(redis, (calls) => commitAll(redis, calls));
  return {
    renew: async (conversation, epoch, leaseMs) => {
      const { mailboxKeys, due } = keysOf(parts, conversation);
      const reply = await callRedis("renew", () =>
        renewScript(redis, [mailboxKeys.conversation, due], [conversation, epoch, leaseMs]),
      );
      if (asNumber(reply) === 0) held.drop(conversation, epoch);
      return asNumber(reply) === 1;
    },
    peek: async (conversation, count) => {
      const fresh = held.fresh(conversation);
      if (fresh !== undefined && count <= fresh.batch) return fresh.items.slice(0, count);
      const mine = held.get(conversation);
      const known = mine?.items.slice(0, count) ?? [];
      const { mailbox, conversation: hash } = keys.conversation(conversation);
      const reply = await callRedis("peek", () =>
        peekScript(redis, [mailbox, hash], [count, mine?.epoch ?? "", known.length]),
      );
      const [from, ...items] = asList(reply);
      const waiting = [...known.slice(0, asNumber(from)), ...decodeItems(asTexts(items))];
      if (mine !== undefined && held.get(conversation) === mine && waiting.length > mine.items.length) {
        held.set(conversation, { ...mine, items: waiting });
      }
      return waiting;
    },
    commit: async (conversation, epoch, { through, replies, leaseMs, isLast = false }) => {
      const { mailboxKeys, outbox, due } = keysOf(parts, conversation);
      const drafts = encodeReplies(conversation, replies);
      if (drafts.length > 0) await parts.rememberAccount(conversation);
      const { batch, items } = held.get(conversation, epoch) ?? { batch: 0, items: [] };
      const known = items.filter(({ sequence }) => sequence > through);
      const reply = await callRedis("commit", () =>
        committing.run(outbox, {
          keys: [mailboxKeys.mailbox, mailboxKeys.conversation],
          values: [isLast ? conversation : "", epoch, through, leaseMs, drafts.length, ...drafts],
          account: [outbox, due],
        }),
      );
      const remaining = asNumber(reply);
      if (remaining < 0) {
        held.drop(conversation, epoch);
        return remaining === ENDED ? { status: "committed", remaining: 0, ended: true } : { status: "fenced" };
      }
      const rest = { epoch, batch, items: known };
      // Where much was read ahead, a turn need not see the very last arrival; elsewhere it makes a burst one turn.
      const isEnough = known.length > 0 && (known.length === remaining || known.length * 2 >= batch);
      if (isEnough) held.setFresh(conversation, rest);
      else if (batch > 0) held.set(conversation, rest);
      return { status: "committed", remaining };
    },
  };
}

interface Committing {
  readonly keys: readonly string[];
  readonly values: readonly ScriptArgument[];
  /** What all turns of one account share: its outbox and the sweeper's list. */
  readonly account: readonly string[];
}

/** What the commit's script answers when the claim ended with it. */
const ENDED = -2;

/** Turns that end in the same moment and answer into the same outbox, in one script. */
async function commitAll(redis: MailboxParts["redis"], calls: readonly Committing[]): Promise<readonly unknown[]> {
  const account = calls[0]?.account ?? [];
  return asList(
    await commitScript(
      redis,
      [...account, ...calls.flatMap((call) => call.keys)],
      calls.flatMap(({ values }) => values),
    ),
  );
}

/** How a claim ends. */
function createEnding(parts: MailboxParts, held: HeldMailboxes): Pick<Mailboxes, "retry" | "bury" | "finish"> {
  const { redis, settings, wake } = parts;

  /** Ends a claim that a script answered for: 1 more, 0 idle, -1 fenced. */
  function ended(conversation: ConversationId, epoch: number, reply: unknown): "idle" | "more" | "fenced" {
    const outcome = asNumber(reply);
    held.drop(conversation, epoch);
    if (outcome < 0) return "fenced";
    if (outcome === 0) return "idle";
    wake(conversation, 0);
    return "more";
  }

  return {
    retry: async (conversation, epoch, { delayMs, isOutage = false }) => {
      const { mailboxKeys, due } = keysOf(parts, conversation);
      const reply = await callRedis("retry", () =>
        retryScript(
          redis,
          [mailboxKeys.conversation, due],
          [conversation, epoch, Math.ceil(delayMs), isOutage ? 0 : 1],
        ),
      );
      held.drop(conversation, epoch);
      if (asNumber(reply) === 0) return false;
      wake(conversation, delayMs);
      return true;
    },
    bury: async (conversation, epoch, { reason, attempts, replies }) => {
      const { mailboxKeys, due, dead, outbox } = keysOf(parts, conversation);
      const drafts = encodeReplies(conversation, replies);
      if (drafts.length > 0) await parts.rememberAccount(conversation);
      const values = [conversation, epoch, WAKE_GRACE_MS, reason, attempts, settings.deadLetterRetentionMs];
      const reply = await callRedis("bury", () =>
        buryScript(redis, [mailboxKeys.mailbox, mailboxKeys.conversation, due, outbox, dead], [...values, ...drafts]),
      );
      return ended(conversation, epoch, reply) !== "fenced";
    },
    finish: async (conversation, epoch) => {
      const { mailboxKeys, due } = keysOf(parts, conversation);
      const reply = await callRedis("finish", () =>
        finishScript(redis, [mailboxKeys.mailbox, mailboxKeys.conversation, due], [conversation, epoch, WAKE_GRACE_MS]),
      );
      return ended(conversation, epoch, reply);
    },
  };
}

/** Replies are committed with the event they answer, so they must lie in the same account's outbox. */
function encodeReplies(conversation: ConversationId, replies: readonly OutboxDraft[]): readonly string[] {
  return replies.map((reply) => {
    if (reply.account !== accountPart(conversation)) {
      throw new InvalidInputError(
        "broker/foreign-reply",
        "A turn's replies must go to its own account. Send a notice to another account with broker.send.",
      );
    }
    return writtenDrafts.write(reply);
  });
}
