/**
 * `npm run size:message`: how many distinct functions of ours one message runs through, from the platform to its answer and back,
 * counted by V8 itself: the product with the embedded broker and the embedded brain on a local Telegram.
 *
 * The message is said three times before, so that nothing that runs once is counted; what runs while nobody says anything
 * (timers, looks for work) is taken away. V8 counts a function from its compilation on, so all are compiled anew before:
 * else a function that was compiled before the count began is counted or not by chance.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { openTelegramLocally } from "../../adapters/telegram/testing/index.ts";
import { crew } from "../../agents/index.ts";
import { startRuntime } from "../../cli/runtime/runtime.ts";
import { validateConfig } from "../../core/config/validate.ts";
import type { LocalPerson } from "../../core/testing/index.ts";
import { documents } from "../../tools/rag/index.ts";
import { isProduct, isTesting } from "./tree.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const QUESTION = "What does a replacement card cost?";
const QUIET_MS = 1_500;
/** Longer than the longest pause of what looks for work by itself. */
const IDLE_MS = 11_000;

const directory = mkdtempSync(join(tmpdir(), "parley-size-"));
const platform = await openTelegramLocally();
const bot = {
  name: "Size",
  accounts: [platform.account],
  crew: crew({ model: "offline" }),
  tools: [documents({ directory: "samples/bank/documents" })],
  cacheSeconds: 0,
};
const config = validateConfig(
  { bots: { size: bot }, dataDirectory: directory, gateway: { port: 0 }, log: { level: "silent" } },
  "bots.config.ts",
  { environment: {}, readFile: () => "" },
);
const runtime = await startRuntime(
  { config, file: "bots.config.ts", directory: root },
  { roles: new Set(["adapters", "workers"]) },
);
const person = platform.person("4711", "Ann");
while (!platform.isConnected()) await sleep(20);
for (let round = 0; round < 3; round += 1) await ask(person);

setFlagsFromString("--expose-gc");
setFlagsFromString("--stress-flush-code");
const collectGarbage: unknown = runInNewContext("gc");
if (typeof collectGarbage === "function") for (let round = 0; round < 3; round += 1) collectGarbage();
setFlagsFromString("--no-stress-flush-code");
const session = new Session();
session.connect();
await session.post("Profiler.enable");
await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
await sleep(IDLE_MS);
const idle = await functionsRun();
await ask(person);
const all = await functionsRun();
session.disconnect();
await runtime.close();
await platform.close();
rmSync(directory, { recursive: true, force: true });

const ran = [...all].filter((name) => !idle.has(name));
const byFolder = new Map<string, number>();
for (const name of ran) {
  const folder = name
    .split("/")
    .slice(0, name.startsWith("agents/") || name.startsWith("core/") ? 2 : 1)
    .join("/");
  byFolder.set(folder, (byFolder.get(folder) ?? 0) + 1);
}
process.stdout.write(`distinct functions that one message runs through: ${ran.length}\n`);
for (const [folder, count] of [...byFolder].toSorted(([, left], [, right]) => right - left)) {
  process.stdout.write(`    ${String(count).padStart(5)} ${folder}\n`);
}
if (process.argv.includes("--list")) process.stdout.write(`${ran.toSorted().join("\n")}\n`);
process.exit(0);

/** Says it and waits for the answer and the quiet behind it. */
async function ask(asking: LocalPerson): Promise<void> {
  const before = asking.sees().length;
  await asking.say(QUESTION);
  while (asking.sees().length < before + 2) await sleep(20);
  await sleep(QUIET_MS);
}

/** `file:function:place` of what ran since the last call. */
async function functionsRun(): Promise<ReadonlySet<string>> {
  const { result } = await session.post("Profiler.takePreciseCoverage");
  const names = result.flatMap(({ url, functions }) => {
    if (!url.startsWith("file://")) return [];
    const path = relative(root, fileURLToPath(url));
    if (!isProduct(path) || isTesting(path)) return [];
    return functions.flatMap(({ functionName, ranges: [range] }) =>
      // The loader puts a helper of its own into each file, which names functions.
      range !== undefined && range.count > 0 && functionName !== "__name"
        ? [`${path}:${functionName}:${range.startOffset}`]
        : [],
    );
  });
  return new Set(names);
}
