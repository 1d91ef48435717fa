import type { Store } from "../../../core/store/store.ts";
import { aTurn } from "./fixtures.ts";

/** Runs in a process of its own: writes turns and values, several at once, and prints each id once it is durable. */
export async function writeUntilKilled(store: Store): Promise<never> {
  for (let index = 0; ; index += 1) {
    const eventId = `written-${index}`;
    const written = store.history.write(aTurn({ eventId, sequence: index + 1 }));
    const counted = store.values.set("writer", eventId, index);
    await Promise.all([written, counted]);
    process.stdout.write(`${eventId}\n`);
  }
}
