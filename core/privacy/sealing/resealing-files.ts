/** Seals files under the newest data key. A file is put anew as a whole: whoever reads it meanwhile reads the one before. */
import type { Files, KeptFiles } from "../../files/files.ts";
import { readWhole } from "../../files/files.ts";
import { UnknownKeyError, UnreadableValueError } from "./errors.ts";
import { progressOf, saveProgress } from "./ring-table.ts";
import { isDone, type Resealed, type ResealOptions } from "./resealing.ts";
import { HEADER, sealedBy, sealedFiles } from "./sealed-files.ts";

/**
 * Looks through files of one kind, unless that was done since every process knew the key: then undefined. `files` are those
 * that lie there, as they lie there.
 */
export async function resealFiles(
  files: Files,
  kept: KeptFiles,
  { sealing, clock, signal, progress }: ResealOptions,
): Promise<Resealed | undefined> {
  const name = `files ${kept.name}`;
  const active = sealing.active();
  const standing = await sealing.database().first(progressOf, { name });
  if (standing !== undefined && isDone(standing, active, clock())) return undefined;
  const beganAt = clock();
  const counts = { rows: 0, sealed: 0, overtaken: 0, unreadable: 0 };
  const opened = sealedFiles(files, { sealing, seals: () => true });
  for await (const { key } of files.list(kept.prefix)) {
    if (signal?.aborted === true) return { name, ...counts };
    if (!kept.keys.test(key)) continue;
    counts.rows += 1;
    const outcome = await resealFile(files, opened, { key, active: active.active });
    if (outcome !== "same") counts[outcome] += 1;
    progress?.(name, counts.rows);
  }
  await sealing
    .database()
    .change(saveProgress, { name, keyId: active.active, lastKey: null, beganAt, finishedAt: clock() });
  return { name, ...counts };
}

type Outcome = "same" | "sealed" | "overtaken" | "unreadable";

async function resealFile(
  files: Files,
  opened: Files,
  { key, active }: { readonly key: string; readonly active: string },
): Promise<Outcome> {
  const beginning = await readWhole(await files.open(key, { first: HEADER }));
  if (beginning === undefined) return "overtaken";
  if (sealedBy(beginning) === active) return "same";
  try {
    const before = await files.stat(key);
    const content = await opened.get(key);
    const now = await files.stat(key);
    // Written, or removed, while it was read: whoever did so has sealed it.
    if (content === undefined || before === undefined || now?.modifiedAt !== before.modifiedAt) return "overtaken";
    await opened.put(key, content);
    return "sealed";
  } catch (thrown) {
    if (thrown instanceof UnreadableValueError || thrown instanceof UnknownKeyError) return "unreadable";
    throw thrown;
  }
}
