/**
 * From the browser to the queue, in order and without loss.
 *
 * WhatsApp never asks whether a message was taken, so nothing may be dropped here: what cannot be made durable now is
 * tried again before anything that came after it. A cursor follows what is durable; after a crash, everything since is
 * asked for again.
 */
import { LRUCache } from "lru-cache";
import { z } from "zod";
import type { AdapterContext, Identity } from "../../../adapter.ts";
import { backOffMs, describeError, ParleyError, pauseFor } from "../../../adapter.ts";
import { normalizeWeb } from "./normalize.ts";
import type { Polls } from "./polls.ts";

/** Messages reach WhatsApp's server late and out of order: so much before the cursor is looked at again. */
const OVERLAP_SECONDS = 10 * 60;
const BACK_OFF = { baseDelayMs: 250, maxDelayMs: 5_000 };
const CURSOR_MS = 5_000;
/** What was taken lately, so that catching up does not hand in again what was heard live. */
const REMEMBERED = 5_000;

const VoteHead = z.object({
  kind: z.literal("vote"),
  message: z.object({ id: z.string(), remote: z.unknown() }),
});
const Seconds = z.number();

const NOBODY: Identity = { userIds: [] };

export interface Inbox {
  /** The account's own ids, before anything is taken. */
  readonly identify: (identity: Identity) => void;
  /** Takes what happened; resolves when it is durable, refused, or the account is closed. */
  readonly take: (raw: unknown) => Promise<void>;
  /** From when on messages may have been missed, in seconds. */
  readonly since: () => Promise<number>;
  readonly lastReceivedAt: () => string | undefined;
  /** No `accept` starts after it resolves. */
  readonly close: () => Promise<void>;
}

interface State {
  cursor: number;
  saved: number;
  savedAt: number;
  last?: string;
  identity: Identity;
}

type Context = Pick<AdapterContext<unknown>, "accept" | "environment" | "log" | "values">;

/** `catchUpHours`: the most that is looked back. */
export function createInbox(context: Context, polls: Polls, catchUpHours: number): Inbox {
  const { environment, values } = context;
  const started = environment.clock() / 1_000;
  const state: State = { cursor: 0, saved: 0, savedAt: 0, identity: NOBODY };
  const taken = new LRUCache<string, true>({ max: REMEMBERED });
  const closing = new AbortController();
  let queue: Promise<void> = Promise.resolve();

  async function take(raw: unknown): Promise<void> {
    if (closing.signal.aborted) return;
    state.last = new Date(environment.clock()).toISOString();
    const normalized = normalizeWeb(await withChoices(raw, polls), state);
    if ("event" in normalized && taken.has(normalized.event.key)) return;
    await acceptUntilDurable(context, normalized, closing.signal);
    if (!("event" in normalized) || closing.signal.aborted) return;
    taken.set(normalized.event.key, true);
    const at = Math.min(Date.parse(normalized.event.timestamp), environment.clock()) / 1_000;
    state.cursor = Math.max(state.cursor, at);
    if (environment.clock() - state.savedAt >= CURSOR_MS) await saveCursor();
  }

  async function saveCursor(): Promise<void> {
    if (state.cursor <= state.saved) return;
    try {
      await values?.set("cursor", state.cursor);
      state.saved = state.cursor;
      state.savedAt = environment.clock();
    } catch (thrown) {
      // An older cursor only means that more is looked at again.
      context.log.warn({ error: describeError(thrown) }, "the place in WhatsApp's messages was not stored");
    }
  }

  return {
    identify: (identity) => (state.identity = identity),
    take: async (raw) => {
      const done = queue.then(async () => await take(raw));
      queue = done.catch((thrown: unknown) =>
        context.log.error({ error: describeError(thrown) }, "an event of WhatsApp was not taken"),
      );
      await queue;
    },
    since: async () => {
      const stored = Seconds.safeParse(await values?.get("cursor"));
      const now = environment.clock() / 1_000;
      const known = Math.max(state.cursor, stored.data ?? 0);
      // A newly linked account has nothing to catch up on but what came while it was being linked.
      const from = known === 0 ? started : known - OVERLAP_SECONDS;
      return Math.max(from, now - catchUpHours * 3_600);
    },
    lastReceivedAt: () => state.last,
    close: async () => {
      closing.abort();
      await queue;
      await saveCursor();
    },
  };
}

async function acceptUntilDurable(
  { accept, environment, log }: Context,
  normalized: ReturnType<typeof normalizeWeb>,
  closing: AbortSignal,
): Promise<void> {
  for (let failures = 1; !closing.aborted; failures += 1) {
    const retryInMs = backOffMs(failures, BACK_OFF, environment.random());
    try {
      await accept(normalized);
      return;
    } catch (thrown) {
      if (thrown instanceof ParleyError && !thrown.retryable)
        return log.warn({ error: describeError(thrown) }, "a message was refused");
      log.warn({ error: describeError(thrown), retryInMs }, "a message could not be made durable yet");
    }
    await pauseFor(retryInMs, closing);
  }
}

/** A vote with the choices behind the poll's options, where the poll is the bot's. */
async function withChoices(raw: unknown, polls: Polls): Promise<unknown> {
  const vote = VoteHead.safeParse(raw);
  if (!vote.success || typeof raw !== "object" || raw === null) return raw;
  const bare = normalizeWeb({ ...raw, choices: [] }, { identity: NOBODY });
  if (!("ignored" in bare) || bare.chat === undefined) return raw;
  const choices = await polls.choicesOf(bare.chat, vote.data.message.id);
  return choices === undefined ? raw : { ...raw, choices };
}
