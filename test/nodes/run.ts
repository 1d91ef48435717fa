/**
 * `npm run test:nodes [-- --short] [--only 22,24.0] [--minutes 10]`: installs this checkout under each release of Node
 * that the README names, without a compiler where none may be needed; starts it, asks it, lets it work while garbage is
 * collected all the time, runs every command and the core of the suite. The short form, for CI, works one minute each
 * and runs fewer tests. What a failed step printed is left in reports/nodes/.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Checkout, installedCheckout } from "./checkout.ts";
import { runCommands } from "./commands.ts";
import { startProduct, writeConfig } from "./product.ts";
import { type NodeRelease, nodeRelease } from "./releases.ts";
import { EndedWrongly, run } from "./run-process.ts";

const { values: flags } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    only: { type: "string" },
    minutes: { type: "string" },
  },
});

const RELEASES = ["20.19", "22", "24"];
/** What stands closest to the driver, to native code, to processes and to streams. */
const SHORT_SUITE = [
  "core/store/sqlite/",
  "core/broker/embedded/embedded-broker",
  "tools/confirmation/processes",
  "agents/models/claude-streams",
  "test/end-to-end/read-only",
];
const SUITE = [
  ...SHORT_SUITE,
  "core/store/",
  "core/broker/embedded/",
  "core/turn/",
  "core/intake/",
  "tools/confirmation/",
  "tools/banking/ledger/",
];
const suite = flags.short ? SHORT_SUITE : SUITE;
const below = fileURLToPath(new URL("../../reports/nodes", import.meta.url));
const workMs = Number(flags.minutes ?? (flags.short ? "1" : "10")) * 60_000;

async function runSuite({ program, environment }: NodeRelease, directory: string): Promise<string> {
  const vitest = join("node_modules", "vitest", "vitest.mjs");
  const words = [vitest, "run", ...suite, "--reporter=dot", "--maxWorkers=2"];
  const { stdout } = await run(program, words, { cwd: directory, env: { ...environment, NO_COLOR: "1" } });
  const counted = /Tests\s+(\d+ passed.*?) \(/u.exec(stdout)?.[1];
  if (counted === undefined) throw new EndedWrongly("The suite ended without saying how many tests passed.", stdout);
  return counted.replaceAll(" | ", ", ");
}

interface Installed {
  readonly release: NodeRelease;
  readonly checkout: Checkout;
}

async function install(wanted: string): Promise<Installed> {
  const release = await nodeRelease(wanted, below);
  return { release, checkout: await installedCheckout(release, flags.short) };
}

async function check({ release, checkout }: Installed): Promise<string> {
  const startedAt = performance.now();
  let lastAt = startedAt;
  const say = (step: string, what: string): void => {
    const now = performance.now();
    print(`  ${step.padEnd(10)} ${what} (${((now - lastAt) / 1_000).toFixed(0)} s)`);
    lastAt = now;
  };
  const { directory, driver, compiled, installSeconds } = checkout;
  print(`
Node ${release.version}
  npm ci     compiled: ${compiled}; better-sqlite3 ${driver} (${installSeconds.toFixed(0)} s)
  scripts    ${checkout.scripts.join(", ")}
  engines    ${enginesOf(checkout)}`);
  const tests = await runSuite(release, directory);
  say("suite", `${tests}: ${suite.join(", ")}`);
  writeConfig(directory);
  const product = await startProduct(release, directory);
  const { messageId, worked } = await work(product, say).finally(product.kill);
  const count = await runCommands(release, directory, messageId);
  say("commands", `${count} of ${count} with their exit code`);
  const minutes = ((performance.now() - startedAt) / 1_000 + installSeconds) / 60;
  const facts = [`v${release.version}`, driver, `${installSeconds.toFixed(0)} s`, compiled];
  return `| ${[...facts, tests, ...worked, count, `${minutes.toFixed(1)} min`].join(" | ")} |`;
}

/** Ten questions, then many under constant garbage collection, then its end. */
async function work(
  product: Awaited<ReturnType<typeof startProduct>>,
  say: (step: string, what: string) => void,
): Promise<{ readonly messageId: string; readonly worked: readonly [answers: number, memory: string] }> {
  const messageId = await product.ask(10);
  say("start", "listens; 10 questions over HTTP, 10 answers");
  const before = await product.residentMb();
  const answers = await product.askFor(workMs);
  const memory = `${before.toFixed(0)} to ${(await product.residentMb()).toFixed(0)} MB`;
  say("work", `${workMs / 60_000} min, ${answers} answers, garbage collected twice a second, ${memory}`);
  await product.stop();
  say("stop", "exit code 0 after SIGTERM");
  return { messageId, worked: [answers, memory] };
}

function enginesOf({ notAllowing }: Checkout): string {
  if (notAllowing.length === 0) return "every package of the lock file allows this release";
  return `not allowed by ${notAllowing.join(", ")}, which is not loaded here; by every other package`;
}

/** A line on standard output. */
function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

const rows: string[] = [];
let isFailed = false;
const fail = (wanted: string, thrown: unknown): void => {
  isFailed = true;
  print(`  FAILED     Node ${wanted}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  if (!(thrown instanceof EndedWrongly)) return;
  const file = join(below, `${wanted}-failure.txt`);
  writeFileSync(file, thrown.output);
  print(`  All it printed: ${file}`);
};
const installing: Promise<Installed>[] = [];
const installNext = (wanted: string | undefined): void => {
  if (wanted === undefined) return;
  const installed = install(wanted);
  // Heard when it is its turn.
  installed.catch(() => undefined);
  installing.push(installed);
};
const releases = flags.only?.split(",") ?? RELEASES;
for (const [index, wanted] of releases.entries()) {
  if (installing.length === index) installNext(wanted);
  try {
    const installed = await installing[index];
    // The short form saves time; the full form measures the time of an installation that has the machine to itself.
    if (flags.short) installNext(releases[index + 1]);
    if (installed !== undefined) rows.push(await check(installed));
  } catch (thrown) {
    fail(wanted, thrown);
  }
}
print(`
| Node | better-sqlite3 | npm ci | compiled | tests | answers | memory | commands | in all |
|---|---|---|---|---|---|---|---|---|
${rows.join("\n")}`);
if (isFailed) process.exitCode = 1;
