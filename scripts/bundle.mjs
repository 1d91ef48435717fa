/**
 * Bundles the product into dist/: a file for each entry of the package and for each process and thread, and what they
 * share in dist/chunks. A start would otherwise load 1,500 modules one by one.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { exports, dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Started by file name, so each needs a file of its own. */
const PROCESSES = [
  "cli/main",
  "tools/rag/reader-process",
  "tools/recommend/lifecycle/training-thread",
  "tools/sandbox/program-thread",
  "tools/sandbox/chart-thread",
  "agents/understanding/training-thread",
  "adapters/whatsapp/web/process/browser-process",
  "scripts/prebuild",
];

/** Packages of many small modules that only the product itself uses: nothing that a bot's own code shares with it. */
const BUNDLED =
  /^(@langchain\/langgraph|chrono-node|fast-wrap-ansi|fastest-levenshtein|hast-util-.*|mdast-util-.*|micromark-.*|p-limit|ulid)$/;

const packageName = (path) => path.split("/", path.startsWith("@") ? 2 : 1).join("/");
const declared = new Set([...Object.keys(dependencies), ...Object.keys(peerDependencies)]);

/** Our own code imports its packages; a bundled package brings its own, except those that must be the only ones. */
const keepPackagesOutside = {
  name: "keep-packages-outside",
  setup: ({ onResolve }) => {
    onResolve({ filter: /^[^./]/ }, ({ path, importer, kind }) => {
      const name = packageName(path);
      const fromPackage = importer.includes("node_modules");
      const isOutside = fromPackage ? name === "zod" && path !== "zod/v3" : declared.has(name) && !BUNDLED.test(name);
      return isOutside && kind !== "entry-point" ? { path, external: true } : undefined;
    });
  },
};

/** What LangGraph revives stored objects with, of every kind that LangChain has; our graph stores none. */
const leaveOutRevival = {
  name: "leave-out-revival",
  setup: ({ onLoad }) => {
    const contents = "export const import_map_exports = {};";
    onLoad({ filter: /@langchain[\\/]core[\\/]dist[\\/]load[\\/]import_map\.js$/ }, () => ({ contents }));
  },
};

/** A source that looks for a file beside itself finds it in dist, whichever chunk it is in. */
const keepPlaces = {
  name: "keep-places",
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const source = readFileSync(path, "utf8");
      const place = relative(root, path).replaceAll("\\", "/").replace(/\.ts$/, ".js");
      if (!source.includes("import.meta.url") || place === "core/package-directory.js") return undefined;
      const helper = JSON.stringify(join(root, "scripts", "built-url.mjs"));
      const contents = source.replaceAll("import.meta.url", `builtUrl("${place}")`);
      return { contents: `import { builtUrl } from ${helper}; ${contents}`, loader: "ts" };
    });
  },
};

/** Bundles everything; gives the files that it wrote, relative to the checkout. */
export async function bundleProduct() {
  const published = Object.values(exports).flatMap((entry) => entry.default ?? []);
  const entries = [...published.map((path) => path.replace("./dist/", "").replace(/\.js$/, "")), ...PROCESSES];
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: entries.map((entry) => `${entry}.ts`),
    outbase: root,
    outdir: join(root, "dist"),
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    tsconfig: join(root, "tsconfig.build.json"),
    // Names stay, for stack traces; `node --enable-source-maps` finds the lines.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none",
    sourcemap: "linked",
    sourcesContent: false,
    metafile: true,
    logLevel: "warning",
    plugins: [keepPackagesOutside, leaveOutRevival, keepPlaces],
  });
  return [...Object.keys(metafile.outputs), writeLicences(Object.keys(metafile.inputs))];
}

/** Who copies a package ships its licence: those of all that the bundle holds, in one file. */
function writeLicences(inputs) {
  const folder = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;
  // Copied as it is by scripts/build.mjs.
  const copied = "node_modules/@scalar/fastify-api-reference";
  const packages = [...new Set([copied, ...inputs.flatMap((path) => folder.exec(path)?.[1] ?? [])])].toSorted();
  const texts = packages.map((place) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, place, "package.json"), "utf8"));
    const file = readdirSync(join(root, place)).find((one) => /^licen[cs]e/i.test(one));
    const text = file === undefined ? "" : readFileSync(join(root, place, file), "utf8").trim();
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  const path = "dist/THIRD-PARTY-LICENSES.txt";
  writeFileSync(join(root, path), texts.join(`\n${"-".repeat(80)}\n\n`));
  return path;
}
