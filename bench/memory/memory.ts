/**
 * Memory of `npm start`: idle, and its growth over many conversations over HTTP.
 *
 * npm run bench -- memory [--conversations 10000]
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";

const IDLE_SECONDS = 15;

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { conversations: { type: "string", default: "10000" } } });
  const directory = mkdtempSync(join(tmpdir(), "parley-memory-"));
  const server = spawn(
    process.execPath,
    ["--max-semi-space-size=4", "dist/cli/main.js", "--config", "bench/memory/bots.config.ts", "start"],
    {
      env: { ...process.env, PORT: "0", PARLEY_DATA: directory, ANTHROPIC_API_KEY: "" },
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  try {
    const url = await printedUrl(server.stdout);
    await new Promise((resolve) => setTimeout(resolve, IDLE_SECONDS * 1000));
    console.log(`idle ${IDLE_SECONDS} s after the start       ${megabytes(server.pid)} MB (goal < 150)`);
    const total = Number(values.conversations);
    for (let done = 0; done < total; done += 1_000) {
      for (let index = 0; index < 1_000; index += 20)
        await Promise.all(Array.from({ length: 20 }, async () => await converse(url)));
      console.log(`after ${String(done + 1_000).padStart(6)} conversations   ${megabytes(server.pid)} MB`);
    }
  } finally {
    server.kill("SIGTERM");
    await new Promise((resolve) => server.once("exit", resolve));
    rmSync(directory, { recursive: true, force: true });
  }
}

/** One new conversation with one question. */
async function converse(url: string): Promise<void> {
  const response = await fetch(`${url}/api/v1/chat`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text: "What does a replacement debit card cost?" }),
  });
  if (response.status === 429) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await converse(url);
    return;
  }
  z.object({ sessionId: z.string() }).parse(await response.json());
}

async function printedUrl(output: NodeJS.ReadableStream): Promise<string> {
  return await new Promise((resolve) => {
    let text = "";
    output.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
      const url = /http:\/\/[0-9.:]+/u.exec(text)?.[0];
      if (url !== undefined) resolve(url);
    });
  });
}

/** Resident set size, from the kernel. */
function megabytes(pid: number | undefined): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/mu.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Math.round(Number(kilobytes) / 1024);
}
