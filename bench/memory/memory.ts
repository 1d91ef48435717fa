/**
 * Memory of `npm start`: idle, and its growth over many conversations over HTTP.
 *
 * npm run bench -- memory [--conversations 10000]
 *
 * Resident memory is the kernel's figure, as the process is left to itself. At each thousand the process is also asked
 * to collect, and what lives on then is told apart: a leak grows there, whatever V8 has not collected yet does not.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";

const IDLE_SECONDS = 15;
const STEP = 1_000;
const AT_ONCE = 20;

const Living = z.object({ rss: z.number(), heapUsed: z.number(), external: z.number() });

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { conversations: { type: "string", default: "10000" } } });
  const directory = mkdtempSync(join(tmpdir(), "parley-memory-"));
  const server = startServer(directory);
  try {
    const url = await printedUrl(server);
    await new Promise((resolve) => setTimeout(resolve, IDLE_SECONDS * 1000));
    const idle = residentMegabytes(server.pid);
    console.log(`idle ${IDLE_SECONDS} s after the start: ${idle} MB resident (goal < 150)`);
    const start = await living(server);
    console.log(`                    after a collection: ${described(start)}`);
    const total = Number(values.conversations);
    const sessions = new Set<string>();
    let highest = idle;
    let last = start;
    for (let done = STEP; done <= total; done += STEP) {
      for (let index = 0; index < STEP; index += AT_ONCE) {
        const ids = await Promise.all(Array.from({ length: AT_ONCE }, async () => await converse(url)));
        for (const id of ids) sessions.add(id);
      }
      const resident = residentMegabytes(server.pid);
      highest = Math.max(highest, resident);
      last = await living(server);
      console.log(
        `${String(done).padStart(6)} conversations: ${resident} MB resident; after a collection: ${described(last)}`,
      );
    }
    const grown = (last.heapUsed - start.heapUsed) / sessions.size;
    console.log(
      `growth over ${sessions.size} conversations: ${highest - idle} MB resident at most, ${Math.round(grown)} bytes of live heap each`,
    );
  } finally {
    server.kill("SIGTERM");
    await new Promise((resolve) => server.once("exit", resolve));
    rmSync(directory, { recursive: true, force: true });
  }
}

/** As `npm start` does it, and with the probe. */
function startServer(directory: string): ChildProcess {
  const flags = ["--max-semi-space-size=4", "--expose-gc", "--import", "./bench/memory/probe.mjs"];
  return spawn(process.execPath, [...flags, "dist/cli/main.js", "--config", "bench/memory/bots.config.ts", "start"], {
    env: { ...process.env, PORT: "0", PARLEY_DATA: directory, ANTHROPIC_API_KEY: "" },
    stdio: ["ignore", "pipe", "ignore", "ipc"],
  });
}

/** One new conversation with one question; gives its session. */
async function converse(url: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/chat`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text: "What does a replacement debit card cost?" }),
  });
  if (response.status === 429) {
    await response.arrayBuffer();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    return await converse(url);
  }
  return z.object({ sessionId: z.string() }).parse(await response.json()).sessionId;
}

async function printedUrl(server: ChildProcess): Promise<string> {
  return await new Promise((resolve) => {
    let text = "";
    server.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
      const url = /http:\/\/[0-9.:]+/u.exec(text)?.[0];
      if (url !== undefined) resolve(url);
    });
  });
}

/** What is left after a collection, in bytes. */
async function living(server: ChildProcess): Promise<z.infer<typeof Living>> {
  return await new Promise((resolve) => {
    server.once("message", (raw) => resolve(Living.parse(raw)));
    server.send("collect");
  });
}

function described({ rss, heapUsed, external }: z.infer<typeof Living>): string {
  const [resident, heap, outside] = [rss, heapUsed, external].map((bytes) => Math.round(bytes / 1024 / 1024));
  return `${resident} MB resident, ${heap} MB live heap, ${outside} MB buffers`;
}

/** Resident set size, from the kernel. */
function residentMegabytes(pid: number | undefined): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/mu.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Math.round(Number(kilobytes) / 1024);
}
