/**
 * Seals what lies there under the newest data key: texts from before anything was sealed, and those of former keys. Row
 * by row while others write: a row is changed only where it still holds what was read. Cut off, it goes on where it was.
 */
import type { Clock } from "../../environment.ts";
import type { Database, Work } from "../../store/sql/database.ts";
import { change } from "../../store/sql/work.ts";
import { envelopesOf, parseEnvelope } from "./envelope.ts";
import { UnknownKeyError, UnreadableValueError } from "./errors.ts";
import { type Progress, progressOf, saveProgress } from "./ring-table.ts";
import { nameOf, type SealedColumn } from "./sealed-column.ts";
import { keyFrom, type RowKey, readPage, replaceText, type StoredText, textOfKey } from "./sealed-rows.ts";
import type { Sealing } from "./sealing.ts";

/** Rows of a step: it holds a file for a few milliseconds. */
const STEP = 200;
/** So long after a key was made some processes may still seal with the one before: then all is looked through once more. */
export const SETTLE_MS = 5 * 60_000;

export interface Resealed {
  readonly name: string;
  /** Looked at in this run. */
  readonly rows: number;
  readonly sealed: number;
  /** Changed by others meanwhile, who sealed them. */
  readonly overtaken: number;
  /** Cannot be opened: they stay as they are. */
  readonly unreadable: number;
}

export interface ResealOptions {
  readonly sealing: Sealing;
  readonly clock: Clock;
  /** Ends between two steps. */
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((name: string, rows: number) => void) | undefined;
  /** Rows of a step. @default 200 */
  readonly step?: number;
}

/** Looks through a column, unless that was done since every process knew the key: then undefined. */
export async function resealColumn(
  database: Database,
  column: SealedColumn,
  options: ResealOptions,
): Promise<Resealed | undefined> {
  const name = nameOf(column);
  const place = await placeOf(name, options);
  if (place === undefined) return undefined;
  const counts = { rows: 0, sealed: 0, overtaken: 0, unreadable: 0 };
  for await (const done of steps(database, column, { ...options, ...place })) {
    for (const kind of ["rows", "sealed", "overtaken", "unreadable"] as const) counts[kind] += done[kind];
    options.progress?.(name, counts.rows);
    if (options.signal?.aborted === true) break;
  }
  return { name, ...counts };
}

/** Where one run goes on. */
interface Place {
  readonly active: string;
  readonly after: RowKey | undefined;
  /** `finishedAt` once nothing is behind the row. */
  readonly note: (last: RowKey | undefined, finishedAt: number | null) => Promise<void>;
}

async function placeOf(name: string, { sealing, clock }: ResealOptions): Promise<Place | undefined> {
  const key = sealing.active();
  const { active } = key;
  const standing = await sealing.database().first(progressOf, { name });
  if (standing !== undefined && isDone(standing, key, clock())) return undefined;
  const unfinished = standing?.keyId === active && standing.finishedAt === undefined ? standing : undefined;
  const beganAt = unfinished?.beganAt ?? clock();
  return {
    active,
    after: unfinished?.lastKey === undefined ? undefined : keyFrom(unfinished.lastKey),
    note: async (last, finishedAt) => {
      const lastKey = last === undefined ? null : textOfKey(last);
      await sealing.database().change(saveProgress, { name, keyId: active, lastKey, beganAt, finishedAt });
    },
  };
}

/** One after the other, each noted when it is done. */
async function* steps(
  database: Database,
  column: SealedColumn,
  { sealing, clock, active, note, step = STEP, ...place }: ResealOptions & Place,
) {
  for (let { after } = place; ;) {
    const rows = await readPage(database, column, { after, limit: step });
    const last = rows.at(-1);
    if (last === undefined) return await note(after, clock());
    const done = await sealRows(database, column, { rows, sealing, active });
    // What was plain must not stay in the engine's free pages, also where this is cut off after the step.
    if (done.hadPlain) await database.scrub();
    after = last.key;
    await note(after, null);
    yield { rows: rows.length, ...done };
  }
}

/** Finished, or looked through before the key was known everywhere: then it is once more, but not before. */
export function isDone(standing: Progress, active: ReturnType<Sealing["active"]>, now: number): boolean {
  if (isFinished(standing, active)) return true;
  return wasLookedThrough(standing, active) && now < active.activeSince + SETTLE_MS;
}

/** To the end since the key was made, though some process may have sealed with the one before meanwhile. */
export function wasLookedThrough(
  { keyId, finishedAt }: Progress,
  { active }: Pick<ReturnType<Sealing["active"]>, "active">,
): boolean {
  return keyId === active && finishedAt !== undefined;
}

/** Looked through to the end, and begun when every process knew the key. */
export function isFinished(progress: Progress, active: ReturnType<Sealing["active"]>): boolean {
  return wasLookedThrough(progress, active) && progress.beganAt >= active.activeSince + SETTLE_MS;
}

interface Step {
  readonly rows: readonly StoredText[];
  readonly sealing: Sealing;
  readonly active: string;
}

async function sealRows(database: Database, column: SealedColumn, { rows, sealing, active }: Step) {
  const due = rows.filter(({ text }) => !text.startsWith(envelopesOf(active)));
  const opened = await Promise.all(due.map(async (row) => ({ ...row, plain: await openRow(sealing, column, row) })));
  const fresh = opened.flatMap(({ plain, ...row }) =>
    plain === undefined ? [] : [{ ...row, sealed: sealing.seal(column, row.row, plain) }],
  );
  const sealed = await database.write(() => replaceAll(column, fresh), { lock: [] });
  return {
    sealed,
    overtaken: fresh.length - sealed,
    unreadable: due.length - fresh.length,
    hadPlain: fresh.some(({ text }) => parseEnvelope(text) === undefined),
  };
}

/** Undefined where it cannot be opened: one damaged value must not keep the others from being sealed. */
async function openRow(sealing: Sealing, column: SealedColumn, { row, text }: StoredText): Promise<string | undefined> {
  try {
    return await sealing.reading(async () => sealing.open(column, row, text));
  } catch (thrown) {
    if (thrown instanceof UnreadableValueError || thrown instanceof UnknownKeyError) return undefined;
    throw thrown;
  }
}

function* replaceAll(column: SealedColumn, rows: readonly (StoredText & { readonly sealed: string })[]): Work<number> {
  let count = 0;
  for (const row of rows) count += yield* change(replaceText(column, row), {});
  return count;
}
