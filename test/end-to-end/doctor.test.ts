/** Doctor and plan beside a running process, and where nothing answers. */
import { mkdtempSync, rmSync, symlinkSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { spawn } from "node:child_process";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { buildOnce, startParley } from "../support/parley-process.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
beforeAll(buildOnce, 120_000);

const Findings = z.object({
  checks: z.array(
    z.object({ name: z.string(), status: z.string(), detail: z.string(), remedy: z.string().optional() }),
  ),
});
const Plan = z.object({
  comparedWith: z.string(),
  applied: z.boolean(),
  restart: z.boolean(),
  process: z.object({ pid: z.number(), version: z.string(), url: z.string() }).optional(),
  changes: z.array(z.object({ path: z.string(), before: z.string().optional(), after: z.string().optional() })),
});

const small = (
  more = "",
): string => `import { crew, defineConfig, env, web } from "parleyjs"; import { telegram } from "parleyjs/telegram";
export default defineConfig({
  bots: { quiet: { name: "Quiet", accounts: [web()${more}], crew: crew({ model: "offline" }) } },
});
`;

function project(config: string) {
  const directory = mkdtempSync(join(tmpdir(), "parley-doctor-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  mkdirSync(join(directory, "node_modules"));
  symlinkSync(root, join(directory, "node_modules", "parleyjs"));
  const file = join(directory, "bots.config.ts");
  writeFileSync(file, config);
  const data = join(directory, "data");
  /** The servers of a test answer in this process, so it must not wait for the command. */
  const run = async (
    words: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<unknown> => {
    const child = spawn(process.execPath, [join(root, "dist/cli/main.js"), "--config", file, ...words, "--json"], {
      env: { ...process.env, PORT: "", PARLEY_DATA: data, ANTHROPIC_API_KEY: "", ...environment },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let printed = "";
    child.stdout.on("data", (chunk: Buffer) => {
      printed += chunk.toString("utf8");
    });
    await new Promise((resolve) => child.once("close", resolve));
    return JSON.parse(printed);
  };
  const start = async (...words: readonly string[]) => {
    const parley = await startParley({ directory: data, config: file, words });
    onTestFinished(async () => void (await parley.stop()));
    return parley;
  };
  return {
    file,
    start,
    doctor: async (environment?: Readonly<Record<string, string>>) =>
      Findings.parse(await run(["doctor"], environment)).checks,
    plan: async (environment?: Readonly<Record<string, string>>) => Plan.parse(await run(["plan"], environment)),
  };
}

/** A port that takes connections and never says a word. */
async function silentPort(): Promise<number> {
  const server = createServer((socket) => socket.on("error", () => undefined).resume());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}

describe("web-and-operations C: doctor where nothing answers", () => {
  it(
    "ends, and names each part that kept silent: Redis, platform, proxy, and whoever has the port",
    { timeout: 120_000 },
    async () => {
      const port = await silentPort();
      const local = `, telegram({ token: env("T"), name: "local", apiRoot: "http://127.0.0.1:${port}" }), telegram({ token: env("T") })`;
      const mail = 'gateway: { codes: { mail: { kind: "smtp", url: env("SMTP_URL"), from: "codes@example.com" } } }';
      const redis = 'broker: { kind: "redis", url: env("REDIS_URL") }';
      const config = small(local).replace("  bots:", `  ${mail},\n  ${redis},\n  bots:`);
      const silent = `127.0.0.1:${port}`;
      const checks = await project(config).doctor({
        T: "123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        REDIS_URL: `redis://${silent}`,
        SMTP_URL: `smtp://bot:secret@${silent}`,
        HTTPS_PROXY: `http://${silent}`,
        PORT: String(port),
      });
      const of = (name: string) => checks.find((check) => check.name === name);
      expect(of("broker (redis)")).toMatchObject({ status: "error", detail: expect.stringContaining(silent) });
      expect(of("telegram:local")).toMatchObject({
        status: "error",
        remedy: expect.stringContaining(`${silent} directly`),
      });
      expect(of("telegram:main")).toMatchObject({
        status: "error",
        remedy: expect.stringContaining(`api.telegram.org through http://${silent}`),
      });
      expect(of("gateway port")).toMatchObject({ status: "error", detail: `${silent} is taken by another program` });
      expect(of("store write")).toMatchObject({ status: "ok" });
      expect(of("codes by mail")).toMatchObject({
        status: "error",
        detail: expect.stringContaining("no answer within 5 s"),
        remedy: expect.stringContaining("gateway.codes.mail"),
      });
    },
  );

  it("ends where Redis is down, and says where it looked", { timeout: 120_000 }, async () => {
    const config = small().replace("  bots:", '  broker: { kind: "redis", url: "redis://127.0.0.1:1" },\n  bots:');
    const checks = await project(config).doctor();
    const broker = checks.find(({ name }) => name === "broker (redis)");
    expect(broker).toMatchObject({
      status: "error",
      detail: expect.stringContaining("Redis at 127.0.0.1:1 cannot be reached"),
    });
  });

  it("tells a PostgreSQL that is down once", { timeout: 120_000 }, async () => {
    const store = '  store: { kind: "postgres", url: "postgres://127.0.0.1:1/parley" },';
    const checks = await project(small().replace("  bots:", `${store}\n  bots:`)).doctor();
    expect(checks.filter(({ detail }) => detail.includes("127.0.0.1:1"))).toMatchObject([
      { name: "store", status: "error", detail: expect.stringContaining("cannot be reached") },
    ]);
  });

  it("ends where the configuration itself never does", { timeout: 120_000 }, async () => {
    const checks = await project(`${small()}\nfor (;;);\n`).doctor();
    expect(checks.at(-1)).toMatchObject({ name: "configuration", status: "error" });
  });

  it("tells each fault of the configuration by itself, with its remedy", { timeout: 60_000 }, async () => {
    const checks = await project(small(", web()").replace('"Quiet"', "5")).doctor();
    expect(checks.filter(({ status }) => status === "error")).toMatchObject([
      {
        name: "configuration",
        detail: expect.stringContaining("bots.config.ts:3 bots.quiet.name:"),
        remedy: 'Write it in quotes: "5".',
      },
      { name: "configuration", detail: expect.stringContaining("account web:main is configured twice") },
    ]);
  });
});

describe("web-and-operations C: doctor and plan beside a running process", () => {
  it(
    "doctor asks it for its state, version and accounts, and knows its port as its own",
    { timeout: 120_000 },
    async () => {
      const { start, doctor } = project(small());
      const parley = await start();
      const { port } = new URL(parley.url);
      const checks = await doctor({ PORT: port });
      const name = `process ${parley.child.pid}`;
      const about = (suffix = "") => checks.find((check) => check.name === `${name}${suffix}`);
      expect(about()).toMatchObject({
        status: "ok",
        detail: expect.stringMatching(/^Parley \d+\.\d+.* at http.*: ready$/u),
      });
      expect(about(" broker")).toMatchObject({ status: "ok", detail: "live: takes messages" });
      expect(about(" web:main")).toMatchObject({ status: "ok", detail: expect.stringContaining("live") });
      const portOf = async (environment: Record<string, string>) =>
        (await doctor(environment)).find((check) => check.name === "gateway port")?.detail;
      expect(checks.find((check) => check.name === "gateway port")?.detail).toBe(
        `127.0.0.1:${port} is taken by ${name} of this installation`,
      );
      expect(await portOf({})).toMatch(
        new RegExp(`^${name} of this installation listens on ${port}.*the configuration says 8080`, "u"),
      );
      // One that hangs is told apart from one that is gone.
      parley.child.kill("SIGSTOP");
      expect((await doctor()).find((check) => check.name === name)).toMatchObject({
        status: "error",
        detail: expect.stringContaining("does not answer"),
      });
      parley.child.kill("SIGCONT");
      await parley.stop("SIGKILL");
      expect((await doctor({ PORT: port })).filter((check) => check.name.startsWith("process"))).toEqual([]);
    },
  );

  it("says that nobody answers where no process has the workers' role", { timeout: 120_000 }, async () => {
    const { start, doctor } = project(small());
    await start("--roles", "adapters,gateway");
    const checks = await doctor();
    expect(checks.filter(({ name }) => name.startsWith("role "))).toEqual([
      {
        name: "role workers",
        status: "error",
        detail: "no running process has it: messages wait and nothing is answered",
        remedy: "Start one: parley start --roles workers",
      },
    ]);
    expect(checks.find(({ name }) => name === "queue")).toMatchObject({ status: "ok" });
  });

  it("another installation on the port is told as such", { timeout: 120_000 }, async () => {
    const { url } = await project(small()).start();
    const checks = await project(small()).doctor({ PORT: new URL(url).port });
    expect(checks.find(({ name }) => name === "gateway port")).toMatchObject({
      status: "error",
      detail: expect.stringContaining("a Parley with another data directory"),
    });
  });

  it(
    "plan compares with what runs, whatever this shell's PORT is, and goes on telling what waits for a restart",
    { timeout: 120_000 },
    async () => {
      const { file, start, plan } = project(small());
      expect(await plan()).toMatchObject({ comparedWith: "defaults", applied: false });
      const parley = await start();
      const unchanged = { comparedWith: "process", process: { pid: parley.child.pid, url: parley.url }, changes: [] };
      expect(await plan()).toMatchObject(unchanged);
      expect(await plan({ PORT: "9999" })).toMatchObject(unchanged);

      writeFileSync(
        file,
        small().replace("  bots:", "  gateway: { drainSeconds: 50 },\n  bots:").replace("Quiet", "Calm"),
      );
      expect((await plan()).changes.map(({ path }) => path)).toEqual(["bots.quiet.name", "gateway.drainSeconds"]);
      parley.child.kill("SIGHUP");
      await expect.poll(parley.log, { timeout: 30_000 }).toContain("configuration reloaded");
      expect(await plan()).toMatchObject({
        restart: true,
        changes: [{ path: "gateway.drainSeconds", after: "50" }],
      });

      await parley.stop();
      expect(await plan()).toMatchObject({ comparedWith: "applied", changes: [{ path: "gateway.drainSeconds" }] });
    },
  );

  it(
    "plan before the first start tells what differs from the defaults, and nothing else",
    { timeout: 60_000 },
    async () => {
      const paths = (await project(small()).plan()).changes.map(({ path }) => path);
      expect(paths).toContain("bots.quiet.name");
      expect(paths.filter((path) => /^(?:gateway|broker|retention|workers)|policies|cacheSeconds/u.test(path))).toEqual(
        [],
      );
    },
  );
});
