/** The start of a process whose database is away: it waits, says so, and goes on by itself. */
import { describeError } from "../../core/errors.ts";
import { passes } from "../../core/store/postgres/failures.ts";
import type { Store } from "../../core/store/store.ts";
import type { Logger } from "../../core/telemetry.ts";
import type { Readiness } from "../../gateway/index.ts";

export interface WaitingParts {
  readonly log: Logger;
  /** Answers for the process while it waits, where it can be asked; closed when the wait is over. */
  readonly tell: (readiness: () => Promise<Readiness>) => Promise<{ readonly close: () => Promise<void> } | undefined>;
}

/**
 * Opens the store, again and again while its server is away; `open` takes some seconds until it gives up. What waiting
 * does not mend, such as a wrong password or tables of a newer Parley, is thrown.
 */
export async function awaitStore(open: () => Promise<Store>, { log, tell }: WaitingParts): Promise<Store> {
  const first = await tryToOpen(open);
  if ("store" in first) return first.store;
  let { detail } = first;
  log.error({ error: detail }, "the start waits for the database; messages wait where they are meanwhile");
  const telling = await tell(async () => ({ ready: false, parts: [{ name: "store", state: "down", detail }] }));
  try {
    for (;;) {
      const next = await tryToOpen(open);
      if ("store" in next) {
        log.info({}, "the database is there; the start goes on");
        return next.store;
      }
      ({ detail } = next);
    }
  } finally {
    await telling?.close();
  }
}

async function tryToOpen(open: () => Promise<Store>): Promise<{ store: Store } | { detail: string }> {
  try {
    return { store: await open() };
  } catch (thrown) {
    if (!passes(thrown)) throw thrown;
    return { detail: describeError(thrown) };
  }
}
