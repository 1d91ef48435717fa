/** Seals again what was written before the newest key, in the background of a server or for a command. */
import type { LoadedConfig } from "../../core/config/index.ts";
import { describeError } from "../../core/errors.ts";
import type { Files } from "../../core/files/files.ts";
import { resealColumn, type Resealed, resealFiles } from "../../core/privacy/sealing/index.ts";
import type { Databases } from "../../core/store/databases.ts";
import { keptTables, sealedKinds } from "./kept.ts";
import { openFiles } from "./open-files.ts";
import type { Shared } from "./shared.ts";

/** How often a process reads the keys that others made, and looks for what is to be sealed again. */
const EVERY_MS = 60_000;

interface ResealParts {
  readonly loaded: LoadedConfig;
  readonly databases: Databases;
  /** As they lie there, not opened. */
  readonly files: Files;
  readonly clock: () => number;
  readonly signal?: AbortSignal;
  readonly progress?: (name: string, rows: number) => void;
}

/** Columns, then files. What was done is left out of the outcome. */
export async function resealAll({ loaded, databases, files, ...rest }: ResealParts): Promise<readonly Resealed[]> {
  const { sealing } = databases;
  await sealing.ready();
  await sealing.refresh();
  const options = { sealing, ...rest };
  const done: (Resealed | undefined)[] = [];
  for (const { file, modules, sealed = [] } of await keptTables(loaded)) {
    if (sealed.length === 0) continue;
    const database = databases.open(file);
    try {
      for (const module of modules) await database.migrate(module);
      for (const column of sealed) done.push(await resealColumn(database, column, options));
    } finally {
      await database.close();
    }
  }
  for (const kind of sealedKinds(loaded)) done.push(await resealFiles(files, kind, options));
  return done.filter((one) => one !== undefined);
}

/**
 * Every minute reads the keys that other processes made, so that this one seals with the newest; a worker seals again as
 * well, while there is something to do. Gives the function that stops it, which waits for the step in hand.
 */
export async function startResealing({
  loaded,
  network,
  environment,
  telemetry,
  databases,
  isWorker,
}: Pick<Shared, "loaded" | "network" | "environment" | "telemetry"> & {
  readonly databases: Databases;
  readonly isWorker: boolean;
}): Promise<() => Promise<void>> {
  const files = await openFiles(loaded, network);
  const closing = new AbortController();
  let working: Promise<void> | undefined;
  const round = async (): Promise<void> => {
    if (!isWorker) return await databases.sealing.refresh();
    const parts = { loaded, databases, files, clock: environment.clock, signal: closing.signal };
    for (const done of await resealAll(parts)) {
      if (done.sealed > 0 || done.unreadable > 0)
        telemetry.log.info({ ...done }, "sealed what was there before the key");
    }
  };
  const timer = setInterval(() => {
    working ??= round()
      .catch((thrown: unknown) =>
        telemetry.log.warn({ error: describeError(thrown) }, "values are sealed again in a minute"),
      )
      .finally(() => {
        working = undefined;
      });
  }, EVERY_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    closing.abort();
    await working;
    await files.close();
  };
}
