import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { web } from "../../adapters/web/index.ts";
import type { CrewFactory } from "../../core/bot.ts";
import { validateConfig } from "../../core/config/validate.ts";
import { eventually } from "../../test/support/eventually.ts";
import { freePort } from "../../test/support/free-port.ts";
import { usePostgres } from "../../test/support/use-postgres.ts";
import { type Runtime, startRuntime } from "./runtime.ts";

const REMEDY = "Does the server run, and does store.url name it?";
const crew: CrewFactory = {
  name: "echo",
  summary: {},
  open: async () => ({
    run: async ({ text }) => ({ reply: { text, confidence: 1, model: "echo" }, remember: [], cacheable: false }),
    close: async () => {},
  }),
};

describe("a start whose PostgreSQL is away", () => {
  const server = usePostgres();

  async function start(storeUrl: string) {
    const directory = await mkdtemp(join(tmpdir(), "parley-start-"));
    onTestFinished(async () => await rm(directory, { recursive: true, force: true }));
    const port = await freePort();
    const exported = {
      bots: { echo: { name: "Echo", accounts: [web()], crew, tools: [] } },
      dataDirectory: directory,
      gateway: { port },
      store: { kind: "postgres", url: storeUrl },
      log: { level: "warn" },
    };
    const config = validateConfig(exported, "bots.config.ts", { environment: {}, readFile: () => "" });
    const log: string[] = [];
    const starting = startRuntime(
      { config, file: "bots.config.ts", directory },
      {
        roles: new Set(["adapters", "workers", "gateway"]),
        logDestination: { write: (line) => void log.push(line) },
        waitsForStore: true,
      },
    );
    onTestFinished(async () => await starting.then(async (runtime: Runtime) => await runtime.close()).catch(() => {}));
    return { starting, log, ready: async () => await fetch(`http://127.0.0.1:${port}/health/ready`) };
  }

  it("waits, says once what to do, is not ready, and goes on by itself", async () => {
    const url = await server().createDatabase();
    await server().stop();
    const { starting, log, ready } = await start(url);
    await eventually(async () => expect((await ready()).status).toBe(503));
    expect(await (await ready()).text()).toContain(REMEDY);
    await server().start();
    await starting;
    expect((await ready()).status).toBe(200);
    expect(log.filter((line) => line.includes(REMEDY))).toHaveLength(1);
  });

  it("ends with the fix where waiting mends nothing", async () => {
    const url = await server().createDatabase();
    const { starting } = await start(`${url}_that_nobody_made`);
    await expect(starting).rejects.toThrow("Check user, password and database name in store.url");
  });
});
