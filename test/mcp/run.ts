/**
 * `npm run test:mcp [-- --short]`: the conformance suite of the protocol against the endpoint of the gateway and the client
 * of `mcp()`. Revision 2025-11-25 must pass; 2026-07-28 is run and printed, unless in the short form. The suite needs a
 * newer Node than this one may be, so npm brings it one. What it printed is left in reports/mcp/.
 */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import * as sdk from "@modelcontextprotocol/server";
import { build } from "esbuild";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { createGateway } from "../../gateway/index.ts";
import { createMcpEndpoint, mcpRoutes } from "../../gateway/mcp/index.ts";
import { type NodeRelease, nodeRelease, npm } from "../nodes/releases.ts";
import { EndedWrongly, run } from "../nodes/run-process.ts";
import { everything } from "./everything.mjs";

/** Pinned: suite and fixture belong together. */
const SUITE = "@modelcontextprotocol/conformance";
const VERSION = "0.2.0-alpha.12";
const REQUIRED = "2025-11-25";
const GOAL = "2026-07-28";

type Side = "server" | "client";

const { values: flags } = parseArgs({
  options: { short: { type: "boolean", default: false }, scenario: { type: "string", multiple: true } },
});
const root = fileURLToPath(new URL("../../", import.meta.url));
const below = join(root, "reports", "mcp");
const suite = join(below, "suite");
const clientFile = join(below, "client.mjs");

async function installSuite(): Promise<NodeRelease> {
  const release = await nodeRelease("22", below);
  if (existsSync(join(suite, "node_modules", SUITE))) return release;
  mkdirSync(suite, { recursive: true });
  writeFileSync(join(suite, "package.json"), JSON.stringify({ private: true, dependencies: { [SUITE]: VERSION } }));
  await run(process.execPath, [npm(), "install", "--no-audit", "--no-fund", "--no-package-lock"], { cwd: suite });
  return release;
}

/** The gateway with the product's own endpoint, on which the servers are the suite's. */
async function startServer() {
  const endpoint = createMcpEndpoint(sdk, () => everything(() => endpoint.notify));
  const gateway = await createGateway({
    host: "127.0.0.1",
    port: 0,
    limits: { address: 1_000_000 },
    routes: mcpRoutes({ bots: ["suite"], endpoint: async () => endpoint }),
    sockets: [],
    readiness: async () => ({ ready: true, parts: [] }),
    metrics: async () => ({ contentType: "text/plain", body: "" }),
    version: "0.0.0",
    newId: () => crypto.randomUUID(),
    log: silentTelemetry.log,
  });
  const close = async (): Promise<void> => {
    await endpoint.close();
    await gateway.close();
  };
  return { url: `${gateway.url}/mcp`, close };
}

interface Played {
  readonly passed: boolean;
  readonly text: string;
}

async function conform(release: NodeRelease, words: readonly string[]): Promise<Played> {
  const program = join(suite, "node_modules", SUITE, "dist", "index.js");
  try {
    const env = { ...process.env, NO_COLOR: "1" };
    const { stdout } = await run(release.program, [program, ...words], { cwd: suite, env });
    return { passed: true, text: stdout };
  } catch (thrown) {
    if (thrown instanceof EndedWrongly) return { passed: false, text: thrown.output };
    throw thrown;
  }
}

/** What a revision requires of one side. */
async function scenariosOf(release: NodeRelease, side: Side, revision: string): Promise<readonly string[]> {
  const { text } = await conform(release, ["list", "--requirements", revision]);
  const [, server = "", client = ""] = text.split(/^(?:Server|Client) scenarios.*$/mu);
  const part = (side === "server" ? server : client).split("\nRun and reported")[0] ?? "";
  return [...part.matchAll(/^ {2}- (\S+)/gmu)].map(([, name = ""]) => name);
}

/**
 * Each scenario by itself: the suite would start all clients at once, which on a small machine time out because of each
 * other.
 */
async function play(release: NodeRelease, side: Side, revision: string): Promise<boolean> {
  const words = side === "server" ? ["--url", server.url] : ["--command", `${process.execPath} ${clientFile}`];
  const scenarios = (await scenariosOf(release, side, revision)).filter((one) => flags.scenario?.includes(one) ?? true);
  const failed: string[] = [];
  let output = "";
  for (const scenario of scenarios) {
    const chosen = ["--scenario", scenario, "--spec-version", revision, "--timeout", "120000"];
    const { passed, text } = await conform(release, [side, ...words, ...chosen]);
    output += `\n# ${scenario}\n${text}`;
    if (!passed) failed.push(scenario);
  }
  const file = join(below, `${side}-${revision}.txt`);
  writeFileSync(file, output);
  print(`${side} ${revision}: ${scenarios.length - failed.length} of ${scenarios.length} scenarios pass`);
  for (const scenario of failed) print(`  FAILED ${scenario} (${file})`);
  return failed.length === 0 && scenarios.length > 0;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

const release = await installSuite();
await build({
  entryPoints: [join(root, "test", "mcp", "client.ts")],
  outfile: clientFile,
  bundle: true,
  packages: "external",
  platform: "node",
  format: "esm",
  logLevel: "warning",
});
const server = await startServer();
let isRequired = true;
try {
  for (const revision of flags.short ? [REQUIRED] : [REQUIRED, GOAL]) {
    const served = await play(release, "server", revision);
    const called = await play(release, "client", revision);
    if (revision === REQUIRED) isRequired = served && called;
  }
} finally {
  await server.close();
}
if (!isRequired) process.exitCode = 1;
