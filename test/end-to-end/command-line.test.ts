/** The command line as an admin meets it: findings, remedies, exit codes, and a configuration that changes under way. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { makeCertificate } from "../support/certificate.ts";
import { freePort } from "../support/free-port.ts";
import { buildOnce, removeData, runParley, startParley } from "../support/parley-process.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const configs: string[] = [];
let data: string;

beforeAll(() => {
  buildOnce();
  data = mkdtempSync(join(tmpdir(), "parley-admin-"));
});
afterAll(() => {
  removeData(data);
  for (const path of configs) rmSync(path, { force: true });
});

/** A configuration beside the sample one, so that it finds the package and the sample documents. */
function configFile(text: string): string {
  const path = join(root, `admin-${configs.length}-${process.pid}.config.ts`);
  configs.push(path);
  writeFileSync(path, text);
  return path;
}

const sample = readFileSync(join(root, "bots.config.ts"), "utf8");

describe("parley doctor", () => {
  it("looks at everything and is satisfied with the sample", () => {
    const { status, stdout } = runParley(data, "doctor", "--json");
    const { checks } = z
      .object({ checks: z.array(z.object({ name: z.string(), status: z.string() })) })
      .parse(JSON.parse(stdout));
    expect(status).toBe(0);
    expect(checks.filter((check) => check.status === "error")).toEqual([]);
    for (const name of ["node", "configuration", "disk", "broker round trip", "bank ledger", "language model"]) {
      expect(checks.map((check) => check.name)).toContain(name);
    }
  });

  it("says what is wrong and exits with 1", () => {
    const path = configFile(sample.replace('locale: "en"', 'locale: "english please"'));
    const { status, stdout } = runParley(data, "--config", path, "doctor");
    expect(status).toBe(1);
    expect(stdout).toContain("bots.harbour.locale");
  });
});

/** Starts a command, tells it to stop as soon as `isTime`, and gives how it ended. */
async function stopped(
  words: readonly string[],
  isTime: (printed: string, port: number) => Promise<boolean> | boolean,
): Promise<{ readonly code: number | null; readonly signal: string | null }> {
  const own = mkdtempSync(join(tmpdir(), "parley-admin-"));
  const port = await freePort();
  const env = { ...process.env, PORT: String(port), PARLEY_DATA: own, ANTHROPIC_API_KEY: "", NO_COLOR: "1" };
  const child = spawn(process.execPath, [join(root, "dist/cli/main.js"), ...words], { cwd: root, env });
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (printed += chunk.toString("utf8")));
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.once("exit", (code, signal) => resolve({ code, signal })),
  );
  while (!(await isTime(printed, port)) && child.exitCode === null) await sleep(1);
  child.kill("SIGTERM");
  child.kill("SIGTERM");
  const how = await ended;
  removeData(own);
  return how;
}

describe("a process told to stop, twice", () => {
  const cleanly = { code: 0, signal: null };

  it.each([
    ["start", []],
    ["dev", ["--port", "0"]],
  ])("drains and exits with 0 the moment it says that it is ready: parley %s", async (command, options) => {
    expect(await stopped([command, ...options], (printed) => printed.includes("Parley is ready"))).toEqual(cleanly);
  });

  it("drains and exits with 0 the moment a load balancer sees that it is ready", async () => {
    const isReady = async (_printed: string, port: number): Promise<boolean> =>
      await fetch(`http://127.0.0.1:${port}/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    expect(await stopped(["start"], isReady)).toEqual(cleanly);
  });

  it("exits with 0 while it waits for a database that is away", async () => {
    const path = configFile(
      `import { postgres } from "parleyjs/postgres";\n${sample.replace("bots: {", 'store: postgres({ url: "postgres://127.0.0.1:1/away" }), bots: {')}`,
    );
    const waits = (printed: string): boolean => printed.includes("the start waits for the database");
    expect(await stopped(["--config", path, "start"], waits)).toEqual(cleanly);
  });
});

describe("parley config check", () => {
  it("names file, path, value and fix, and exits with 2", () => {
    const path = configFile(sample.replace("limits:", "limit:"));
    const { status, stderr } = runParley(data, "--config", path, "config", "check");
    expect(status).toBe(2);
    expect(stderr).toContain("bots.harbour.limit: this setting does not exist");
    expect(stderr).toContain("fix: Did you mean limits?");
  });

  it("names a certificate for another name, and a key of another certificate, each with its line", () => {
    const [one, two] = ["bot.example.com", "other.example.com"].map((name) => makeCertificate(data, name));
    const check = (files: object, hosts: readonly string[]) => {
      const path = configFile(`import { crew, defineConfig, web } from "parleyjs";
export default defineConfig({
  bots: { harbour: { name: "Harbour", accounts: [web()], crew: crew({ model: "offline" }) } },
  gateway: {
    hosts: ${JSON.stringify(hosts)},
    tls: ${JSON.stringify(files)},
  },
});
`);
      return runParley(data, "--config", path, "config", "check");
    };
    expect(check({ ...one }, ["bot.example.com"])).toMatchObject({ status: 0, stderr: "" });
    expect(check({ ...one }, ["chat.example.com"])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/config\.ts:6 gateway\.tls\.certificate: .* not for chat\.example\.com/u),
    });
    expect(check({ ...one, key: two?.key }, ["bot.example.com"])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/config\.ts:6 gateway\.tls\.key: this key does not belong to the certificate/u),
    });
  });

  it("explains a file that cannot be compiled", () => {
    const path = configFile("export default {{{");
    const { status, stderr } = runParley(data, "--config", path, "config", "check");
    expect(status).toBe(2);
    expect(stderr).toMatch(/config\.ts:1: cannot be read as TypeScript/u);
  });
});

describe("parley plan, why and dead-letters", () => {
  it("plan shows everything as new before the first start", () => {
    const { status, stdout } = runParley(data, "plan", "--json");
    expect(status).toBe(0);
    expect(
      z.object({ applied: z.boolean(), changes: z.array(z.object({ kind: z.string() })) }).parse(JSON.parse(stdout)),
    ).toMatchObject({
      applied: false,
      changes: expect.arrayContaining([{ kind: "added" }]),
    });
  });

  it("why says where to look when a message never arrived", () => {
    const { status, stdout } = runParley(data, "why", "no-such-message");
    expect(status).toBe(1);
    expect(stdout).toContain("parley doctor");
  });

  it("dead-letters is empty at first, and an unknown id is named", () => {
    expect(JSON.parse(runParley(data, "dead-letters", "list", "--json").stdout)).toEqual([]);
    const { status, stderr } = runParley(data, "dead-letters", "resubmit", "nothing");
    expect(status).toBe(1);
    expect(stderr).toContain("dead-letter/unknown");
  });

  it("an unknown command is a usage error", () => {
    expect(runParley(data, "dance").status).toBe(2);
  });
});

describe("a running process", () => {
  it("applies a changed file on SIGHUP, and keeps the last good one when the file is faulty", async () => {
    const path = configFile(sample);
    const parley = await startParley({ config: path });
    const ask = async (): Promise<string> => {
      const response = await fetch(`${parley.url}/api/v1/chat`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ text: "hello there, how are you today?" }),
      });
      return await response.text();
    };
    const until = async (words: string, seen: () => Promise<string> | string): Promise<void> => {
      await expect.poll(seen).toContain(words);
    };
    expect(await ask()).not.toContain("at most 5 characters");

    writeFileSync(path, sample.replace("limits: {", "limits: { maxTextLength: 5,"));
    parley.child.kill("SIGHUP");
    await until("configuration reloaded", parley.log);
    await until("at most 5 characters", ask);

    writeFileSync(path, "export default {");
    parley.child.kill("SIGHUP");
    await until("the last good one goes on", parley.log);
    expect(await ask()).toContain("at most 5 characters");

    expect(await parley.stop()).toBe(0);
    removeData(parley.directory);
  });

  it("outlives a rejection that a platform's library lets go of while it connects", async () => {
    const stray = 'setTimeout(() => void Promise.reject(new Error("a stray one")), 300);';
    const parley = await startParley({ config: configFile(`${sample}\n${stray}\n`) });
    await expect.poll(parley.log).toMatch(/a rejection was not handled: .*a stray one/u);
    expect((await fetch(`${parley.url}/health/ready`)).status).toBe(200);
    expect(await parley.stop()).toBe(0);
    removeData(parley.directory);
  });

  it("ends with 0 once everything is closed, whatever a platform's library still waits for", async () => {
    const parley = await startParley({ config: configFile(`${sample}\nsetInterval(() => undefined, 1_000);\n`) });
    expect(await parley.stop()).toBe(0);
    removeData(parley.directory);
  });

  it("that finds its port taken says so, with the remedy", async () => {
    const parley = await startParley();
    const { port } = new URL(parley.url);
    const { status, stderr } = runParley(data, { PORT: port }, "start");
    expect(status).toBe(1);
    expect(stderr).toContain("gateway/listen");
    expect(stderr).toContain("PORT=");
    await parley.stop();
    removeData(parley.directory);
  });
});
