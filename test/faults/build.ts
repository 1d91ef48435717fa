/** Bundles the processes once: dozens of them are started, and each would compile the whole product again. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
/** Inside the repository, so that packages are found from there. */
const OUTPUT = join(here, `../../node_modules/.cache/parley-faults-${process.pid}`);

/** Changes to the product's own source that make it wrong. Each must be found there, or the build fails. */
const CHANGES = {
  /** Blames all that was in flight when a process died. */
  bystanders: [
    ["core/broker/embedded/housekeeping.ts", "held.length === 1", "true"],
    ["core/broker/redis/housekeeping.ts", 'inFlight === "1"', "true"],
  ],
  /** Does not look whether others live: stands by behind the dead until their leases end. */
  successor: [["core/broker/presence.ts", "isGone(other) || silence.isOver(other)", "other.beat < 0"]],
} as const;

export type ChangedBuild = keyof typeof CHANGES;

/** Where the bundled process of this name lies. */
export const bundled = (name: string, changed?: ChangedBuild): string =>
  join(OUTPUT, changed ?? "product", `${name}.js`);

const built = new Map<string, Promise<void>>();

/** Builds the processes, once for each change. */
export async function buildProcesses(changed?: ChangedBuild): Promise<void> {
  const key = changed ?? "product";
  const building = built.get(key) ?? bundle(changed);
  built.set(key, building);
  await building;
}

async function bundle(changed?: ChangedBuild): Promise<void> {
  const names = ["worker", "courier", "producer", "platform", "product"];
  await build({
    entryPoints: names.map((name) => join(here, `processes/${name}.ts`)),
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    splitting: true,
    outdir: join(OUTPUT, changed ?? "product"),
    logLevel: "error",
    plugins: [besideSources, ...(changed === undefined ? [] : [changing(changed)])],
  });
}

/** What a pack says lies beside its source: the bundle reads it there. */
const besideSources: Plugin = {
  name: "beside sources",
  setup: (bundling) =>
    bundling.onLoad({ filter: /[\\/]language\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href)),
      loader: "ts",
    })),
};

function changing(changed: ChangedBuild): Plugin {
  return {
    name: `without ${changed}`,
    setup: (bundling) => {
      for (const [file, right, wrong] of CHANGES[changed]) {
        const path = join(here, "../..", file);
        bundling.onLoad({ filter: /\.ts$/ }, ({ path: loaded }) => {
          if (loaded !== path) return undefined;
          const source = readFileSync(path, "utf8");
          if (!source.includes(right)) throw new Error(`${file} does not say "${right}" any more`);
          return { contents: source.replace(right, wrong), loader: "ts" };
        });
      }
    },
  };
}

export function removeBuild(): void {
  rmSync(OUTPUT, { recursive: true, force: true });
}
