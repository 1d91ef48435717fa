/** Bundles a bench's processes as the product is built: a loader that compiles while it runs is no part of what is measured. */
import { rmSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Inside the repository, so that packages are found from there. */
const OUTPUT = fileURLToPath(new URL(`../node_modules/.cache/parley-bench-${process.pid}`, import.meta.url));

/** Flags of Node for the processes, such as `--cpu-prof --cpu-prof-dir=/tmp/profiles/%name`; their code is kept then. */
const { BENCH_NODE_OPTIONS: PROFILING } = process.env;

export const isProfiled = PROFILING !== undefined;

/** Flags of Node for the process of this name. */
export const nodeOptions = (name: string): readonly string[] => PROFILING?.replaceAll("%name", name).split(" ") ?? [];

/** Where the bundled process of this name lies. */
export const bundled = (name: string): string => join(OUTPUT, `${name}.js`);

/** Bundles them, each under the name of its file. */
export async function buildProcesses(...sources: readonly URL[]): Promise<void> {
  const entryPoints = sources.map((source) => ({ in: fileURLToPath(source), out: basename(source.pathname, ".ts") }));
  await build({
    entryPoints,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    splitting: true,
    outdir: OUTPUT,
    logLevel: "error",
  });
}

export function removeBuild(): void {
  if (!isProfiled) rmSync(OUTPUT, { recursive: true, force: true });
}
