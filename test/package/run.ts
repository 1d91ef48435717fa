/**
 * `npm run test:package [-- --all]`: packs the repository as it would be published, installs it into empty folders under Node 22, and
 * prints how many packages and megabytes that is; then makes an adapter package and a bot with a tool of its own there.
 * With `--all` also the additions that have no limit are weighed. Ends with 1 where a figure is missed or a step fails.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { nodeRelease } from "../nodes/releases.ts";
import { run } from "../nodes/run-process.ts";
import { askedOnce, configOf, CONFIGURED, EMBEDDED, OWN_TOOL, WITH_ADAPTER } from "./bots.ts";
import { emptyFolder, entriesOf, Packages, type Weight } from "./installation.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { values: flags } = parseArgs({ options: { all: { type: "boolean", default: false } } });
const startedAt = performance.now();
const faults: string[] = [];

/** What may be added to the base; no figure: only told. */
const ADDITIONS: readonly {
  readonly name: string;
  readonly packages: readonly string[];
  readonly atMost?: number;
}[] = [
  { name: "Discord", packages: ["discord.js"], atMost: 30 },
  { name: "Telegram", packages: ["grammy"], atMost: 10 },
  { name: "WhatsApp Cloud", packages: [], atMost: 5 },
  { name: "Slack", packages: ["@slack/web-api", "@slack/socket-mode"] },
  { name: "WhatsApp Web", packages: ["whatsapp-web.js", "qrcode-terminal"] },
  { name: "Claude", packages: ["@langchain/anthropic", "@anthropic-ai/sdk"] },
  { name: "Redis", packages: ["bullmq", "ioredis"] },
  { name: "PostgreSQL", packages: ["pg"] },
  { name: "S3", packages: ["@aws-sdk/client-s3"] },
  { name: "MongoDB", packages: ["mongodb"] },
  { name: "PDF", packages: ["unpdf"] },
  { name: "HTML", packages: ["htmlparser2"] },
  { name: "Word", packages: ["mammoth", "fflate", "htmlparser2"] },
  { name: "Spreadsheets", packages: ["fflate", "htmlparser2"] },
  { name: "CSV", packages: ["csv-parse"] },
  { name: "E-mails", packages: ["postal-mime", "htmlparser2"] },
  { name: "Recommender", packages: ["parleyjs-recommender"] },
];

/** Needs no account, and is answered by the embedded crew. */
const HELP = ["What can you do?", "This is what I can do"] as const;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A figure with what it may be at most. */
function figure(name: string, { packages, megabytes }: Weight, most?: Partial<Weight>): void {
  const limits = [
    { is: packages, most: most?.packages, unit: "packages" },
    { is: megabytes, most: most?.megabytes, unit: "MB" },
  ].flatMap(({ is, most: limit, unit }) =>
    limit === undefined ? [] : [{ isMissed: is > limit, said: `${limit} ${unit}` }],
  );
  const isMissed = limits.some((limit) => limit.isMissed);
  if (isMissed) faults.push(`${name}: ${packages} packages, ${megabytes} MB`);
  const verdict = isMissed ? "MISSED" : "ok";
  const said = limits.length === 0 ? "" : `at most ${limits.map((limit) => limit.said).join(" and ")}: ${verdict}`;
  print(`  ${name.padEnd(18)} ${String(packages).padStart(4)} packages ${String(megabytes).padStart(5)} MB   ${said}`);
}

/** One step that must work; those after it go on where it does not. */
async function step(name: string, work: () => Promise<string>): Promise<void> {
  const begunAt = performance.now();
  const seconds = (): string => `${((performance.now() - begunAt) / 1_000).toFixed(0)} s`;
  try {
    print(`  ok      ${name}: ${await work()} (${seconds()})`);
  } catch (thrown) {
    faults.push(name);
    print(`  FAILED  ${name} (${seconds()}): ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}

/** Installs each beside the base; `places` holds the tarballs of packages that no registry has. */
async function weighAdditions(base: string, weight: Weight, places: Readonly<Record<string, string>>): Promise<void> {
  const versions = peersOf(base);
  for (const { name, packages: wanted, atMost } of ADDITIONS) {
    if (atMost === undefined && !flags.all) continue;
    const directory = await packages.copied(base, name.toLowerCase().replaceAll(" ", "-"));
    const sources = wanted.map((one) => places[one] ?? `${one}@${versions[one] ?? "missing"}`);
    if (sources.length > 0) await packages.install(directory, sources);
    const { packages: count, megabytes } = await packages.weigh(directory);
    const added = { packages: count - weight.packages, megabytes: megabytes - weight.megabytes };
    figure(`+ ${name}`, added, atMost === undefined ? undefined : { packages: atMost });
  }
}

function peersOf(directory: string): Readonly<Record<string, string>> {
  const text = readFileSync(join(directory, "node_modules", "parleyjs", "package.json"), "utf8");
  return z.object({ peerDependencies: z.record(z.string(), z.string()) }).parse(JSON.parse(text)).peerDependencies;
}

/** Each entry is imported in a process of its own, as nothing but itself would be there. */
async function importEntries(packages: Packages, directory: string, name: string): Promise<string> {
  const entries = entriesOf(directory, name);
  for (const entry of entries) {
    await packages.node(["--input-type=module", "--eval", `await import(${JSON.stringify(entry)})`], directory);
  }
  return `${entries.length} of ${entries.length}`;
}

/** Without its library an entry says in one line what to install. */
async function missingLines(packages: Packages, base: string): Promise<string> {
  const main = join("node_modules", "parleyjs", "dist", "cli", "main.js");
  writeFileSync(join(base, "fees.pdf"), "");
  const lines: string[] = [];
  for (const entry of Object.keys(CONFIGURED)) {
    writeFileSync(join(base, "bots.config.ts"), configOf(entry));
    const { stderr } = await packages.node([main, "config", "check"], base, { expected: [2] });
    // Interactions in MongoDB are the recommender's: it says its own line first.
    const line = stderr
      .match(/\S.* needs .*: npm install [^[\n]*/gu)
      ?.at(-1)
      ?.trim();
    if (line === undefined) throw new Error(`parleyjs/${entry} does not say what it needs:\n${stderr}`);
    lines.push(line);
  }
  for (const line of lines) print(`            ${line}`);
  return `${lines.length} of ${lines.length} entries`;
}

const TestRun = z.object({
  numPassedTests: z.number(),
  testResults: z.array(
    z.object({
      assertionResults: z.array(
        z.object({ title: z.string(), status: z.string(), failureMessages: z.array(z.string()) }),
      ),
    }),
  ),
});

/** Generated, installed, built and tested: red is only what is still to be written. Gives the packed adapter. */
async function generatedAdapter(packages: Packages, base: string, tarball: string): Promise<string> {
  const main = join(base, "node_modules", "parleyjs", "dist", "cli", "main.js");
  const directory = join(emptyFolder("adapter"), "package");
  await packages.node([main, "create", "adapter", "carrier-pigeon", "--directory", directory], base);
  await packages.install(directory, ["--save-dev", tarball]);
  await packages.npm(["run", "build"], directory);
  const { stdout } = await packages.npm(["test", "--", "--reporter=json"], directory, [0, 1]);
  const { numPassedTests, testResults } = TestRun.parse(JSON.parse(stdout.slice(stdout.indexOf('{"'))));
  const failed = testResults.flatMap((one) => one.assertionResults).filter(({ status }) => status === "failed");
  const wrong = failed.filter(({ failureMessages }) => !failureMessages.join().includes("still to be written"));
  if (wrong.length > 0)
    throw new Error(wrong.map(({ title, failureMessages }) => `${title}: ${failureMessages.join()}`).join("\n"));
  print(`            carrier-pigeon: ${numPassedTests} cases green, ${failed.length} say what is still to be written`);
  await packages.npm(["pack", "--ignore-scripts", "--pack-destination", directory], directory);
  const packed = readdirSync(directory).find((name) => name.endsWith(".tgz"));
  return join(directory, packed ?? "");
}

/** Starts a bot and asks it one question, whose answer must say this. */
async function starts(
  directory: string,
  config: string,
  [question, wanted]: readonly [string, string],
): Promise<string> {
  writeFileSync(join(directory, "bots.config.ts"), config);
  const answer = await askedOnce(packages, directory, question);
  if (!answer.includes(wanted)) throw new Error(`"${question}" was answered with "${answer}"`);
  return `"${question}" → "${answer.replaceAll(/\s+/gu, " ").slice(0, 60)}"`;
}

// Made anew: what was deleted from the sources must not be packed.
rmSync(join(root, "dist"), { recursive: true, force: true });
await run(process.execPath, [join(root, "scripts", "build.mjs")], { cwd: root });
const release = await nodeRelease("22", join(root, "reports", "nodes"));
const packages = new Packages(release);
const tarballs = emptyFolder("tarballs");
const parley = await packages.pack(".", tarballs);
const recommender = await packages.pack("recommender", tarballs);
print(`Node ${release.version}: ${basename(parley)}, ${basename(recommender)}`);

const base = await packages.installed("base", [parley]);
const weight = await packages.weigh(base);
// Identity (passwords, passkeys, OpenID Connect, one-time codes) and compression took 44 packages and 14 MB.
figure("parleyjs", weight, { packages: 215, megabytes: 195 });
await weighAdditions(base, weight, { "parleyjs-recommender": recommender });
print("");
await step("the recommender alone", async () => {
  const { stdout } = await packages.node(["node_modules/tsx/dist/cli.mjs", "test/package/recommender.ts"], root);
  return `at most 3 packages and 12 MB\n${stdout.trimEnd().replaceAll(/^/gmu, "            ")}\n         `;
});
await step("every entry is imported without any peer", async () => await importEntries(packages, base, "parleyjs"));
await step("what is not installed is told in one line", async () => await missingLines(packages, base));
await step("a bot with the embedded crew", async () => await starts(base, EMBEDDED, HELP));
await step("a bot with one own tool", async () => await starts(base, OWN_TOOL, ["What is the rate?", '"cents":108']));
await step("create, install, build, test and start of an adapter package", async () => {
  const adapter = await generatedAdapter(packages, base, parley);
  const project = await packages.installed("bot", [parley, adapter]);
  return await starts(project, WITH_ADAPTER, HELP);
});
print(
  `\n${faults.length === 0 ? "Everything holds" : `MISSED: ${faults.join("; ")}`}, in ${((performance.now() - startedAt) / 1_000).toFixed(0)} s.`,
);
if (faults.length > 0) process.exitCode = 1;
