/** The product as a newcomer runs it: the compiled command in a process of its own, on a free port and an empty folder. */
import type { ChildProcess } from "node:child_process";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface ParleyProcess {
  readonly url: string;
  readonly directory: string;
  readonly child: ChildProcess;
  /** Milliseconds from the start of the process to its being ready. */
  readonly readyAfterMs: number;
  /** What it logged. */
  readonly log: () => string;
  /** Sends the signal and waits for the end; gives the exit code. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>;
}

/** Compiles when a source is newer than the last build. */
export function buildOnce(): void {
  const { status, stderr } = spawnSync(process.execPath, [join(root, "scripts/build.mjs"), "--if-stale"], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`the build failed: ${stderr}`);
}

/** Starts `parley start` and waits until it prints its address. `directory` keeps data over restarts. */
export async function startParley(
  options: {
    readonly directory?: string;
    readonly config?: string;
    readonly environment?: Readonly<Record<string, string>>;
    /** Behind `start`. */
    readonly words?: readonly string[];
  } = {},
): Promise<ParleyProcess> {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), "parley-newcomer-"));
  const args = [
    join(root, "dist/cli/main.js"),
    ...(options.config === undefined ? [] : ["--config", options.config]),
    "start",
    ...(options.words ?? []),
  ];
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: {
      ...process.env,
      PORT: "0",
      PARLEY_DATA: directory,
      ANTHROPIC_API_KEY: "",
      NO_COLOR: "1",
      ...options.environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  child.stderr.on("data", (chunk: Buffer) => {
    log += chunk.toString("utf8");
  });
  const url = await new Promise<string>((resolve, reject) => {
    let printed = "";
    child.once("exit", (code) => reject(new Error(`parley start ended with ${code}: ${printed}${log}`)));
    child.stdout.on("data", (chunk: Buffer) => {
      printed += chunk.toString("utf8");
      const found = /http:\/\/127\.0\.0\.1:\d+/u.exec(printed)?.[0];
      if (found !== undefined) resolve(found);
    });
  });
  return {
    url,
    directory,
    child,
    readyAfterMs: performance.now() - startedAt,
    log: () => log,
    stop: async (signal = "SIGTERM") => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
      child.kill(signal);
      return await ended;
    },
  };
}

/** Runs another command of the product on the same data. An object among the words adds to its environment. */
export function runParley(
  directory: string,
  ...words: readonly (string | Readonly<Record<string, string>>)[]
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const args = words.filter((word) => typeof word === "string");
  const extra = Object.assign({}, ...words.filter((word) => typeof word === "object"));
  return spawnSync(process.execPath, [join(root, "dist/cli/main.js"), ...args], {
    cwd: root,
    env: { ...process.env, PORT: "0", PARLEY_DATA: directory, ANTHROPIC_API_KEY: "", NO_COLOR: "1", ...extra },
    encoding: "utf8",
  });
}

/** Removes what a process left behind. */
export function removeData(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
}
