import { relative, resolve } from "node:path";
import type { Check } from "../../core/check.ts";
import type { LoadedConfig } from "../../core/config/index.ts";
import {
  allProgress,
  isFinished,
  nameOf,
  type Progress,
  type Sealing,
  SETTLE_MS,
  wasLookedThrough,
} from "../../core/privacy/sealing/index.ts";
import { dataDirectoryOf } from "./data-directory.ts";
import { keptTables, sealedKinds } from "./kept.ts";

/**
 * For `doctor`: whether the keys are there, and whether all that must be sealed is. Where the store does not open, its
 * own finding says why; only keys that lie elsewhere are looked at then.
 */
export async function checkSealing(
  loaded: LoadedConfig,
  sealing: Sealing,
  { isStoreOpen }: { readonly isStoreOpen: boolean },
): Promise<readonly Check[]> {
  if (!isStoreOpen && loaded.config.store.sealing.key.kind === "database") return [];
  const keys = (await sealing.check()).map((check) => ({ ...check, ...advice(loaded, check) }));
  if (!isStoreOpen || keys.some(({ status }) => status === "error")) return keys;
  await sealing.ready();
  return [...keys, await checkProgress(loaded, sealing)];
}

/** Where the key lies well for one machine, but not for this installation. */
function advice(loaded: LoadedConfig, { status, detail }: Check): Partial<Check> {
  const { kind, sealing } = loaded.config.store;
  if (sealing.key.kind !== "file" || status !== "ok") return {};
  if (kind === "postgres") {
    return {
      status: "warning",
      detail: `${detail}: every host needs this very file`,
      remedy: 'Give all hosts the same key: store.sealing.key: { kind: "given", key: env("PARLEY_KEY") }, or a KMS.',
    };
  }
  const directory = dataDirectoryOf(loaded);
  const isBeside = !relative(directory, resolve(directory, sealing.key.path)).startsWith("..");
  if (!isBeside) return {};
  const remedy = "For more than a trial name a path elsewhere in store.sealing.key, and move the file there.";
  return { detail: `${detail}, beside what it protects: who copies the directory has both`, remedy };
}

async function checkProgress(loaded: LoadedConfig, sealing: Sealing): Promise<Check> {
  const name = "sealing";
  const columns = (await keptTables(loaded)).flatMap(({ sealed = [] }) => sealed.map(nameOf));
  const wanted = [...columns, ...sealedKinds(loaded).map((kind) => `files ${kind.name}`)];
  const active = sealing.active();
  const standing = new Map((await sealing.database().all(allProgress, {})).map((one) => [one.name, one]));
  const notYet = (isThere: (progress: Progress, key: typeof active) => boolean): readonly string[] =>
    wanted.filter((one) => {
      const progress = standing.get(one);
      return progress === undefined || !isThere(progress, active);
    });
  const [open, unfinished] = [notYet(wasLookedThrough), notYet(isFinished)];
  const since = new Date(active.activeSince).toISOString();
  const all = `all is sealed with the key ${active.active} of ${since}`;
  if (unfinished.length === 0) return { name, status: "ok", detail: all };
  if (open.length === 0) {
    const again = new Date(active.activeSince + SETTLE_MS).toISOString();
    const detail = `${all}; from ${again} it is looked through once more for what others sealed with the former key`;
    return { name, status: "ok", detail };
  }
  const detail = `new values are sealed with the key ${active.active} of ${since}; older ones are sealed again: ${open.join(", ")}`;
  return {
    name,
    status: "ok",
    detail,
    remedy: "parley start does so in the background, parley privacy reseal at once.",
  };
}
