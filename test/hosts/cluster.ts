/** The hosts of an installation: each with its own folder, configuration and process, and nothing of another one. */
import type { ChildProcess } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Host, HostNetwork } from "./network.ts";
import { until } from "./until.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const MAIN = join(root, "dist/cli/main.js");
const PORT = 8080;

export interface Member extends Host {
  readonly url: string;
  /** Starts its process; resolves when it is ready. */
  readonly start: () => Promise<void>;
  /** SIGTERM; gives the exit code. */
  readonly stopProcess: () => Promise<number | null>;
  /** A command of the product on this host; gives what it printed. */
  readonly parley: (...words: readonly string[]) => Promise<string>;
  readonly log: () => string;
}

/** Adds a host with one role. `directory` is everything that it has on its disk. */
export async function addMember(
  network: HostNetwork,
  name: string,
  role: string,
  place: { readonly directory: string; readonly environment: Readonly<Record<string, string>> },
): Promise<Member> {
  const host = await network.addHost(name);
  const directory = join(place.directory, name);
  mkdirSync(join(directory, "node_modules"), { recursive: true });
  symlinkSync(root, join(directory, "node_modules", "parleyjs"));
  cpSync(fileURLToPath(new URL("bots.config.ts", import.meta.url)), join(directory, "bots.config.ts"));
  cpSync(join(root, "samples/bank/documents"), join(directory, "documents"), { recursive: true });
  const { PATH } = process.env;
  const env = { PATH, HOME: directory, NO_COLOR: "1", HOST: host.address, PORT: String(PORT), ...place.environment };
  const url = `http://${host.address}:${PORT}`;
  let log = "";
  let running: ChildProcess | undefined;
  const begin = (...words: readonly string[]): ChildProcess =>
    host.spawn(process.execPath, [MAIN, ...words], { cwd: directory, env });
  return {
    ...host,
    url,
    log: () => log,
    start: async () => {
      const health = role === "gateway" ? [] : ["--health-port", String(PORT)];
      const child = begin("start", "--roles", role, ...health);
      child.stderr?.on("data", (chunk: Buffer) => (log += chunk.toString("utf8")));
      child.stdout?.resume();
      running = child;
      await until(`a process on ${name} that is ready`, async () => {
        if (child.exitCode !== null || child.signalCode !== null) return { ended: true };
        const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) });
        return response.ok ? { ended: false } : undefined;
      }).then(({ ended }) => {
        if (ended) throw new Error(`the process on ${name} ended while it started:\n${log.slice(-4_000)}`);
      });
    },
    stopProcess: async () => (running === undefined ? null : await host.stop(running)),
    parley: async (...words) => {
      const child = begin(...words);
      let printed = "";
      child.stdout?.on("data", (chunk: Buffer) => (printed += chunk.toString("utf8")));
      let complained = "";
      child.stderr?.on("data", (chunk: Buffer) => (complained += chunk.toString("utf8")));
      await new Promise((resolve) => child.once("close", resolve));
      if (printed === "") throw new Error(`parley ${words.join(" ")} on ${name} printed nothing: ${complained}`);
      return printed;
    },
  };
}
