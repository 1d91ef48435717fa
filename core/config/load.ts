/** Reads `bots.config.ts`: compiled with esbuild, imported, validated. */
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { type CompiledConfig, compileConfig } from "./compile.ts";
import type { ParleyConfig } from "./config.ts";
import { ConfigError, type ConfigIssue } from "./config-error.ts";
import { compileIssues, importIssues, NeverReadyError } from "./import-faults.ts";
import { validateConfig } from "./validate.ts";

/** A configuration with where it came from. */
export interface LoadedConfig {
  readonly config: ParleyConfig;
  readonly file: string;
  readonly directory: string;
}

/**
 * Loads and validates a config file. Throws `ConfigError` naming the file, the line, the path, the value and the fix. `look`
 * finds faults besides, which would hold up no start.
 */
export async function loadConfig(
  path: string,
  environment: NodeJS.ProcessEnv = process.env,
  look: (loaded: LoadedConfig) => readonly ConfigIssue[] = () => [],
): Promise<LoadedConfig> {
  const file = resolve(path);
  const name = basename(file);
  const directory = dirname(file);
  if (!existsSync(file)) {
    const fix = "Run parley in the project's directory, or name the file with --config.";
    throw new ConfigError(name, [{ path: "", file: name, message: `there is no ${file}`, fix }]);
  }
  const compiled = await compile(file, name, directory);
  const sources = {
    environment: { ...readDotEnv(directory), ...environment },
    readFile: (secretPath: string) => readFileSync(resolve(directory, secretPath), "utf8"),
  };
  try {
    const config = validateConfig(await run(compiled, name, directory), name, sources, directory);
    const issues = look({ config, file, directory });
    if (issues.length > 0) throw new ConfigError(name, issues);
    return { config, file, directory };
  } catch (thrown) {
    throw thrown instanceof ConfigError ? await withLines(thrown, compiled, directory) : thrown;
  }
}

async function compile(file: string, name: string, directory: string): Promise<CompiledConfig> {
  try {
    return await compileConfig(file, directory);
  } catch (thrown) {
    throw new ConfigError(name, compileIssues(thrown, name, directory), thrown);
  }
}

/** What the file exports by default. */
async function run(compiled: CompiledConfig, name: string, directory: string): Promise<unknown> {
  try {
    const module: unknown = await untilReady(import(compiled.address));
    if (typeof module === "object" && module !== null && "default" in module) return module.default;
  } catch (thrown) {
    // The syntax tree is needed where something is wrong, and nowhere else.
    const { readPlaces } = await import("./places.ts");
    const imported = { name, directory, compiled, places: readPlaces(compiled, directory) };
    throw new ConfigError(name, await importIssues(thrown, imported), thrown);
  }
  const message = "exports no configuration";
  throw new ConfigError(name, [{ path: "", file: name, message, fix: "Write: export default defineConfig({ … });" }]);
}

/** How long a file may wait for something before it exports its configuration. */
const READY_MS = 60_000;

/** The module. Throws `NeverReadyError` where it waits for what never comes: the process would end without a word. */
async function untilReady(module: Promise<unknown>): Promise<unknown> {
  let end = (): void => undefined;
  const never = new Promise<never>((_resolve, reject) => {
    const onIdle = (): void => reject(new NeverReadyError("nothing is left that it could wait for"));
    const timer = setTimeout(() => reject(new NeverReadyError(`${READY_MS / 1_000} seconds are over`)), READY_MS);
    // Where nothing else is left to do, that is known at once.
    timer.unref();
    process.once("beforeExit", onIdle);
    end = () => {
      clearTimeout(timer);
      process.off("beforeExit", onIdle);
    };
  });
  try {
    return await Promise.race([module, never]);
  } finally {
    end();
  }
}

async function withLines(error: ConfigError, compiled: CompiledConfig, directory: string): Promise<ConfigError> {
  const { readPlaces } = await import("./places.ts");
  const places = readPlaces(compiled, directory);
  const issues = error.issues.map((issue) =>
    issue.file === undefined || issue.line !== undefined
      ? issue
      : { ...issue, ...places.ofPath(issue.path.split(".")) },
  );
  return new ConfigError(error.file, issues, error.cause);
}

/** `.env` beside the config; the real environment wins. */
export function readDotEnv(directory: string): NodeJS.Dict<string> {
  const path = join(directory, ".env");
  return existsSync(path) ? parseEnv(readFileSync(path, "utf8")) : {};
}
