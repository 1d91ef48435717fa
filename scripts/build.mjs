/**
 * Compiles recommender/ to recommender/dist and everything else to dist/, and copies there what is not TypeScript (pages,
 * prompts, templates). With --if-stale nothing happens to what has no source newer than its last build, so that `npm start`
 * is quick; --only recommender leaves the rest alone.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folders = ["core", "adapters", "agents", "tools", "gateway", "cli"];
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

function buildProduct() {
  if (!existsSync(join(root, "node_modules", "parleyjs-recommender"))) {
    console.error("parley: the workspace recommender/ is not linked into node_modules. Run: npm install");
    process.exit(1);
  }
  const status = compile("tsconfig.build.json");
  if (status !== 0) {
    rmSync(stamp, { force: true });
    process.exit(status);
  }
  for (const path of sources()) {
    if (/\.(ts|tsx|snap)$|[/\\](README\.md|fixtures[/\\].*\.json)$/.test(path)) continue;
    const target = join(root, "dist", path.slice(root.length + 1));
    mkdirSync(dirname(target), { recursive: true });
    cpSync(path, target);
  }
  writeFileSync(stamp, "");
}

const ifStale = process.argv.includes("--if-stale");
// An installed package ships its dist/ and no compiler configuration: there is nothing to build from.
if (ifStale && !existsSync(join(root, "tsconfig.build.json"))) process.exit(0);
const settings = [join(root, "tsconfig.json"), join(root, "package.json")];
if (!ifStale || isStale(recommenderStamp, [...filesUnder(recommender), ...settings])) await buildRecommender();
const onlyRecommender = process.argv.includes("--only") && process.argv.includes("recommender");
if (!onlyRecommender && (!ifStale || isStale(stamp, [...sources(), ...settings, recommenderStamp]))) buildProduct();
