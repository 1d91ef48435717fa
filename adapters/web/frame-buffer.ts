import type { TurnFrame } from "./protocol.ts";

/** The last frames of a session, numbered, so that a client that comes back gets what it missed. */
export interface FrameBuffer {
  /** Numbers the frame, keeps it, and gives it as it goes over the wire. */
  readonly push: (frame: TurnFrame) => string;
  /** What followed the frame with this id; undefined when that is not known any more. */
  readonly since: (id: string) => readonly string[] | undefined;
  readonly lastId: () => string;
}

const MAX_FRAMES = 300;
const MAX_CHARACTERS = 256 * 1024;

/** `epoch` tells this buffer from those of other processes and of the time before a restart. */
export function createFrameBuffer(epoch: string): FrameBuffer {
  const frames: { readonly number: number; readonly text: string }[] = [];
  let number = 0;
  let characters = 0;
  return {
    push: (frame) => {
      number += 1;
      const text = JSON.stringify({ id: `${epoch}.${number}`, ...frame });
      frames.push({ number, text });
      characters += text.length;
      while (frames.length > MAX_FRAMES || characters > MAX_CHARACTERS) {
        characters -= frames.shift()?.text.length ?? 0;
        if (frames.length === 0) break;
      }
      return text;
    },
    since: (id) => {
      const [, ownEpoch, last] = /^(.+)\.(\d{1,15})$/u.exec(id) ?? [];
      const from = Number(last);
      if (ownEpoch !== epoch || from > number) return undefined;
      const oldest = frames[0]?.number ?? number + 1;
      return from + 1 < oldest ? undefined : frames.filter((frame) => frame.number > from).map(({ text }) => text);
    },
    lastId: () => `${epoch}.${number}`,
  };
}
