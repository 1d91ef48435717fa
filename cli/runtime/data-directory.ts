import { accessSync, constants, mkdirSync } from "node:fs";
import { basename, resolve } from "node:path";
import { ConfigError, type LoadedConfig } from "../../core/config/index.ts";

/**
 * The installation's directory, absolute; made when it is not there. Readable by its owner only. Throws `ConfigError`
 * where it cannot be made or written.
 */
export function dataDirectoryOf({ config, directory, file }: LoadedConfig): string {
  const path = resolve(directory, config.dataDirectory);
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(path, constants.W_OK);
  } catch (thrown) {
    const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "unknown";
    throw new ConfigError(
      basename(file),
      [
        {
          file: basename(file),
          path: "dataDirectory",
          message: `${path}${process.env["PARLEY_DATA"] ? ", named by PARLEY_DATA," : ""} cannot be written (${code})`,
          fix: "Make it writable for this user, or name another one: dataDirectory, or PARLEY_DATA in the environment.",
        },
      ],
      thrown,
    );
  }
  return path;
}
