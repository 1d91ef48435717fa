import { describeError } from "../../core/errors.ts";
import { createConversations } from "../../core/conversation/index.ts";
import type { Shared } from "./shared.ts";

const EVERY_MS = 60_000;
const TRACE_DAYS = 30;

/** Ends idle conversations, deletes old traces and spooled files, once a minute. Gives the function that stops it. */
export function startHousekeeping({ store, broker, environment, telemetry, bots, spool }: Shared): () => Promise<void> {
  const conversations = createConversations({ store, broker, environment });
  let working: Promise<void> = Promise.resolve();
  const round = async (): Promise<void> => {
    const minutes = Math.min(...bots.all().map(({ config }) => config.policies.idleMinutes));
    await conversations.endIdle(minutes);
    await store.traces.prune(new Date(environment.clock() - TRACE_DAYS * 86_400_000).toISOString());
    await spool.sweep();
  };
  const timer = setInterval(() => {
    working = round().catch((thrown: unknown) =>
      telemetry.log.warn({ error: describeError(thrown) }, "housekeeping failed and is tried again in a minute"),
    );
  }, EVERY_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await working;
  };
}
