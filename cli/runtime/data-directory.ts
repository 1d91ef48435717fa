import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import type { LoadedConfig } from "../../core/config/index.ts";

/** The installation's directory, absolute; made when it is not there. Readable by its owner only. */
export function dataDirectoryOf({ config, directory }: LoadedConfig): string {
  const path = resolve(directory, config.dataDirectory);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return path;
}
