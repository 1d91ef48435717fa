/**
 * `npm run test:package -w parleyjs-recommender`: the packed recommender, installed alone into an empty folder. Prints what
 * it brings and what importing it costs, and runs the example of its README; ends with 1 when a limit is not kept.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";
import { z } from "zod";
import { run } from "../nodes/run-process.ts";

const MOST_PACKED_MB = 1.5;
const MOST_PACKAGES = 3;
const MOST_INSTALLED_MB = 12;
const ROUNDS = 5;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const home = fileURLToPath(new URL("../../recommender", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "parleyjs-recommender-"));

const Packed = z.tuple([z.object({ filename: z.string(), size: z.number(), unpackedSize: z.number() })]);
const Lock = z.object({ packages: z.record(z.string(), z.unknown()) });

try {
  const packed = await pack();
  atMost("packed, MB", packed.size / 1e6, MOST_PACKED_MB);
  atMost("unpacked, MB", packed.unpackedSize / 1e6, MOST_PACKED_MB);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  await run("npm", ["install", "--no-audit", "--no-fund", join(folder, packed.filename)], { cwd: folder });
  const lock = Lock.parse(JSON.parse(readFileSync(join(folder, "node_modules/.package-lock.json"), "utf8")));
  atMost("packages", Object.keys(lock.packages).length, MOST_PACKAGES);
  const { stdout } = await run("du", ["-sm", "node_modules"], { cwd: folder });
  atMost("installed, MB (du -sm)", Number.parseInt(stdout, 10), MOST_INSTALLED_MB);
  await measureImport("parleyjs-recommender");
  await measureImport("zod");
  await runExample();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function pack(): Promise<z.infer<typeof Packed>[0]> {
  const { stdout } = await run("npm", ["pack", "--json", "--silent", "--pack-destination", folder], { cwd: home });
  // The build may speak first.
  return Packed.parse(JSON.parse(stdout.slice(stdout.indexOf("[\n"))))[0];
}

function atMost(what: string, value: number, most: number): void {
  const isKept = value <= most;
  if (!isKept) process.exitCode = 1;
  print(`${isKept ? "kept  " : "MISSED"}  ${what.padEnd(24)} ${Number(value.toFixed(2))}, at most ${most}`);
}

/** The least of some rounds: what other programs take of the machine is no cost of the import. */
async function measureImport(name: string): Promise<void> {
  const program = `
    const before = { time: performance.now(), cpu: process.cpuUsage(), rss: process.memoryUsage.rss() };
    await import("${name}");
    const { user, system } = process.cpuUsage(before.cpu);
    console.log(JSON.stringify([
      performance.now() - before.time, (user + system) / 1000, (process.memoryUsage.rss() - before.rss) / 2 ** 20,
    ]));`;
  const least = [Infinity, Infinity, Infinity];
  for (let round = 0; round < ROUNDS; round++) {
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", program], { cwd: folder });
    for (const [place, value] of z.array(z.number()).parse(JSON.parse(stdout)).entries())
      least[place] = Math.min(least[place] ?? Infinity, value);
  }
  const [time, cpu, memory] = least.map((value) => value.toFixed(0));
  print(`        import("${name}"): ${time} ms, ${cpu} ms of CPU, ${memory} MB`);
}

async function runExample(): Promise<void> {
  const [, example = ""] = /^```ts\n([\s\S]*?)^```/mu.exec(readFileSync(join(home, "README.md"), "utf8")) ?? [];
  const { code } = await transform(example, { loader: "ts" });
  writeFileSync(join(folder, "example.js"), code);
  const { stdout } = await run(process.execPath, ["example.js"], { cwd: folder });
  print(`        the example of the README prints:\n${stdout.trimEnd().replaceAll(/^/gmu, "          ")}`);
}
