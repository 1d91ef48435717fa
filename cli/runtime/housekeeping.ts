import { describeError } from "../../core/errors.ts";
import type { Pruned } from "../../core/retention.ts";
import type { Role, Shared } from "./shared.ts";

const EVERY_MS = 60_000;
const PRUNE_EVERY_MS = 60 * 60_000;
/** Who keeps what the retention job did last, for `doctor`. */
export const RETENTION_REPORT = { owner: "retention", key: "last" } as const;

/**
 * Ends idle conversations once a minute, and once an hour deletes what is older than `retention` allows; a process without
 * workers deletes files alone, since some of them are only on its machine. Gives the function that stops it.
 */
export function startHousekeeping(shared: Shared, roles: ReadonlySet<Role>): () => Promise<void> {
  const { environment, telemetry, bots, conversations } = shared;
  let working: Promise<void> = Promise.resolve();
  let prunedAt = Number.NEGATIVE_INFINITY;
  const round = async (): Promise<void> => {
    const minutes = Math.min(...bots.all().map(({ config }) => config.policies.idleMinutes));
    if (roles.has("workers")) await conversations.endIdle(minutes);
    if (environment.clock() - prunedAt < PRUNE_EVERY_MS) return;
    await (roles.has("workers") ? prune(shared) : shared.spool.sweep());
    prunedAt = environment.clock();
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

/** Deletes what is too old, and notes what it did. */
async function prune({ loaded, store, spool, bots, environment, telemetry }: Shared): Promise<void> {
  const { retention } = loaded.config;
  const now = environment.clock();
  const rows = await store.prune(retention, now);
  const files = await spool.sweep();
  const pruned: Pruned = { ...rows, ...(await bots.prune(retention)), spool: files.removed };
  for (const [kind, count] of Object.entries(pruned)) telemetry.metrics.pruned({ class: kind }, count);
  telemetry.log.info({ pruned }, "deleted what was older than the retention allows");
  const report = { at: new Date(now).toISOString(), pruned: { ...pruned } };
  await store.values.set(RETENTION_REPORT.owner, RETENTION_REPORT.key, report);
}
