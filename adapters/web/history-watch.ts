/**
 * Finds answers in the history that were not handed to this process: delivered by another one, or before a restart.
 * Replies normally arrive long before anyone has to look.
 */
import type { HistoryEntry, Logger } from "../../adapter.ts";
import { describeError, eventOfTurn } from "../../adapter.ts";
import type { Channel } from "./channel.ts";
import type { WebPayload } from "./render.ts";
import { renderWeb } from "./render.ts";
import type { TurnReference } from "./turn-log.ts";

export interface HistoryWatch {
  /** Looks once, and shows what it finds. */
  readonly look: (channel: Channel, reference: TurnReference) => Promise<void>;
  /** Looks again and again, ever more rarely, while somebody waits and no answer is there. */
  readonly follow: (channel: Channel, reference: TurnReference) => void;
  readonly close: () => void;
}

const FIRST_LOOK_MS = 2_000;
const LAST_PAUSE_MS = 30_000;
const GIVE_UP_MS = 15 * 60_000;
const ENTRIES = 60;
/** How far back a resend is looked for. */
const PAGES = 20;

/** Reads entries of a chat before one of them, or the newest; oldest first. */
type ReadHistory = (
  chat: string,
  options: { readonly before?: string; readonly limit: number },
) => Promise<readonly HistoryEntry[]>;

export function createWatch(read: ReadHistory, log: Logger): HistoryWatch {
  const timers = new Set<NodeJS.Timeout>();

  async function look(channel: Channel, reference: TurnReference): Promise<void> {
    const found = await findTurn(read, channel.chat, reference);
    if (found === undefined) return;
    const { asked, replies } = found;
    const { id, messageId } = asked;
    const eventId = eventOfTurn(id);
    for (const [index, { reply, at }] of replies.entries()) {
      const payload = reply === undefined ? undefined : payloadOf(reply);
      if (payload !== undefined) channel.reply({ eventId, messageId, index, count: replies.length, payload }, at);
    }
    if (replies.length === 0) channel.turns.silent(eventId);
  }

  const follow = (channel: Channel, reference: TurnReference, pauseMs: number, waitedMs: number): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      const isWanted = channel.sockets() > 0 || channel.turns.waiting() > 0;
      if (!isWanted || waitedMs > GIVE_UP_MS || channel.turns.answerTo(reference) !== undefined) return;
      look(channel, reference)
        .catch((thrown: unknown) => log.debug({ error: describeError(thrown) }, "the history could not be read"))
        .finally(() => follow(channel, reference, Math.min(LAST_PAUSE_MS, pauseMs * 2), waitedMs + pauseMs));
    }, pauseMs);
    timer.unref();
    timers.add(timer);
  };

  return {
    look,
    follow: (channel, reference) => follow(channel, reference, FIRST_LOOK_MS, 0),
    close: () => {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}

/** The message and its replies, from the newest page back. */
async function findTurn(read: ReadHistory, chat: string, reference: TurnReference) {
  let after: readonly HistoryEntry[] = [];
  for (let page = 0; page < PAGES; page += 1) {
    const [oldest] = after;
    const older = await read(chat, { limit: ENTRIES, ...(oldest === undefined ? {} : { before: oldest.id }) });
    // A page may end between a message and its replies.
    const entries = [...older, ...after];
    const start = entries.findLastIndex((entry) => isAbout(entry, reference));
    const asked = entries[start];
    if (asked !== undefined) {
      const next = entries.findIndex(({ role }, index) => index > start && role === "user");
      return { asked, replies: entries.slice(start + 1, next === -1 ? entries.length : next) };
    }
    if (older.length < ENTRIES) return undefined;
    after = entries.slice(0, ENTRIES);
  }
  return undefined;
}

/** A reply of the history as it was first shown. */
export function payloadOf(reply: NonNullable<HistoryEntry["reply"]>): WebPayload | undefined {
  return renderWeb(reply, { plain: false }).parts[0];
}

function isAbout({ role, id, messageId }: HistoryEntry, reference: TurnReference): boolean {
  if (role !== "user") return false;
  return "eventId" in reference ? eventOfTurn(id) === reference.eventId : messageId === reference.messageId;
}
