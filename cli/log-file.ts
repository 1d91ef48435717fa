/** Log lines of a process whose terminal shows a conversation: they go to a file, trouble is told in one line as well. */
import { appendFileSync, renameSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { colors } from "./colors.ts";
import { z } from "zod";
import { printAbove } from "../adapters/console/above.ts";
import type { LoadedConfig } from "../core/config/index.ts";
import { dataDirectoryOf } from "./runtime/data-directory.ts";

/** A full file becomes the former one, in place of the one before: two of this size at most. */
const FULL_BYTES = 10 * 1024 * 1024;
const WARNING = 40;

const Line = z.object({ level: z.number(), msg: z.string(), error: z.string().optional() });

export interface LogFile {
  readonly path: string;
  readonly write: (line: string) => void;
}

/** Opens `<name>.log` in the data directory, readable by its owner only. */
export function openLogFile(loaded: LoadedConfig, name: string): LogFile {
  const path = join(dataDirectoryOf(loaded), `${name}.log`);
  let size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return {
    path,
    write: (line) => {
      if (size > FULL_BYTES) {
        renameSync(path, `${path}.1`);
        size = 0;
      }
      appendFileSync(path, line, { mode: 0o600 });
      size += Buffer.byteLength(line);
      tellTrouble(line, path);
    },
  };
}

function tellTrouble(line: string, path: string): void {
  const { level, msg, error } = Line.catch({ level: 0, msg: "" }).parse(JSON.parse(line));
  if (level < WARNING) return;
  const words = `${msg}${error === undefined ? "" : `: ${error}`}`.replaceAll(/\s+/gu, " ");
  printAbove(() => process.stderr.write(`${colors.yellow(words)} ${colors.dim(`(${basename(path)})`)}\n`));
}
