import { LRUCache } from "lru-cache";
import type { ReplyTarget } from "../reply.ts";
import type { LiveTurn } from "./live-messages.ts";
import type { Stream } from "./stream.ts";

/** The streams of the turns that are running now. */
export interface Streams {
  /** The turn's stream; opened unless its streaming is over. */
  readonly open: (turn: LiveTurn, target: ReplyTarget) => Stream | undefined;
  readonly find: (turn: LiveTurn) => Stream | undefined;
  /** Ends it for good; what comes late for the turn is dropped. Resolves when the call on the wire is through. */
  readonly end: (turn: LiveTurn) => Promise<void>;
  readonly isOver: (turn: LiveTurn) => boolean;
  readonly close: () => Promise<void>;
}

/** Turns that were never heard of again are let go of when there are so many. */
const MAX_STREAMS = 2_000;
const MAX_ENDED = 5_000;

export function createStreams(start: (turn: LiveTurn, target: ReplyTarget) => Stream): Streams {
  const streams = new Map<string, { readonly turn: LiveTurn; readonly stream: Stream }>();
  const endings = new Map<string, Promise<void>>();
  const over = new LRUCache<string, true>({ max: MAX_ENDED });
  let closed = false;

  async function end(turn: LiveTurn): Promise<void> {
    over.set(turn.eventId, true);
    const open = streams.get(turn.eventId);
    streams.delete(turn.eventId);
    if (open !== undefined) {
      const ending = open.stream.stop().finally(() => endings.delete(turn.eventId));
      endings.set(turn.eventId, ending);
    }
    await endings.get(turn.eventId);
  }

  return {
    open: (turn, target) => {
      const known = streams.get(turn.eventId);
      if (known !== undefined || closed || over.has(turn.eventId)) return known?.stream;
      const [oldest] = streams.values();
      if (oldest !== undefined && streams.size >= MAX_STREAMS) void end(oldest.turn);
      const stream = start(turn, target);
      streams.set(turn.eventId, { turn, stream });
      return stream;
    },
    find: (turn) => streams.get(turn.eventId)?.stream,
    end,
    isOver: (turn) => over.has(turn.eventId),
    close: async () => {
      closed = true;
      await Promise.all([...streams.values()].map(({ turn }) => end(turn)));
    },
  };
}
