/** Part of the build: makes in dist what the first start would otherwise make. Runs bundled, so its files lie in dist. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { lessonOf } from "../agents/understanding/lesson.ts";
import { writeModel } from "../agents/understanding/model.ts";
import { SHIPPED_MODEL } from "../agents/understanding/open-model.ts";
import { trainModel } from "../agents/understanding/train-model.ts";
import { loadConfig } from "../core/config/index.ts";
import { packageDirectory } from "../core/package-directory.ts";
import { writeSampleBank } from "../tools/banking/bank.ts";
import { writeSampleIndex } from "../tools/rag/sample-index.ts";
import { taughtBy } from "./sample-lesson.ts";

await writeSampleBank();
await writeSampleIndex();
const taught = await taughtBy(await loadConfig(join(packageDirectory(), "bots.config.ts")));
mkdirSync(dirname(SHIPPED_MODEL), { recursive: true });
writeFileSync(SHIPPED_MODEL, writeModel(trainModel(lessonOf(taught))));
