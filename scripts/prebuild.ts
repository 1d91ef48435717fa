/** Part of the build: makes in dist what the first start would otherwise make. Runs bundled, so its files lie in dist. */
import { writeFileSync } from "node:fs";
import { INTENT_MODEL, writeIntents } from "../agents/offline/intent-model.ts";
import { trainIntents } from "../agents/offline/train-intents.ts";
import { writeSampleBank } from "../tools/banking/bank.ts";
import { writeSampleIndex } from "../tools/rag/sample-index.ts";

writeFileSync(INTENT_MODEL, writeIntents(trainIntents()));
await writeSampleBank();
await writeSampleIndex();
