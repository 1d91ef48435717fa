/** Bundles the processes as the product is built: a loader that compiles while it runs is no part of what is measured. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
/** Inside the repository, so that packages are found from there. */
const OUTPUT = join(here, `../../node_modules/.cache/parley-bench-${process.pid}`);

/** Flags of Node for the processes, such as `--cpu-prof --cpu-prof-dir=/tmp/profiles/%name`; their code is kept then. */
export const { BENCH_NODE_OPTIONS: PROFILING } = process.env;

export type ProcessName = "producer" | "road-worker" | "bullmq-worker";

const NAMES: readonly ProcessName[] = ["producer", "road-worker", "bullmq-worker"];

/** Where the bundled process of this name lies. */
export const bundled = (name: ProcessName): string => join(OUTPUT, `${name}.js`);

export async function buildProcesses(): Promise<void> {
  await build({
    entryPoints: NAMES.map((name) => join(here, `processes/${name}.ts`)),
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
  if (PROFILING === undefined) rmSync(OUTPUT, { recursive: true, force: true });
}
