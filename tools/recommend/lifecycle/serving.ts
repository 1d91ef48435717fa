/** The version that answers, kept in memory; another process's change of it is noticed within seconds. */
import type { Clock } from "../../../core/environment.ts";
import { describeError } from "../../../core/errors.ts";
import type { Logger } from "../../../core/telemetry.ts";
import { type Bundle, readBundle } from "./bundle.ts";
import type { Versions } from "./versions.ts";

export type Serving = ReturnType<typeof createServing>;

const LOOK_EVERY_MS = 2_000;

/** Makes it; nothing is read before the first call. `starter` gives what serves until there is a version. */
export function createServing(
  versions: Versions,
  starter: () => Promise<Bundle | undefined>,
  clock: Clock,
  log: Logger,
) {
  let serving: Bundle | undefined;
  let changedAt: number | undefined;
  let lookedAt = -Infinity;
  let loading: Promise<void> | undefined;

  const load = async (): Promise<void> => {
    const changed = await versions.changedAt();
    if (changed === undefined || changed === changedAt) return;
    changedAt = changed;
    for (const version of await candidates(versions)) {
      if (version === serving?.summary.version) return;
      try {
        serving = readBundle(await versions.read(version));
        log.info({ version, model: serving.summary.model }, "the recommender serves another version");
        return;
      } catch (thrown) {
        // A damaged file must not take recommendations away: the one in memory, or the version before, goes on.
        log.error(
          { file: versions.pathOf(version), error: describeError(thrown) },
          "a version of the recommender cannot be read",
        );
        if (serving !== undefined) return;
      }
    }
  };
  const look = async (): Promise<void> => {
    loading ??= load().finally(() => {
      loading = undefined;
      lookedAt = clock();
    });
    await loading;
    serving ??= await starter();
  };
  return {
    /** Undefined when no version could be loaded: then only the products' own order is left. */
    bundle: async (): Promise<Bundle | undefined> => {
      if (serving === undefined || clock() - lookedAt >= LOOK_EVERY_MS) await look();
      return serving;
    },
    /** Loads what is current now, however short ago it was looked at. */
    refresh: async (): Promise<void> => {
      changedAt = undefined;
      await look();
    },
  };
}

/** The current version, then the ones before it, newest first. */
async function candidates(versions: Versions): Promise<readonly string[]> {
  const [current, all] = [await versions.current(), await versions.list()];
  if (current === undefined) return [];
  const place = all.indexOf(current);
  return place < 0 ? [current, ...all.toReversed()] : all.slice(0, place + 1).toReversed();
}
