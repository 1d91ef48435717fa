/**
 * `npm run test:hosts [-- --short] [--require]`: one installation on three hosts and a fourth that joins, each a network
 * namespace with processes and files of its own, around one Redis, PostgreSQL and S3. People talk all the time while
 * hosts are asked, cut off, killed and started again: nothing may be lost, said twice or out of order. Where no
 * namespaces can be made it says so and ends well; with `--require` it fails.
 */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { buildOnce } from "../support/parley-process.ts";
import { addMember } from "./cluster.ts";
import { openNetwork, whyNoHosts } from "./network.ts";
import { startServices } from "./services.ts";
import { createStory } from "./story.ts";
import { startTalkers } from "./talkers.ts";
import { until } from "./until.ts";

const { values: flags } = parseArgs({
  options: { short: { type: "boolean", default: false }, require: { type: "boolean", default: false } },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const CUT_MS = 10_000;
const rounds = flags.short ? 1 : 3;
const [people, everyMs] = flags.short ? [3, 1_000] : [10, 1_500];

const why = whyNoHosts();
if (why !== undefined) {
  say(`skipped: ${why}`);
  process.exit(flags.require ? 1 : 0);
}

const failures: string[] = [];
const startedAt = Date.now();

async function check(name: string, work: () => Promise<void>): Promise<void> {
  const at = Date.now();
  try {
    await work();
    say(`ok      ${name} (${((Date.now() - at) / 1_000).toFixed(1)} s)`);
  } catch (thrown) {
    failures.push(name);
    const { message, cause } = thrown instanceof Error ? thrown : new Error(String(thrown));
    say(`FAILED  ${name}: ${message.slice(0, 1_000)}${cause instanceof Error ? ` (${cause.message})` : ""}`);
  }
}

async function runAll(directory: string): Promise<void> {
  const network = openNetwork();
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void network.close().finally(() => process.exit(1)));
  try {
    const services = await startServices(network);
    try {
      await runOn(network, services, directory);
    } finally {
      await services.close();
    }
  } finally {
    await network.close();
  }
}

async function runOn(
  network: ReturnType<typeof openNetwork>,
  services: Awaited<ReturnType<typeof startServices>>,
  directory: string,
): Promise<void> {
  const { environment, echo } = services;
  const add = async (name: string, role: string) => await addMember(network, name, role, { directory, environment });
  const [a, b, c] = [await add("a", "adapters"), await add("b", "workers"), await add("c", "gateway")];
  await check("three hosts start at once on empty services", async () => {
    await Promise.all([a, b, c].map(async ({ start }) => await start()));
  });
  if (failures.length > 0) throw new Error("The hosts did not start.");
  const talkers = startTalkers(echo, people, everyMs);
  const everybodyHeard = async (): Promise<void> => {
    const unanswered = talkers.soFar();
    // For as long as it takes while answers come.
    for (let left = unanswered(); left > 0; left = unanswered())
      await until(`an answer to any of ${left} messages`, () => (unanswered() < left ? true : undefined));
  };
  for (const [name, tell] of Object.entries(createStory(services, [a, b, c], c))) await check(name, tell);
  const d = await add("d", "workers");
  // A sender that dies between a send and its receipt leaves it open whether it arrived: that reply is sent once more.
  let ambiguous = 0;
  for (let round = 1; round <= rounds; round += 1) {
    await check(`the only workers are cut off for ${CUT_MS / 1_000} s and come back`, async () => {
      b.plug("down");
      await sleep(CUT_MS);
      b.plug("up");
      await everybodyHeard();
    });
    if (round === 1) await check("a second host with workers joins", d.start);
    for (const host of [b, a, c]) {
      await check(`host ${host.name} is killed, and starts again`, async () => {
        const before = talkers.count().twice;
        await host.kill();
        await sleep(1_000);
        await host.boot();
        await host.start();
        if (host !== c) await everybodyHeard();
        if (host === a) ambiguous += Math.min(people, talkers.count().twice - before);
      });
    }
    if (round < rounds) await d.stopProcess();
    if (round < rounds) await d.start();
  }
  await check("nothing is lost, said twice or out of order", async () => {
    await talkers.hush();
    await everybodyHeard().catch(() => undefined);
    const { said, ...counted } = talkers.count();
    const zeros = { ...counted, twice: counted.twice - ambiguous };
    say(
      `        ${said} messages: ${JSON.stringify(zeros)}; sent once more by a killed sender's successor: ${ambiguous}`,
    );
    if (Object.values(zeros).some((count) => count > 0)) throw new Error(JSON.stringify(zeros));
  });
  await check("all drain and stop when they are told to", async () => {
    const codes = await Promise.all([a, b, c, d].map(async ({ stopProcess }) => await stopProcess()));
    if (codes.some((code) => code !== 0)) throw new Error(`exit codes ${codes.join(", ")}`);
  });
  if (failures.length > 0) {
    for (const { name, log } of [a, b, c, d]) say(`--- the last of ${name}'s log\n${log().slice(-3_000)}`);
  }
}

buildOnce();
const directory = mkdtempSync(join(tmpdir(), "parley-hosts-"));
chmodSync(directory, 0o755);
try {
  await runAll(directory);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
say(
  `${failures.length === 0 ? "All held" : `${failures.length} failed`} in ${Math.round((Date.now() - startedAt) / 1_000)} s`,
);
process.exit(failures.length === 0 ? 0 : 1);
