/** What the sample bot understands, trained once for all tests of a checkout. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createIntentReader } from "../../agents/embedded/recognize-intent.ts";
import type { IntentReader } from "../../agents/embedded/recognize-intent.ts";
import { hashOfLesson, lessonOf, type Taught } from "../../agents/understanding/lesson.ts";
import { hashOfModel, readModel, writeModel } from "../../agents/understanding/model.ts";
import { SHIPPED_MODEL } from "../../agents/understanding/open-model.ts";
import { trainModel } from "../../agents/understanding/train-model.ts";
import sample from "../../bots.config.ts";
import { validateConfig } from "../../core/config/index.ts";
import { packageDirectory } from "../../core/package-directory.ts";
import { taughtBy } from "../../scripts/sample-lesson.ts";

/** What the sample bot learns from, as its source has it now. */
export async function taughtToSample(): Promise<Taught> {
  const directory = packageDirectory();
  const file = join(directory, "bots.config.ts");
  const config = validateConfig(sample, file, { environment: {}, readFile: () => "" }, directory);
  return await taughtBy({ config, file, directory });
}

/** Before any test runs: a crew from source finds the model where the build puts it. */
export async function setup(): Promise<void> {
  const lesson = lessonOf(await taughtToSample());
  const built = existsSync(SHIPPED_MODEL) ? hashOfModel(readFileSync(SHIPPED_MODEL)) : undefined;
  if (built === hashOfLesson(lesson)) return;
  mkdirSync(dirname(SHIPPED_MODEL), { recursive: true });
  writeFileSync(SHIPPED_MODEL, writeModel(trainModel(lesson)));
}

/** The reader of the sample bot's intents. */
export async function bankIntents(): Promise<IntentReader> {
  const { requests } = await taughtToSample();
  return createIntentReader(readModel(readFileSync(SHIPPED_MODEL)), { requests });
}
