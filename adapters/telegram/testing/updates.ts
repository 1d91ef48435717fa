/** What waits for the bot: a queue that a poller empties, or that is pushed to a webhook. */
import { refuse } from "./refusal.ts";

export interface Update {
  readonly update_id: number;
  readonly [kind: string]: unknown;
}

export interface Webhook {
  readonly url: string;
  readonly secret: string | undefined;
}

/** Hands one update to the webhook; false when it did not answer 2xx. */
export type Push = (update: Update, webhook: Webhook) => Promise<boolean>;

export interface Updates {
  readonly add: (kind: string, content: unknown) => void;
  /** Long polling: what is unconfirmed from `offset` on. Another poll that is waiting ends with 409. */
  readonly poll: (
    request: { readonly offset: number; readonly timeoutMs: number; readonly limit: number },
    gone: AbortSignal,
  ) => Promise<readonly Update[]>;
  readonly allow: (kinds: readonly string[]) => void;
  readonly setWebhook: (webhook: Webhook | undefined) => void;
  readonly webhook: () => { readonly url: string; readonly pending: number; readonly lastError?: string };
  /** Offers everything that was delivered once more, in another order. */
  readonly redeliver: () => number;
  /** Resolves when the bot has confirmed everything that was added so far. */
  readonly confirmed: () => Promise<void>;
  readonly isPolled: () => boolean;
  /** Nothing is handed out while the platform is away. */
  readonly pause: (paused: boolean) => void;
  readonly close: () => void;
}

/** A webhook that failed is tried again after so long. The real one waits longer and longer. */
const PUSH_PAUSE_MS = 200;
/** A poller that asked within this time is there, even if it is busy with what it got. */
const POLLED_RECENTLY_MS = 1_500;

/** Kinds that a bot gets only when it asks for them by name. */
const ON_REQUEST: ReadonlySet<string> = new Set(["message_reaction", "message_reaction_count", "chat_member"]);

interface State {
  nextId: number;
  queue: Update[];
  delivered: Update[];
  again: Update[];
  allowed: readonly string[];
  webhook: Webhook | undefined;
  lastError: string | undefined;
  lastPollAt: number;
  paused: boolean;
  closed: boolean;
  pushing: boolean;
  wake: ((conflict: boolean) => void) | undefined;
}

export function createUpdates(push: Push): Updates {
  const state = emptyState();
  const watchers = new Set<() => void>();
  const noteConfirmed = (): void => {
    for (const watcher of watchers) watcher();
  };
  const offer = (): void => {
    state.wake?.(false);
    void pushAll(state, push, noteConfirmed);
  };
  return {
    add: (kind, content) => {
      const wanted = state.allowed.length === 0 ? !ON_REQUEST.has(kind) : state.allowed.includes(kind);
      if (!wanted) return;
      state.queue.push({ update_id: state.nextId, [kind]: content });
      state.nextId += 1;
      offer();
    },
    poll: async (request, gone) => await poll(state, { ...request, gone, noteConfirmed }),
    allow: (kinds) => {
      state.allowed = kinds;
    },
    setWebhook: (webhook) => {
      state.webhook = webhook;
      state.lastError = undefined;
      if (webhook !== undefined) state.wake?.(true);
      offer();
    },
    webhook: () => ({
      url: state.webhook?.url ?? "",
      pending: state.queue.length,
      ...(state.lastError === undefined ? {} : { lastError: state.lastError }),
    }),
    redeliver: () => {
      state.again = state.delivered.toReversed();
      offer();
      return state.again.length;
    },
    confirmed: async () => await untilConfirmed(state, watchers),
    isPolled: () => state.wake !== undefined || Date.now() - state.lastPollAt < POLLED_RECENTLY_MS,
    pause: (paused) => {
      state.paused = paused;
      if (!paused) offer();
    },
    close: () => {
      state.closed = true;
      state.wake?.(false);
    },
  };
}

function emptyState(): State {
  return {
    nextId: 700_000_001,
    queue: [],
    delivered: [],
    again: [],
    allowed: [],
    webhook: undefined,
    lastError: undefined,
    lastPollAt: 0,
    paused: false,
    closed: false,
    pushing: false,
    wake: undefined,
  };
}

interface Poll {
  readonly offset: number;
  readonly timeoutMs: number;
  readonly limit: number;
  readonly gone: AbortSignal;
  readonly noteConfirmed: () => void;
}

async function poll(state: State, { offset, timeoutMs, limit, gone, noteConfirmed }: Poll): Promise<readonly Update[]> {
  if (state.webhook !== undefined) {
    refuse(
      409,
      "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    );
  }
  state.wake?.(true);
  state.lastPollAt = Date.now();
  confirm(state, offset);
  noteConfirmed();
  if (ready(state).length === 0 && timeoutMs > 0) await waitForOne(state, timeoutMs, gone);
  state.lastPollAt = Date.now();
  const batch = ready(state).slice(0, limit);
  state.again = [];
  return batch;
}

async function untilConfirmed(state: State, watchers: Set<() => void>): Promise<void> {
  const last = state.nextId;
  const isConfirmed = (): boolean => state.queue.every(({ update_id: id }) => id >= last);
  if (isConfirmed()) return;
  await new Promise<void>((resolve) => {
    const watcher = (): void => {
      if (!isConfirmed()) return;
      watchers.delete(watcher);
      resolve();
    };
    watchers.add(watcher);
  });
}

function ready(state: State): readonly Update[] {
  return state.paused ? [] : [...state.again, ...state.queue];
}

/** An offset confirms everything below it; a negative one is not used by bots that lose nothing. */
function confirm(state: State, offset: number): void {
  const gone = state.queue.filter(({ update_id: id }) => id < offset);
  state.delivered.push(...gone);
  state.queue = state.queue.filter(({ update_id: id }) => id >= offset);
}

async function waitForOne(state: State, timeoutMs: number, gone: AbortSignal): Promise<void> {
  const conflict = await new Promise<boolean>((resolve) => {
    const end = (value: boolean): void => {
      clearTimeout(timer);
      gone.removeEventListener("abort", onGone);
      if (state.wake === end) state.wake = undefined;
      resolve(value);
    };
    const onGone = (): void => end(false);
    const timer = setTimeout(end, timeoutMs, false);
    gone.addEventListener("abort", onGone);
    state.wake = end;
  });
  if (!conflict) return;
  refuse(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running");
}

async function pushAll(state: State, push: Push, noteConfirmed: () => void): Promise<void> {
  if (state.pushing) return;
  state.pushing = true;
  while (state.webhook !== undefined && !state.closed && ready(state).length > 0) {
    const [update] = ready(state);
    if (update === undefined) break;
    const accepted = await push(update, state.webhook);
    if (accepted) {
      state.again = state.again.filter((one) => one !== update);
      if (state.queue.includes(update)) state.delivered.push(update);
      state.queue = state.queue.filter((one) => one !== update);
      noteConfirmed();
      continue;
    }
    state.lastError = "Wrong response from the webhook";
    await new Promise((resolve) => setTimeout(resolve, PUSH_PAUSE_MS));
  }
  state.pushing = false;
}
