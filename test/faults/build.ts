/** Bundles the processes once: dozens of them are started, and each would compile the whole product again. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
/** Inside the repository, so that packages are found from there. */
const OUTPUT = join(here, `../../node_modules/.cache/parley-faults-${process.pid}`);

/** Where the bundled process of this name lies. */
export const bundled = (name: string): string => join(OUTPUT, `${name}.js`);

export async function buildProcesses(): Promise<void> {
  await build({
    entryPoints: ["worker", "courier", "producer", "platform"].map((name) => join(here, `processes/${name}.ts`)),
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
  rmSync(OUTPUT, { recursive: true, force: true });
}
