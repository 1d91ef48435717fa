/** The version that answers, kept in memory; another process's change of it is heard. */
import type { Running } from "../../../core/broker/broker.ts";
import { describeError, ParleyError } from "../../../core/errors.ts";
import type { Logger } from "../../../core/telemetry.ts";
import { type Bundle, readBundle } from "./bundle.ts";
import type { Versions } from "./versions.ts";

export type Serving = ReturnType<typeof createServing>;

/** Makes it; nothing is read before the first call. `starter` gives what serves until there is a version. */
export function createServing(versions: Versions, starter: () => Promise<Bundle | undefined>, log: Logger) {
  let serving: Bundle | undefined;
  let begun: Promise<void> | undefined;
  let latest = Promise.resolve();

  const load = async (): Promise<void> => {
    let failure: ParleyError | undefined;
    for (const version of await candidates(versions)) {
      if (version === serving?.summary.version) break;
      try {
        serving = readBundle(await versions.read(version));
        log.info({ version, model: serving.summary.model }, "the recommender serves another version");
        break;
      } catch (thrown) {
        // A damaged file must not take recommendations away: the one in memory, or the version before, goes on.
        log.error(
          { version, place: versions.place, error: describeError(thrown) },
          "a version of the recommender cannot be read",
        );
        if (thrown instanceof ParleyError && thrown.retryable) failure ??= thrown;
        if (serving !== undefined) break;
      }
    }
    serving ??= await starter();
    // Whoever follows tries again.
    if (failure !== undefined) throw failure;
  };
  /** Loads what is current at the time of the call. Throws what may be otherwise soon, such as `files/unavailable`. */
  const refresh = async (): Promise<void> => {
    latest = latest.catch(() => undefined).then(load);
    await latest;
  };
  return {
    /** Undefined when no version could be loaded: then only the products' own order is left. */
    bundle: async (): Promise<Bundle | undefined> => {
      if (serving !== undefined) return serving;
      begun ??= refresh().finally(() => {
        begun = undefined;
      });
      try {
        await begun;
      } catch (thrown) {
        if (serving === undefined) throw thrown;
      }
      return serving;
    },
    refresh,
    /** Follows what serves in all processes, until it is closed. */
    follow: (): Running => versions.watch(refresh),
  };
}

/** The current version, then the ones before it, newest first. */
async function candidates(versions: Versions): Promise<readonly string[]> {
  const [current, all] = [await versions.current(), await versions.list()];
  const names = all.map(({ name }) => name);
  return current === undefined ? [] : names.slice(0, names.indexOf(current) + 1).toReversed();
}
