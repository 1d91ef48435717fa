/** Compiles a config file to a module that can be imported: a file in the project, or memory where that is read-only. */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BuildOptions, Metafile, Plugin } from "esbuild";

/** A config file with everything it imports from the project, as one module. */
export interface CompiledConfig {
  /** What to import. */
  readonly address: string;
  /** With its source map at the end. */
  readonly code: string;
  /** Files that import each other, from the first to the first again: `["a.ts", "b.ts", "a.ts"]`. */
  readonly circle: readonly string[] | undefined;
}

/**
 * Compiles. In the project's `.parley/config` packages are found as from the file itself. Where nothing can be written
 * (a container, another owner) the module is its own address, and its packages are found beforehand.
 */
export async function compileConfig(file: string, directory: string): Promise<CompiledConfig> {
  const { build, stop } = await import("esbuild");
  const compile = async (packages: Partial<BuildOptions>): Promise<Omit<CompiledConfig, "address">> => {
    const options = { ...OPTIONS, ...packages, absWorkingDir: directory, entryPoints: [file] };
    const { outputFiles, metafile } = await build({ ...options, write: false, metafile: true });
    const circle = circleIn(metafile);
    const code = outputFiles[0]?.text ?? "";
    return { code: circle === undefined ? code : withBlockScope(code), circle };
  };
  try {
    const compiled = await compile({ packages: "external" });
    const written = writeInto(join(directory, ".parley", "config"), compiled.code);
    if (written !== undefined) return { ...compiled, address: pathToFileURL(written).href };
    const inMemory = await compile({ plugins: [packagesByAddress] });
    const address = `data:text/javascript;base64,${Buffer.from(inMemory.code).toString("base64")}`;
    return { ...inMemory, address };
  } finally {
    // The compiler is a process of its own that would otherwise stay.
    await stop();
  }
}

const OPTIONS = {
  bundle: true,
  // The project's own path aliases are for its compiler: what the config imports must be the installed packages.
  tsconfigRaw: "{}",
  format: "esm",
  platform: "node",
  target: "node20",
  sourcemap: "inline",
  logLevel: "silent",
} satisfies BuildOptions;

/** The first circle of imports among the files of the project. */
function circleIn({ inputs }: Metafile): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const { path: next, external } of inputs[file]?.imports ?? []) {
      const found = external === true ? undefined : visit(next, [...path, file]);
      if (found !== undefined) return found;
    }
    done.add(file);
    return undefined;
  };
  return Object.keys(inputs)
    .map((file) => visit(file, []))
    .find((found) => found !== undefined);
}

/**
 * In one module esbuild writes `var` for `const`, and what a circle of imports reads too early would silently be
 * `undefined`. With `let` the engine refuses it, as it would in the files themselves. No position changes.
 */
function withBlockScope(code: string): string {
  return code.replace(/^var /gmu, "let ");
}

/** The file's path; undefined where it cannot be written. */
function writeInto(cache: string, code: string): string | undefined {
  const path = join(cache, `${createHash("sha256").update(code).digest("hex").slice(0, 16)}.mjs`);
  try {
    mkdirSync(cache, { recursive: true });
    writeFileSync(path, code);
    return path;
  } catch {
    return undefined;
  }
}

/** A module without a place finds no packages by name: each gets the address of its file. */
const packagesByAddress: Plugin = {
  name: "packages-by-address",
  setup: (build) => {
    // Its compiler is written in Go, which knows no flag `u`.
    build.onResolve({ filter: /^[^./]/ }, async ({ path, kind, resolveDir, pluginData }) => {
      if (pluginData === packagesByAddress || isBuiltin(path)) return undefined;
      const found = await build.resolve(path, { kind, resolveDir, pluginData: packagesByAddress });
      // What is not found fails when it is imported, and then says what it was.
      if (found.errors.length > 0) return { path, external: true };
      return { path: pathToFileURL(found.path).href, external: true };
    });
  },
};
