/**
 * Compiles recommender/ to recommender/dist, bundles everything else into dist/, and copies there what is not TypeScript
 * (pages, prompts, templates). What would otherwise be made at the first start is made here and lies in dist too: the
 * trained intent classifier, and the index of the sample's documents. With --if-stale nothing happens to what has no
 * source newer than its last build, so that `npm start` is quick; --only recommender leaves the rest alone.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folders = ["core", "adapters", "agents", "tools", "gateway", "client", "cli"];
const stamp = join(root, "dist", ".built");
const recommender = join(root, "recommender");
/** Written only when everything compiles. */
const recommenderStamp = join(recommender, "dist", "index.js");

function* filesUnder(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) yield path;
    else if (entry.name !== "dist") yield* filesUnder(path);
  }
}

const sources = () => folders.flatMap((folder) => [...filesUnder(join(root, folder))]);

function isStale(built, files) {
  if (!existsSync(built)) return true;
  const time = statSync(built).mtimeMs;
  return files.some((path) => statSync(path).mtimeMs > time);
}

function compile(project) {
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  if (!existsSync(compiler)) {
    console.error("parley: the TypeScript compiler is not installed. Run: npm ci");
    process.exit(1);
  }
  const { status } = spawnSync(process.execPath, [compiler, "-p", join(root, project)], {
    stdio: "inherit",
    cwd: root,
  });
  return status ?? 1;
}

async function buildRecommender() {
  // Only the recommender's kernel needs its compiler, and it is committed as compiled: a machine without it can build.
  if (existsSync(join(root, "node_modules", "assemblyscript"))) {
    const { writeKernel } = await import("./kernel.mjs");
    await writeKernel();
  }
  rmSync(join(recommender, "dist"), { recursive: true, force: true });
  const status = compile("recommender/tsconfig.build.json");
  if (status !== 0) process.exit(status);
}

async function buildProduct() {
  if (!existsSync(join(root, "node_modules", "parleyjs-recommender"))) {
    console.error("parley: the workspace recommender/ is not linked into node_modules. Run: npm install");
    process.exit(1);
  }
  // Declarations only: the code is bundled. In a checkout nobody reads them, so a start does not wait for them.
  const status = ifStale ? 0 : compile("tsconfig.build.json");
  if (status !== 0) {
    rmSync(stamp, { force: true });
    process.exit(status);
  }
  const { bundleProduct } = await import("./bundle.mjs");
  removeLeftovers([...(await bundleProduct()), ...copyAssets(), copyReference()]);
  spawnSync(process.execPath, [join(root, "dist", "scripts", "prebuild.js")], { stdio: "inherit", cwd: root });
  writeFileSync(stamp, "");
}

/** Copies what is not TypeScript; gives the copies, relative to the checkout. */
function copyAssets() {
  const assets = sources().filter((path) => !/\.(ts|tsx|snap)$|[/\\](README\.md|fixtures[/\\].*\.json)$/.test(path));
  return assets.map((path) => {
    const copy = join("dist", relative(root, path));
    mkdirSync(dirname(join(root, copy)), { recursive: true });
    cpSync(path, join(root, copy));
    return copy.replaceAll("\\", "/");
  });
}

/** The script of the reference at /docs: one file of a package that nobody then has to install. */
function copyReference() {
  const copy = "dist/gateway/scalar.js";
  cpSync(join(root, "node_modules/@scalar/fastify-api-reference/dist/js/standalone.js"), join(root, copy));
  return copy;
}

/** Removes the code that an earlier build made and this one did not. */
function removeLeftovers(made) {
  const keep = new Set(made);
  for (const path of filesUnder(join(root, "dist"))) {
    const name = relative(root, path).replaceAll("\\", "/");
    if (/\.js(\.map)?$/.test(name) && !keep.has(name)) rmSync(path);
  }
}

/** npm hides what its own steps print; the person at the terminal waits all the same. */
function announce(line) {
  console.error(line);
  if (process.stderr.isTTY || process.env.npm_lifecycle_event !== "prepare") return;
  try {
    writeFileSync("/dev/tty", `${line}\n`);
  } catch {
    // There is no terminal.
  }
}

const ifStale = process.argv.includes("--if-stale");
// An installed package ships its dist/ and no compiler configuration: there is nothing to build from.
if (ifStale && !existsSync(join(root, "tsconfig.build.json"))) process.exit(0);
const settings = [
  "tsconfig.json",
  "tsconfig.build.json",
  "package.json",
  "index.ts",
  "adapter.ts",
  "testing.ts",
  "scripts/bundle.mjs",
  "scripts/prebuild.ts",
].map((name) => join(root, name));
const onlyRecommender = process.argv.includes("--only") && process.argv.includes("recommender");
const needsRecommender = !ifStale || isStale(recommenderStamp, [...filesUnder(recommender), ...settings]);
const needsProduct =
  !onlyRecommender && (needsRecommender || isStale(stamp, [...sources(), ...settings, recommenderStamp]));
if (needsRecommender || needsProduct)
  announce("parley: building, which takes a few seconds, or a minute the first time …");
if (needsRecommender) await buildRecommender();
if (needsProduct) await buildProduct();
