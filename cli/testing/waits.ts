/** Waiting for what comes back for an event, in a process that also answers it. */
import { ParleyError, toError } from "../../core/errors.ts";
import { within } from "../../core/timing/deadline.ts";

/** Longer than a turn may take with all its repeats. */
const PATIENCE_MS = 180_000;

interface Wait<Item> {
  readonly items: Item[];
  readonly done: Promise<void>;
  readonly end: () => void;
}

/** The waits for events; what comes back may be there before the event's id is known. */
export function createWaits<Item>() {
  const waits = new Map<string, Wait<Item>>();
  let failure: { readonly error: Error } | undefined;
  const waitOf = (eventId: string): Wait<Item> => {
    const known = waits.get(eventId);
    if (known !== undefined) return known;
    let end = (): void => undefined;
    const done = new Promise<void>((resolve) => {
      end = resolve;
    });
    const wait = { items: [], done, end };
    waits.set(eventId, wait);
    return wait;
  };
  return {
    add: (eventId: string, item: Item): void => void waitOf(eventId).items.push(item),
    /** Nothing more comes. */
    end: (eventId: string): void => waitOf(eventId).end(),
    /** Nothing comes any more, for whatever is waited for. */
    fail: (thrown: unknown): void => {
      failure = { error: toError(thrown) };
      waits.forEach(({ end }) => end());
    },
    /** Everything that came for the event that is handed in. Throws `testing/no-answer`, and what it failed with. */
    after: async (
      handIn: () => Promise<string>,
    ): Promise<{ readonly eventId: string; readonly items: readonly Item[] }> => {
      failure = undefined;
      const eventId = await handIn();
      const { items, done } = waitOf(eventId);
      const ended = failure ?? (await within(async () => await done, { ms: PATIENCE_MS }));
      throwIfFailed();
      if (ended === undefined)
        throw new ParleyError("testing/no-answer", `No answer came within ${PATIENCE_MS / 1000} s.`);
      return { eventId, items };
    },
  };

  function throwIfFailed(): void {
    if (failure !== undefined) throw failure.error;
  }
}
