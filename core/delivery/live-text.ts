/** Puts the streamed text together from pieces that may be lost, repeated, or out of order. */

export interface LiveText {
  /** What is known without a gap. Never ends in half a surrogate pair. */
  readonly current: () => string;
  readonly add: (offset: number, piece: string) => void;
  readonly reset: () => void;
}

/** Pieces kept beyond a gap, in case it is filled. Past it the stream stands still until a reset. */
const MAX_EARLY_PIECES = 64;
const MAX_LENGTH = 100_000;

export function createLiveText(): LiveText {
  let text = "";
  const early = new Map<number, string>();

  /** Adds the unknown tail of a piece that touches what is known; false where a gap lies between. */
  function append(offset: number, piece: string): boolean {
    if (offset > text.length) return false;
    text = (text + piece.slice(text.length - offset)).slice(0, MAX_LENGTH);
    return true;
  }

  function appendEarly(): void {
    for (const [offset, piece] of [...early].toSorted(([left], [right]) => left - right)) {
      if (!append(offset, piece)) return;
      early.delete(offset);
    }
  }

  return {
    current: () => (/[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text),
    add: (offset, piece) => {
      if (append(offset, piece)) appendEarly();
      else if (early.size < MAX_EARLY_PIECES && offset < MAX_LENGTH) early.set(offset, piece);
    },
    reset: () => {
      text = "";
      early.clear();
    },
  };
}
