/** Seals again what was written before the newest key, in the background of a server or for a command. */
import type { LoadedConfig } from "../../core/config/index.ts";
import { describeError } from "../../core/errors.ts";
import type { Files } from "../../core/files/files.ts";
import { resealColumn, type Resealed, resealFiles } from "../../core/privacy/sealing/index.ts";
import type { Databases } from "../../core/store/databases.ts";
import { keptTables, roleOf, sealedKinds } from "./kept.ts";
import { openFiles } from "./open-files.ts";
import type { Role, Shared } from "./shared.ts";

/** How often a process reads the keys that others made, and looks for what is to be sealed again. */
const EVERY_MS = 60_000;

interface ResealParts {
  readonly loaded: LoadedConfig;
  readonly databases: Databases;
  /** As they lie there, not opened. */
  readonly files: Files;
  readonly clock: () => number;
  /** Of this process, which seals no more than what they may read. @default all */
  readonly roles?: ReadonlySet<Role>;
  readonly signal?: AbortSignal;
  readonly progress?: (name: string, rows: number) => void;
}

/** Columns, then files. What was done is left out of the outcome. */
export async function resealAll({
  loaded,
  databases,
  files,
  roles,
  ...rest
}: ResealParts): Promise<readonly Resealed[]> {
  const { sealing } = databases;
  await sealing.ready();
  await sealing.refresh();
  const options = { sealing, ...rest };
  const isOurs = (role: Role): boolean => roles === undefined || roles.has(role);
  const done: (Resealed | undefined)[] = [];
  for (const kept of await keptTables(loaded)) {
    const { file, modules, sealed = [] } = kept;
    if (sealed.length === 0 || !isOurs(roleOf(kept))) continue;
    const database = databases.open(file);
    try {
      for (const module of modules) await database.migrate(module);
      for (const column of sealed) done.push(await resealColumn(database, column, options));
    } finally {
      await database.close();
    }
  }
  if (isOurs("workers")) for (const kind of sealedKinds(loaded)) done.push(await resealFiles(files, kind, options));
  return done.filter((one) => one !== undefined);
}

/**
 * Every minute reads the keys that other processes made, so that this one seals with the newest; seals again as well what
 * its roles may read, while there is something to do. Gives the function that stops it, which waits for the step in hand.
 */
export async function startResealing({
  loaded,
  network,
  environment,
  telemetry,
  databases,
  roles,
}: Pick<Shared, "loaded" | "network" | "environment" | "telemetry"> & {
  readonly databases: Databases;
  readonly roles: ReadonlySet<Role>;
}): Promise<() => Promise<void>> {
  const files = await openFiles(loaded, network);
  const closing = new AbortController();
  let working: Promise<void> | undefined;
  const round = async (): Promise<void> => {
    const parts = { loaded, databases, files, roles, clock: environment.clock, signal: closing.signal };
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
