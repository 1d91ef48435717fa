import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { ConfigDescription } from "../../core/config/index.ts";

const FILE = "applied-config.json";

/** The configuration that was applied last, as plain data; undefined when there is none. */
export async function readApplied(dataDirectory: string): Promise<ConfigDescription | undefined> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(await readFile(join(dataDirectory, FILE), "utf8")));
  } catch {
    // No file yet, or one that was cut off: the plan then shows everything as new, which is true.
    return undefined;
  }
}

/** Keeps the description of what was applied, for `parley plan`. */
export async function writeApplied(dataDirectory: string, description: ConfigDescription): Promise<void> {
  const path = join(dataDirectory, FILE);
  await writeFile(`${path}.new`, JSON.stringify(description, null, 2), { mode: 0o600 });
  await rename(`${path}.new`, path);
}
