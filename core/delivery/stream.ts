/**
 * One reply that is shown while it is written, by sending a message and editing it.
 *
 * States: idle (all is shown) → waiting (text came, the next call is not due yet) → calling → idle or waiting;
 * from each of them to stopped, by the final reply, a silent end, or a failure that makes further calls pointless.
 * Nothing here may cost the final text: a failed call is forgotten, and the loop never waits for the limiter.
 */
import type { ReplyTarget } from "../reply.ts";
import {
  MarkupRefusedError,
  PermanentSendError,
  PlaceGoneError,
  RateLimitedError,
  TransientSendError,
} from "../send-errors.ts";
import { within } from "../timing/deadline.ts";
import { briefError } from "./brief-error.ts";
import type { LiveTurn } from "./live-messages.ts";
import { createLiveText } from "./live-text.ts";
import type { DeliveryPlatform } from "./platform.ts";
import { STREAM_CALL_TIMEOUT_MS, type Update, createScreen } from "./stream-screen.ts";

export interface Stream {
  readonly add: (offset: number, piece: string) => void;
  readonly reset: () => void;
  /** No call starts after it was called; it waits for the one on the wire, but not for ever. */
  readonly stop: () => Promise<void>;
}

export interface StreamOptions {
  readonly turn: LiveTurn;
  readonly target: ReplyTarget;
  readonly minIntervalMs: number;
  /** False while an earlier reply of the conversation is on its way: it must not be overtaken. */
  readonly mayShow: () => boolean;
}

/** Text is shown this long after its first piece, so that a short answer comes as one message. */
const FIRST_DELAY_MS = 300;
const MAX_INTERVAL_MS = 60_000;

/** Starts with its first piece of text. */
export function createStream(platform: DeliveryPlatform, options: StreamOptions): Stream {
  const { limiter, environment, sleep, log } = platform;
  const { turn, target, minIntervalMs } = options;
  const text = createLiveText();
  const screen = createScreen(platform, turn, target);
  const stopped = new AbortController();
  let intervalMs = minIntervalMs;
  let nextCallAt: number | undefined;
  let plain = false;
  let dirty = false;
  let running: Promise<void> | undefined;

  /** One platform call at most. Notes whether there is more to show. */
  async function showNext(): Promise<void> {
    const update = screen.nextUpdate(text.current(), plain);
    dirty = update !== undefined;
    if (update === undefined || !options.mayShow() || !limiter.tryAcquire(target.chat)) return;
    try {
      if (await update.apply()) intervalMs = minIntervalMs;
      else stopped.abort();
    } catch (thrown) {
      log.debug({ error: briefError(thrown), eventId: turn.eventId }, "A streaming update failed");
      onFailure(thrown, update.kind);
    }
  }

  function onFailure(thrown: unknown, kind: Update["kind"]): void {
    if (thrown instanceof RateLimitedError) {
      intervalMs = Math.max(minIntervalMs, thrown.retryAfterMs ?? 0);
      if (kind === "send") limiter.pause(target.chat, intervalMs);
    } else if (thrown instanceof MarkupRefusedError && !plain) {
      plain = true;
    } else if (isRepeatable(thrown, kind)) {
      intervalMs = Math.min(MAX_INTERVAL_MS, intervalMs * 2);
    } else {
      stopped.abort();
    }
  }

  async function run(): Promise<void> {
    nextCallAt ??= environment.clock() + FIRST_DELAY_MS;
    while (dirty && !stopped.signal.aborted) {
      await sleep(Math.max(0, nextCallAt - environment.clock()), stopped.signal).catch(() => undefined);
      if (stopped.signal.aborted) return;
      await showNext();
      nextCallAt = environment.clock() + intervalMs;
    }
  }

  return {
    add: (offset, piece) => {
      text.add(offset, piece);
      dirty = true;
      if (stopped.signal.aborted) return;
      running ??= run().finally(() => {
        running = undefined;
      });
    },
    reset: text.reset,
    stop: async () => {
      stopped.abort();
      await within(async () => await running, { ms: STREAM_CALL_TIMEOUT_MS, sleep });
    },
  };
}

/** An edit that may or may not have arrived can be made again; a send only when it certainly did not. */
function isRepeatable(thrown: unknown, kind: Update["kind"]): boolean {
  const isFinal = [PermanentSendError, PlaceGoneError, MarkupRefusedError].some((refusal) => thrown instanceof refusal);
  if (isFinal) return false;
  return kind === "edit" || thrown instanceof TransientSendError;
}
