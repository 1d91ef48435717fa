/** What waits for the bot: a queue that a poller empties, or that is pushed to a webhook. */
import { setTimeout as pause } from "node:timers/promises";
import type { LocalPlatformOptions } from "../../../core/testing/index.ts";
import { callWebhook } from "../../../core/testing/index.ts";
import { refuse } from "./refusal.ts";

export interface Update {
  readonly update_id: number;
  readonly [kind: string]: unknown;
}

export interface Webhook {
  readonly url: string;
  readonly secret: string | undefined;
}

interface Poll {
  readonly offset: number;
  readonly timeoutMs: number;
  readonly limit: number;
  /** Aborted when the poller hangs up. */
  readonly gone: AbortSignal;
}

/** A webhook that failed is tried again after so long. The real one waits longer and longer. */
const PUSH_PAUSE_MS = 200;
const PUSH_TIMEOUT_MS = 10_000;
/** A poller that asked within this time is there, even if it is busy with what it got. */
const POLLED_RECENTLY_MS = 1_500;
const LOOK_AGAIN_MS = 10;

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

export type Updates = ReturnType<typeof createUpdates>;

/** `given`: how the webhook is reached in this process. */
export function createUpdates(given: LocalPlatformOptions["webhook"]) {
  const state: State = {
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
  const offer = (): void => {
    state.wake?.(false);
    void pushAll(state, given);
  };
  return {
    add: (kind: string, content: unknown): void => {
      const wanted = state.allowed.length === 0 ? !ON_REQUEST.has(kind) : state.allowed.includes(kind);
      if (!wanted) return;
      state.queue.push({ update_id: state.nextId, [kind]: content });
      state.nextId += 1;
      offer();
    },
    /** Long polling: what is unconfirmed from `offset` on. Another poll that is waiting ends with 409. */
    poll: async (request: Poll): Promise<readonly Update[]> => await poll(state, request),
    allow: (kinds: readonly string[]): void => {
      state.allowed = kinds;
    },
    setWebhook: (webhook: Webhook | undefined): void => {
      Object.assign(state, { webhook, lastError: undefined });
      if (webhook !== undefined) state.wake?.(true);
      offer();
    },
    webhook: () => ({ url: state.webhook?.url ?? "", pending: state.queue.length, lastError: state.lastError }),
    /** Offers everything that was delivered once more, in another order. */
    redeliver: (): number => {
      state.again = state.delivered.toReversed();
      offer();
      return state.again.length;
    },
    /** Resolves when the bot has confirmed everything that was added so far. */
    confirmed: async (): Promise<void> => {
      const last = state.nextId;
      while (state.queue.some(({ update_id: id }) => id < last)) await pause(LOOK_AGAIN_MS);
    },
    isPolled: (): boolean => state.wake !== undefined || Date.now() - state.lastPollAt < POLLED_RECENTLY_MS,
    /** Nothing is handed out while the platform is away. */
    pause: (paused: boolean): void => {
      state.paused = paused;
      if (!paused) offer();
    },
    close: (): void => {
      state.closed = true;
      state.wake?.(false);
    },
  };
}

async function poll(state: State, { offset, timeoutMs, limit, gone }: Poll): Promise<readonly Update[]> {
  if (state.webhook !== undefined)
    refuse(
      409,
      "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    );
  state.wake?.(true);
  state.lastPollAt = Date.now();
  confirm(state, ({ update_id: id }) => id < offset);
  if (ready(state).length === 0 && timeoutMs > 0) await waitForOne(state, timeoutMs, gone);
  state.lastPollAt = Date.now();
  const batch = ready(state).slice(0, limit);
  state.again = [];
  return batch;
}

function ready(state: State): readonly Update[] {
  return state.paused ? [] : [...state.again, ...state.queue];
}

/** An offset confirms everything below it, a webhook's answer its update. */
function confirm(state: State, isConfirmed: (update: Update) => boolean): void {
  state.delivered.push(...state.queue.filter(isConfirmed));
  state.queue = state.queue.filter((update) => !isConfirmed(update));
}

async function waitForOne(state: State, timeoutMs: number, gone: AbortSignal): Promise<void> {
  const conflict = await new Promise<boolean>((resolve) => {
    const end = (value: boolean): void => {
      clearTimeout(timer);
      if (state.wake === end) state.wake = undefined;
      resolve(value);
    };
    const timer = setTimeout(end, timeoutMs, false);
    gone.addEventListener("abort", () => end(false));
    state.wake = end;
  });
  if (!conflict) return;
  refuse(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running");
}

async function pushAll(state: State, given: LocalPlatformOptions["webhook"]): Promise<void> {
  if (state.pushing) return;
  state.pushing = true;
  while (state.webhook !== undefined && !state.closed) {
    const [update] = ready(state);
    if (update === undefined) break;
    if (await push(update, state.webhook, given)) {
      state.again = state.again.filter((one) => one !== update);
      confirm(state, (one) => one === update);
      continue;
    }
    state.lastError = "Wrong response from the webhook";
    await pause(PUSH_PAUSE_MS);
  }
  state.pushing = false;
}

/** Over HTTP, or straight to an adapter's routes in this process; false when it is not answered 2xx. */
async function push(
  update: Update,
  { url, secret }: Webhook,
  given: LocalPlatformOptions["webhook"],
): Promise<boolean> {
  const request = new Request(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(secret === undefined ? {} : { "x-telegram-bot-api-secret-token": secret }),
    },
    body: JSON.stringify(update),
    signal: AbortSignal.timeout(PUSH_TIMEOUT_MS),
  });
  const response = await callWebhook(given ?? { url }, request);
  await response?.arrayBuffer();
  return response?.ok === true;
}
