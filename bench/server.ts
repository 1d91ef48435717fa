/** `npm start` for benches that measure it: a process of its own with an empty data directory. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Server {
  readonly child: ChildProcess;
  readonly url: string;
  /** Of its data. */
  readonly directory: string;
  /** From the spawn to the printed address. */
  readonly readyAfterMs: number;
  /** Resident set size, from the kernel. */
  readonly residentMegabytes: () => number;
  readonly stop: () => Promise<void>;
}

/** Starts it with V8's flags of `npm start` and further ones of Node; waits until it prints its address. */
export async function startServer(config: string, flags: readonly string[] = []): Promise<Server> {
  const directory = mkdtempSync(join(tmpdir(), "parley-bench-"));
  const v8 = ["--max-semi-space-size=4", "--heap-growing-percent=50"];
  const spawnedAt = performance.now();
  const child = spawn(process.execPath, [...v8, ...flags, "dist/cli/main.js", "--config", config, "start"], {
    env: { ...process.env, PORT: "0", PARLEY_DATA: directory, ANTHROPIC_API_KEY: "" },
    stdio: ["ignore", "pipe", "ignore", "ipc"],
  });
  const url = await printedUrl(child);
  const readyAfterMs = performance.now() - spawnedAt;
  return {
    child,
    url,
    directory,
    readyAfterMs,
    residentMegabytes: () => {
      const kilobytes = /^VmRSS:\s+(\d+) kB/mu.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1];
      return Math.round(Number(kilobytes) / 1024);
    },
    stop: async () => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function printedUrl(server: ChildProcess): Promise<string> {
  return await new Promise((resolve, reject) => {
    let text = "";
    server.once("exit", (code) => reject(new Error(`the server ended with ${code}: ${text}`)));
    server.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
      const url = /http:\/\/[0-9.:]+/u.exec(text)?.[0];
      if (url !== undefined) resolve(url);
    });
  });
}

/** Asks over HTTP; the reply, once it is there. */
export async function ask(url: string, text: string): Promise<Response> {
  return await fetch(`${url}/api/v1/chat`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text }),
  });
}
