/** Pressed buttons that wait for the bot's answer: the client shows them as busy until it comes. */
import type { Acknowledgement } from "../../../testing.ts";
import { refuse } from "./refusal.ts";

export interface Presses {
  /** Waits for `answerCallbackQuery`. */
  readonly wait: (id: string) => Promise<Acknowledgement>;
  /** Throws the platform's error for a query that is not open. */
  readonly answer: (id: string, notice: string | undefined) => void;
}

/** How long a client shows a button as busy. */
const DEADLINE_MS = 15_000;
/** How long a query may be answered. */
const OPEN_MS = 60_000;

export function createPresses(clock: () => number): Presses {
  const open = new Map<string, { readonly at: number; readonly resolve: (answer: Acknowledgement) => void }>();
  const known = new Map<string, number>();
  return {
    wait: async (id) => {
      const at = clock();
      known.set(id, at);
      return await new Promise<Acknowledgement>((resolve) => {
        const timer = setTimeout(() => {
          open.delete(id);
          resolve({ acknowledged: false, withinMs: DEADLINE_MS });
        }, DEADLINE_MS);
        open.set(id, {
          at,
          resolve: (answer) => {
            clearTimeout(timer);
            resolve(answer);
          },
        });
      });
    },
    answer: (id, notice) => {
      const at = known.get(id);
      if (at === undefined || clock() - at > OPEN_MS) {
        refuse(400, "Bad Request: query is too old and response timeout expired or query ID is invalid");
      }
      const press = open.get(id);
      open.delete(id);
      press?.resolve({
        acknowledged: true,
        withinMs: clock() - press.at,
        ...(notice === undefined || notice === "" ? {} : { notice }),
      });
    },
  };
}
