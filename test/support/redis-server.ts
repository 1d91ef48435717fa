/** A real redis-server of our own for one test: free loopback port, own directory, killed and paused at will. */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "./free-port.ts";

/** How the server is set up. */
export interface RedisServerOptions {
  /** @default false */
  readonly appendonly?: boolean;
  /** @default "everysec" */
  readonly appendfsync?: "always" | "everysec" | "no";
  readonly maxmemory?: string;
  /** `maxmemory-policy`. @default "noeviction" */
  readonly policy?: string;
  /** @default a free one */
  readonly port?: number;
  /** Where the append-only file lies; kept by `stop` and `kill` when given. @default a new temporary directory */
  readonly directory?: string;
}

/** A running server. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly directory: string;
  /** Ends it in good order and removes its own temporary directory. */
  readonly stop: () => Promise<void>;
  /** SIGKILL; the directory stays, so that the server can be started again on it. */
  readonly kill: () => Promise<void>;
  /** SIGSTOP: the server hangs, its connections stay open. */
  readonly pause: () => void;
  /** SIGCONT. */
  readonly resume: () => void;
  /** Runs a command with redis-cli and answers its output. */
  readonly cli: (...words: readonly string[]) => string;
}

/** Starts a server. Throws in one line when none is installed. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const binary = findBinary("redis-server");
  const port = options.port ?? (await freePort());
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), "parley-redis-"));
  const child = spawn(binary, serverArguments(options, port, directory), { stdio: "ignore" });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${binary} could not be started.`);
  const cli = (...words: readonly string[]): string =>
    execFileSync(findBinary("redis-cli"), ["-p", String(port), ...words], { encoding: "utf8", stdio: "pipe" }).trim();
  await answering(child, cli);
  const end = async (signal: "SIGTERM" | "SIGKILL"): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGCONT");
    child.kill(signal);
    await exited;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    pid,
    directory,
    stop: async () => {
      await end("SIGTERM");
      if (options.directory === undefined) rmSync(directory, { recursive: true, force: true });
    },
    kill: () => end("SIGKILL"),
    pause: () => void child.kill("SIGSTOP"),
    resume: () => void child.kill("SIGCONT"),
    cli,
  };
}

function serverArguments(options: RedisServerOptions, port: number, directory: string): readonly string[] {
  const common = ["--port", String(port), "--bind", "127.0.0.1", "--dir", directory, "--save", ""];
  const persistence = ["--appendonly", options.appendonly === true ? "yes" : "no"];
  const fsync = ["--appendfsync", options.appendfsync ?? "everysec"];
  const policy = ["--maxmemory-policy", options.policy ?? "noeviction"];
  const memory = options.maxmemory === undefined ? [] : ["--maxmemory", options.maxmemory];
  return [...common, ...persistence, ...fsync, ...policy, ...memory];
}

function findBinary(name: string): string {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"];
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`No ${name} on this machine; install it: apt-get install redis-server`);
  return found;
}

async function answering(child: ChildProcess, cli: RedisServer["cli"]): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`redis-server ended with code ${child.exitCode}.`);
    try {
      // Its own process: a server of another test may have taken a port that was free a moment ago.
      const info = cli("INFO").split(/\r?\n/);
      if (info.includes(`process_id:${child.pid}`) && info.includes("loading:0")) return;
    } catch {
      // Not up yet, or still loading its file.
    }
    await sleep(25);
  }
  child.kill("SIGKILL");
  throw new Error("redis-server did not answer within 10 s.");
}
