/** A session's live side in this process: its sockets, the frames they may still need, and its latest turns. */
import type { Socket } from "../../adapter.ts";
import { createFrameBuffer } from "./frame-buffer.ts";
import type { SocketFrame, TurnFrame } from "./protocol.ts";
import type { ArrivedReply, TurnLog } from "./turn-log.ts";
import { createTurnLog } from "./turn-log.ts";

export interface Channel {
  readonly chat: string;
  readonly turns: TurnLog;
  /**
   * Holds back what is published until the returned function is called, so that a message's acceptance is told before
   * the first sign of its turn, however quick that is.
   */
  readonly hold: () => () => void;
  /** Numbers the frame, keeps it for those who come back, and sends it to every socket. */
  readonly publish: (frame: TurnFrame) => void;
  /** Shows a reply, once. */
  readonly reply: (reply: ArrivedReply, at: string, replayed?: boolean) => void;
  readonly add: (socket: Socket) => void;
  readonly remove: (socket: Socket) => void;
  readonly sockets: () => number;
  readonly lastId: () => string;
  readonly since: (id: string) => readonly string[] | undefined;
  /** Ends all sockets with this code. */
  readonly end: (code: number, reason: string) => void;
  /** When something last happened, in ms. */
  readonly usedAt: () => number;
}

/** Frames that are held back at most. */
const MAX_HELD = 200;

export function createChannel(chat: string, epoch: string, clock: () => number): Channel {
  const buffer = createFrameBuffer(epoch);
  const sockets = new Set<Socket>();
  const turns = createTurnLog();
  const state = { usedAt: clock(), holders: 0 };
  const held: TurnFrame[] = [];
  const show = (frame: TurnFrame): void => {
    const text = buffer.push(frame);
    for (const socket of sockets) if (!socket.send(text)) sockets.delete(socket);
  };
  const publish = (frame: TurnFrame): void => {
    state.usedAt = clock();
    if (state.holders === 0 || frame.type === "accepted") show(frame);
    else held.push(frame);
    if (held.length > MAX_HELD) held.splice(0).forEach(show);
  };
  return {
    hold: () => {
      state.holders += 1;
      return () => {
        state.holders -= 1;
        if (state.holders === 0) held.splice(0).forEach(show);
      };
    },
    chat,
    turns,
    publish,
    reply: (reply, at, replayed = false) => {
      const { eventId, index, count, payload } = reply;
      if (!turns.replied(reply)) return;
      publish({ type: "reply", eventId, index, count, at, ...payload, replayed });
    },
    add: (socket) => {
      state.usedAt = clock();
      sockets.add(socket);
    },
    remove: (socket) => {
      state.usedAt = clock();
      sockets.delete(socket);
    },
    sockets: () => sockets.size,
    lastId: buffer.lastId,
    since: buffer.since,
    end: (code, reason) => {
      for (const socket of sockets) socket.close(code, reason);
      sockets.clear();
    },
    usedAt: () => state.usedAt,
  };
}

/** Sends a frame to one socket alone. */
export function sendTo(socket: Pick<Socket, "send">, frame: SocketFrame): boolean {
  return socket.send(JSON.stringify(frame));
}
