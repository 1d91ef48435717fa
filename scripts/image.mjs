/**
 * `node scripts/image.mjs <folder>`: lays out what the container image holds: the built product, the sample, the configuration
 * of `deploy/`, and of node_modules what these need, in the versions of package-lock.json. Build first.
 */
import { cpSync, existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
/** WhatsApp Web needs a browser, which no slim image has. */
const LEFT_OUT = ["whatsapp-web.js", "qrcode-terminal"];
const FILES = ["package.json", "LICENSE", "dist", "samples"];
// Node 20 has a SQLite driver of its own (scripts/prepare.mjs).
if (Number.parseInt(process.versions.node, 10) < 22) FILES.push("vendor");

const [target] = process.argv.slice(2);
if (target === undefined || !existsSync(join(root, "dist", "cli", "main.js"))) {
  console.error("Build first (npm run build), then: node scripts/image.mjs <folder>");
  process.exit(2);
}

/** Where a package finds another one: in its own folder, or in one around it. */
function placeOf(name, from) {
  for (let folder = from; ; folder = folder.replace(/(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+$|^recommender$/, "")) {
    const place = `${folder === "" ? "" : `${folder}/`}node_modules/${name}`;
    if (packages[place] !== undefined) return place;
    if (folder === "") return undefined;
  }
}

const needed = new Set();

function need(names, from) {
  for (const name of names) {
    const place = placeOf(name, from);
    if (place === undefined || needed.has(place) || !existsSync(join(root, place))) continue;
    needed.add(place);
    const { link, resolved } = packages[place];
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } =
      packages[link ? resolved : place];
    const peers = Object.keys(peerDependencies ?? {}).filter((peer) => peerDependenciesMeta?.[peer]?.optional !== true);
    need([...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers], link ? resolved : place);
  }
}

const peers = Object.keys(manifest.peerDependencies).filter((name) => !LEFT_OUT.includes(name));
need([...Object.keys(manifest.dependencies), ...peers], "");

/** Neither is read where a bot runs. */
const isNeeded = (path) => !/\.(?:map|d\.[cm]?ts)$/.test(path) && !/\/dist\/(?:scripts|\.[^/]*)$/.test(path);

function put(from, to) {
  const nested = join(from, "node_modules");
  cpSync(from, to, { recursive: true, filter: (path) => path !== nested && isNeeded(path) });
}

for (const name of FILES) put(join(root, name), join(target, name));
put(join(root, "deploy", "bots.config.ts"), join(target, "bots.config.ts"));
for (const place of needed) {
  const { link, resolved } = packages[place];
  if (!link) put(join(root, place), join(target, place));
  else for (const name of ["package.json", "dist"]) put(join(root, resolved, name), join(target, place, name));
}
console.log(`${needed.size} packages in ${target}`);
