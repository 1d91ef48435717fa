/**
 * Memory of `npm start`: idle, and its growth over many conversations over HTTP.
 *
 * npm run bench -- memory [--conversations 10000]
 *
 * Resident memory is the kernel's figure while the process is left to itself. Only when idle, half way and at the end it
 * is asked to collect, and what lives on then is told apart: a leak grows between the two, whatever V8 has not collected
 * yet does not.
 */
import type { ChildProcess } from "node:child_process";
import { parseArgs } from "node:util";
import { z } from "zod";
import { ask, startServer } from "../server.ts";

const IDLE_SECONDS = 15;
const STEP = 1_000;
const AT_ONCE = 20;

const Living = z.object({ rss: z.number(), heapTotal: z.number(), heapUsed: z.number() });

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { conversations: { type: "string", default: "10000" } } });
  const server = await startServer("bench/memory/bots.config.ts", [
    "--expose-gc",
    "--import",
    "./bench/memory/probe.mjs",
  ]);
  const { url, child, residentMegabytes } = server;
  try {
    await new Promise((resolve) => setTimeout(resolve, IDLE_SECONDS * 1000));
    const idle = residentMegabytes();
    console.log(`idle ${IDLE_SECONDS} s after the start: ${idle} MB resident (goal < 130)`);
    const collected = [await collect(child, "idle")];
    const total = Number(values.conversations);
    const sessions = new Set<string>();
    let highest = idle;
    for (let done = STEP; done <= total; done += STEP) {
      for (let index = 0; index < STEP; index += AT_ONCE) {
        const ids = await Promise.all(Array.from({ length: AT_ONCE }, async () => await converse(url)));
        for (const id of ids) sessions.add(id);
      }
      const resident = residentMegabytes();
      highest = Math.max(highest, resident);
      console.log(`${String(done).padStart(6)} conversations: ${resident} MB resident`);
      if (done === Math.ceil(total / 2 / STEP) * STEP) collected.push(await collect(child, "half way"));
    }
    collected.push(await collect(child, "at the end"));
    const [start = 0, half = 0, end = 0] = collected;
    const each = (from: number, to: number, count: number): number => Math.round((to - from) / count);
    console.log(
      `growth over ${sessions.size} conversations: resident by ${highest - idle} MB at most; live heap by ${each(start, half, sessions.size / 2)} bytes a conversation in the first half, ${each(half, end, sessions.size / 2)} in the second`,
    );
  } finally {
    await server.stop();
  }
}

/** One new conversation with one question; gives its session. */
async function converse(url: string): Promise<string> {
  const response = await ask(url, "What does a replacement debit card cost?");
  if (response.status === 429) {
    await response.arrayBuffer();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    return await converse(url);
  }
  return z.object({ sessionId: z.string() }).parse(await response.json()).sessionId;
}

/** Has the server collect; prints what is left, and gives the live heap in bytes. */
async function collect(server: ChildProcess, when: string): Promise<number> {
  const left = await new Promise<z.infer<typeof Living>>((resolve) => {
    server.once("message", (raw) => resolve(Living.parse(raw)));
    server.send("collect");
  });
  const [resident, heap, used] = [left.rss, left.heapTotal, left.heapUsed].map((bytes) =>
    Math.round(bytes / 1024 / 1024),
  );
  console.log(`       collected, ${when}: ${resident} MB resident, of it ${heap} MB V8's heap, of it ${used} MB alive`);
  return left.heapUsed;
}
