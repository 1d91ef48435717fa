/** Where a bot's understanding comes from: shipped with the package, kept from its last training, or trained now. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { LRUCache } from "lru-cache";
import type { OpenContext } from "../../core/bot.ts";
import { describeError, ParleyError } from "../../core/errors.ts";
import { packageDirectory } from "../../core/package-directory.ts";
import { startThread } from "../../core/start-thread.ts";
import { hashOfLesson, type Lesson } from "./lesson.ts";
import { hashOfModel, type Model, readModel } from "./model.ts";

/** Where the build writes the one of the shipped tool packs. */
export const SHIPPED_MODEL = join(packageDirectory(), "dist", "agents", "understanding", "shipped.model");

/** Bots that learn the same share one model. */
const opened = new LRUCache<string, Promise<Model>>({ max: 8 });

/**
 * Opens the model of a lesson. Trains it in a thread where none of the same lesson is there (a few seconds of CPU; what
 * the shipped model knows is not learned again), and keeps it in the installation's files. Throws
 * `understanding/training-failed`.
 */
export async function openModel(
  lesson: Lesson,
  context: Pick<OpenContext, "bot" | "files" | "telemetry">,
): Promise<Model> {
  const hash = hashOfLesson(lesson);
  const known = opened.get(hash);
  if (known !== undefined) return await known;
  const opening = findOrTrain(lesson, hash, context);
  opened.set(hash, opening);
  try {
    return await opening;
  } catch (thrown) {
    opened.delete(hash);
    throw thrown;
  }
}

async function findOrTrain(
  lesson: Lesson,
  hash: string,
  { bot, files, telemetry: { log } }: Pick<OpenContext, "bot" | "files" | "telemetry">,
): Promise<Model> {
  const shipped = existsSync(SHIPPED_MODEL) ? await readFile(SHIPPED_MODEL) : undefined;
  if (shipped !== undefined && hashOfModel(shipped) === hash) return readModel(shipped);
  const key = `understanding/${bot.id}.model`;
  try {
    const kept = await files.get(key);
    if (kept !== undefined && hashOfModel(kept) === hash) return readModel(kept);
  } catch (thrown) {
    log.warn(
      { bot: bot.id, error: describeError(thrown) },
      "the kept understanding could not be read; it is learned anew",
    );
  }
  const trained = await train(lesson, shipped && hashOfModel(shipped) !== undefined ? shipped : undefined);
  try {
    await files.put(key, trained);
  } catch (thrown) {
    log.warn(
      { bot: bot.id, error: describeError(thrown) },
      "what was learned could not be kept; the next start learns it anew",
    );
  }
  return readModel(trained);
}

const MEMORY_MEGABYTES = 2_048;

async function train(lesson: Lesson, shipped: Uint8Array | undefined): Promise<Uint8Array> {
  const worker = startThread(import.meta.url, "training-thread", {
    workerData: { lesson, shipped },
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MEGABYTES },
  });
  const failed = (reason: string, options?: ErrorOptions): ParleyError =>
    new ParleyError(
      "understanding/training-failed",
      `What the bot is asked for could not be learned: ${reason}`,
      options,
    );
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      worker.on("message", (message: unknown) => {
        if (message instanceof Uint8Array) resolve(message);
      });
      worker.on("error", (cause) => reject(failed(cause.message, { cause })));
      worker.on("exit", (code) => reject(failed(`the thread ended with code ${code} before its work.`)));
    });
  } finally {
    await worker.terminate();
  }
}
