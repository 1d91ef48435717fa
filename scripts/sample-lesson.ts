/** What the sample bot learns from: its model is the one that is shipped. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Taught } from "../agents/understanding/lesson.ts";
import { openBots } from "../cli/runtime/bots.ts";
import { openStore } from "../cli/runtime/open-store.ts";
import { systemEnvironment } from "../cli/runtime/system-environment.ts";
import type { CrewFactory } from "../core/bot.ts";
import type { LoadedConfig } from "../core/config/index.ts";
import { directoryFiles } from "../core/files/directory-files.ts";
import { silentTelemetry } from "../core/silent-telemetry.ts";
import { sqliteDatabases } from "../core/store/databases.ts";

/** Opens the configuration's only bot as a start does, in a folder of its own: what its crew is given to learn from. */
export async function taughtBy(loaded: LoadedConfig): Promise<Taught> {
  const heard: Taught[] = [];
  const listening: CrewFactory = {
    name: "listening",
    summary: {},
    open: async ({ tools, intents, requests }) => {
      heard.push({ tools, intents, requests: await requests() });
      return { run: async () => await Promise.reject(new Error("This crew only learns.")), close: async () => {} };
    },
  };
  const directory = mkdtempSync(join(tmpdir(), "parley-sample-"));
  const bots = Object.entries(loaded.config.bots).map(([id, bot]) => [id, { ...bot, crew: listening }] as const);
  const config = { ...loaded.config, bots: Object.fromEntries(bots), dataDirectory: directory };
  const databases = sqliteDatabases(directory);
  try {
    const store = await openStore(databases);
    const parts = { environment: systemEnvironment(), telemetry: silentTelemetry, files: directoryFiles(directory) };
    const opened = await openBots({ ...loaded, config }, { ...parts, store, databases });
    await opened.close();
    await store.close();
  } finally {
    await databases.close();
    rmSync(directory, { recursive: true, force: true });
  }
  const [taught, ...more] = heard;
  if (taught === undefined || more.length > 0) throw new Error(`${loaded.file} must have one bot.`);
  return taught;
}
