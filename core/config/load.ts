/** Reads `bots.config.ts`: compiled with esbuild, imported, validated. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseEnv } from "node:util";
import { toError } from "../errors.ts";
import type { ParleyConfig } from "./config.ts";
import { ConfigError } from "./config-error.ts";
import { validateConfig } from "./validate.ts";

/** A configuration with where it came from. */
export interface LoadedConfig {
  readonly config: ParleyConfig;
  readonly file: string;
  readonly directory: string;
}

/** Loads and validates a config file. Throws `ConfigError` naming the file, the path, the value and the fix. */
export async function loadConfig(path: string, environment: NodeJS.ProcessEnv = process.env): Promise<LoadedConfig> {
  const file = resolve(path);
  const name = basename(file);
  const directory = dirname(file);
  if (!existsSync(file)) {
    throw new ConfigError(name, [
      {
        path: "",
        message: `there is no ${file}`,
        fix: "Run parley in the project's directory, or name the file with --config.",
      },
    ]);
  }
  const exported = await importTypeScript(file, name, directory);
  const config = validateConfig(exported, name, {
    environment: { ...readDotEnv(directory), ...environment },
    readFile: (secretPath) => readFileSync(resolve(directory, secretPath), "utf8"),
  });
  return { config, file, directory };
}

async function importTypeScript(file: string, name: string, directory: string): Promise<unknown> {
  const { build, stop } = await import("esbuild");
  const cache = join(directory, ".parley", "config");
  try {
    const result = await build({
      entryPoints: [file],
      bundle: true,
      packages: "external",
      // The project's own path aliases are for its compiler: what the config imports must be the installed packages.
      tsconfigRaw: "{}",
      format: "esm",
      platform: "node",
      target: "node20",
      sourcemap: "inline",
      write: false,
      logLevel: "silent",
    });
    // The compiler is a process of its own that would otherwise stay.
    await stop();
    const code = result.outputFiles[0]?.text ?? "";
    mkdirSync(cache, { recursive: true });
    const compiled = join(cache, `${createHash("sha256").update(code).digest("hex").slice(0, 16)}.mjs`);
    writeFileSync(compiled, code);
    const module: unknown = await import(pathToFileURL(compiled).href);
    return typeof module === "object" && module !== null && "default" in module ? module.default : undefined;
  } catch (thrown) {
    throw new ConfigError(
      name,
      [
        {
          path: "",
          message: `cannot be read: ${toError(thrown).message}`,
          fix: "Correct the file; `npx tsc --noEmit` shows type errors too.",
        },
      ],
      thrown,
    );
  }
}

/** `.env` beside the config; the real environment wins. */
function readDotEnv(directory: string): NodeJS.Dict<string> {
  const path = join(directory, ".env");
  return existsSync(path) ? parseEnv(readFileSync(path, "utf8")) : {};
}
