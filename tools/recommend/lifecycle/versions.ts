/** The versions of a bot's recommender: known to the database, each with a file. */
import { createHash } from "node:crypto";
import type { Running } from "../../../core/broker/broker.ts";
import type { Clock } from "../../../core/environment.ts";
import { ParleyError } from "../../../core/errors.ts";
import type { Files } from "../../../core/files/files.ts";
import { announce, watchChanges } from "../../../core/store/sql/changes.ts";
import type { Database, Work } from "../../../core/store/sql/database.ts";
import { all, first, run } from "../../../core/store/sql/work.ts";
import {
  deleteVersion,
  findServing,
  insertVersion,
  listVersions,
  migrateRegistry,
  setServing,
  type VersionRow,
} from "./registry.ts";
import type { Summary } from "./summary.ts";
import { lockTraining, type TrainingLock } from "./training-lock.ts";
import type { Verdict } from "./verdict.ts";

/** A version as it was made and judged. */
export interface Version {
  /** `v0007`. */
  readonly name: string;
  readonly summary: Summary;
  readonly verdict: Verdict;
}

export interface NewVersion {
  readonly bytes: Uint8Array;
  readonly summary: Summary;
  readonly verdict: Verdict;
  /** Whether it serves from now on. */
  readonly serves: boolean;
}

export interface VersionsPlace {
  readonly database: Database;
  readonly files: Files;
  readonly bot: string;
  readonly clock: Clock;
}

export type Versions = Awaited<ReturnType<typeof openVersions>>;

const KEPT = 5;
/** A file that no version names after so long is of a process that died between the two. */
const ORPHAN_MS = 86_400_000;

/** Makes the tables. Closing them is the caller's. Throws `store/database`. */
export async function openVersions(place: VersionsPlace) {
  const { database, files, bot, clock } = place;
  const topic = `recommender:${bot}`;
  const folder = `recommender/${bot}/`;
  await migrateRegistry(database);
  const write = async <T>(work: () => Work<T>): Promise<T> => await database.write(work, { lock: topic });
  const rows = async (): Promise<readonly VersionRow[]> => await database.all(listVersions, { bot });
  const serve = function* (number: number): Work<void> {
    yield* run(setServing, { bot, number });
    yield* announce(topic);
  };
  return {
    /** Where the files lie, for people. */
    place: `${files.place}/${folder}`,
    /** Oldest first. */
    list: async (): Promise<readonly Version[]> => (await rows()).map(versionOf),
    /** The one that is to serve; undefined when there is none yet. */
    current: async (): Promise<string | undefined> => {
      const serving = await database.first(findServing, { bot });
      return serving === undefined ? undefined : nameOf(serving.number);
    },
    next: async (): Promise<string> => nameOf(((await rows()).at(-1)?.number ?? 0) + 1),
    /** Keeps a version, its file first; older ones than the last five go, but for the one that serves. */
    add: async ({ bytes, summary, verdict, serves }: NewVersion): Promise<void> => {
      const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
      const file = `${folder}${summary.version}-${digest}.model`;
      await files.put(file, bytes);
      const number = numberOf(summary.version);
      const gone = await write(function* () {
        const { replace, why } = verdict;
        const row = { bot, number, file, summary: JSON.stringify(summary), is_better: replace ? 1 : 0, why };
        yield* run(insertVersion, row);
        if (serves) yield* serve(number);
        const serving = yield* first(findServing, { bot });
        const old = (yield* all(listVersions, { bot })).slice(0, -KEPT);
        const unused = old.filter((one) => one.number !== serving?.number);
        for (const one of unused) yield* run(deleteVersion, { bot, number: one.number });
        return unused;
      });
      for (const one of gone) await files.remove(one.file);
      const named = new Set((await rows()).map((one) => one.file));
      for await (const { key, modifiedAt } of files.list(folder))
        if (!named.has(key) && modifiedAt < clock() - ORPHAN_MS) await files.remove(key);
    },
    /** The bytes of its file. Throws `recommend/no-version` when it is gone. */
    read: async (version: string): Promise<Uint8Array> => {
      const row = (await rows()).find(({ number }) => nameOf(number) === version);
      const bytes = row === undefined ? undefined : await files.get(row.file);
      if (bytes === undefined) throw noVersion(`The file of ${version} is not in ${files.place}/${folder}.`);
      return bytes;
    },
    /** Serves the version before the current one; gives its name. Throws `recommend/no-version`. */
    rollBack: async (): Promise<string> =>
      await write(function* () {
        const serving = (yield* first(findServing, { bot }))?.number ?? 0;
        const before = (yield* all(listVersions, { bot })).findLast(({ number }) => number < serving);
        if (before === undefined) {
          throw noVersion(`There is no version before ${serving === 0 ? "the first" : nameOf(serving)} of ${bot}.`);
        }
        yield* serve(before.number);
        return nameOf(before.number);
      }),
    /** Calls `heard` at the beginning, and when another version may serve, in whichever process that was decided. */
    watch: (heard: () => Promise<void>): Running => watchChanges(database, topic, heard),
    /** Undefined while a training is on its way, in whichever process. */
    lockTraining: async (): Promise<TrainingLock | undefined> => await lockTraining(database, bot, clock),
  };
}

function versionOf({ number, summary, isBetter, why }: VersionRow): Version {
  return { name: nameOf(number), summary, verdict: { replace: isBetter, why } };
}

function noVersion(message: string): ParleyError {
  return new ParleyError("recommend/no-version", message, { status: 404 });
}

function nameOf(number: number): string {
  return `v${String(number).padStart(4, "0")}`;
}

function numberOf(version: string): number {
  return Number(version.slice(1));
}
