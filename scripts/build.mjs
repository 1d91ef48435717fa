/**
 * Compiles to dist/ and copies what is not TypeScript (pages, prompts, samples).
 * With --if-stale it does nothing when no source is newer than the last build, so that `npm start` is quick.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folders = ["core", "adapters", "agents", "tools", "recommender", "gateway", "cli", "samples"];
const stamp = join(root, "dist", ".built");

function* filesUnder(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesUnder(path);
    else yield path;
  }
}

const sources = () =>
  [...folders.map((folder) => join(root, folder)).filter(existsSync)].flatMap((folder) => [...filesUnder(folder)]);

function isStale() {
  if (!existsSync(stamp)) return true;
  const built = statSync(stamp).mtimeMs;
  return [...sources(), join(root, "tsconfig.json"), join(root, "package.json")].some(
    (path) => statSync(path).mtimeMs > built,
  );
}

if (process.argv.includes("--if-stale")) {
  // An installed package ships its dist/ and no compiler configuration: there is nothing to build from.
  if (!existsSync(join(root, "tsconfig.build.json")) || !isStale()) process.exit(0);
}
// Only the recommender's kernel needs its compiler, and it is committed as compiled: a machine without it can build.
if (existsSync(join(root, "node_modules", "assemblyscript"))) {
  const { writeKernel } = await import("./kernel.mjs");
  await writeKernel();
}
const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
if (!existsSync(compiler)) {
  console.error("parley: the TypeScript compiler is not installed. Run: npm ci");
  process.exit(1);
}
const result = spawnSync(process.execPath, [compiler, "-p", join(root, "tsconfig.build.json")], {
  stdio: "inherit",
  cwd: root,
});
if (result.status !== 0) {
  rmSync(stamp, { force: true });
  process.exit(result.status ?? 1);
}
for (const path of sources()) {
  if (/\.(ts|tsx)$/.test(path)) continue;
  const target = join(root, "dist", path.slice(root.length + 1));
  mkdirSync(dirname(target), { recursive: true });
  cpSync(path, target);
}
writeFileSync(stamp, "");
