/**
 * Calls a second and p99 of the gateway, next to bare Fastify that answers with the same query of the same history, the same
 * JSON and a limiter of its own; then what each layer adds.
 *
 * npm run bench -- gateway [--rounds 5] [--seconds 3]
 *
 * Rounds alternate between the servers, so that the load of the machine meets them alike; medians are printed. Chat is measured
 * from the POST to its acceptance (`wait=0`: durable, and on its way to its turn), while the turns themselves run beside it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { openSqlite } from "../../core/store/sqlite/driver.ts";
import { startServer } from "../server.ts";
import { median } from "../median.ts";
import { type CallOf, load, type Measured, type Target } from "./load.ts";

const GOAL = 0.6;
const WARM_UP_MS = 1_500;
const SESSIONS = 200;
const QUERY = "limit=20";
const TEXTS = ["Hello", "What can you do?", "Thanks", "Who are you?"];

const Session = z.object({ sessionId: z.string() });
const Layers = z.array(z.object({ name: z.string(), url: z.string() }));

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { rounds: { type: "string", default: "5" }, seconds: { type: "string", default: "3" } },
  });
  const times = { rounds: Number(values.rounds), ms: Number(values.seconds) * 1_000 };
  const server = await startServer("bench/gateway/bots.config.ts");
  try {
    const session = await seed(server.url);
    const layers = await startLayers(copyOf(server.directory));
    try {
      const gateway = `${server.url}/api/v1/chat/history?sessionId=${encodeURIComponent(session)}&${QUERY}`;
      const bare = layers.all.map(({ name, url }) => ({ name, url: `${url}?${QUERY}`, pid: layers.pid }));
      await requireSame(gateway, bare[0]?.url ?? "");
      report(
        await inTurns([{ name: "the whole gateway: history", url: gateway, pid: pidOf(server.child) }, ...bare], times),
      );
    } finally {
      layers.stop();
    }
    await measureChat({ origin: server.url, pid: pidOf(server.child) }, times.ms);
  } finally {
    await server.stop();
  }
}

async function post(url: string, body: object): Promise<z.infer<typeof Session>> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return Session.parse(await response.json());
}

/** A session of ten messages with their answers. */
async function seed(url: string): Promise<string> {
  const { sessionId } = await post(`${url}/api/v1/chat`, { text: "Hello" });
  for (let index = 1; index < 10; index += 1)
    await post(`${url}/api/v1/chat`, { sessionId, text: TEXTS[index % TEXTS.length] });
  return sessionId;
}

/** The server's store as it is now; its directory goes with the server. */
function copyOf(directory: string): string {
  const copy = join(directory, "bench-copy.sqlite");
  const source = openSqlite(join(directory, "store.sqlite"), { readonly: true });
  source.prepare("VACUUM INTO ?").run(copy);
  source.close();
  return copy;
}

async function startLayers(store: string) {
  const child = spawn(process.execPath, ["--import", "tsx", "bench/gateway/layers.ts", store], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const all = await new Promise<z.infer<typeof Layers>>((resolve, reject) => {
    let text = "";
    child.once("exit", (code) => reject(new Error(`the servers of the layers ended with ${code}: ${text}`)));
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
      if (text.includes("\n")) resolve(Layers.parse(JSON.parse(text)));
    });
  });
  return { all, pid: pidOf(child), stop: () => void child.kill("SIGTERM") };
}

/** What is compared has to say the same. */
async function requireSame(...urls: readonly string[]): Promise<void> {
  const Page = z.object({ messages: z.array(z.object({ text: z.string() })).min(10) });
  const said = await Promise.all(
    urls.map(async (url) =>
      Page.parse(await (await fetch(url)).json())
        .messages.map(({ text }) => text)
        .join("\n"),
    ),
  );
  if (new Set(said).size > 1) throw new Error("The servers do not answer with the same messages.");
}

type Named = Measured & { readonly name: string };

async function inTurns(
  servers: readonly { readonly name: string; readonly url: string; readonly pid: number }[],
  { rounds, ms }: { readonly rounds: number; readonly ms: number },
): Promise<readonly Named[]> {
  const measured = servers.map(({ name, url, pid }) => ({ name, pid, url: new URL(url), each: [] as Measured[] }));
  for (let round = 0; round <= rounds; round += 1) {
    for (const { url, pid, each } of measured) {
      const call: CallOf = () => ({ method: "GET", path: `${url.pathname}${url.search}` });
      const figures = await load({ origin: url.origin, pid }, call, round === 0 ? WARM_UP_MS : ms);
      if (round > 0) each.push(figures);
    }
  }
  return measured.map(({ name, each }) => ({
    name,
    perSecond: median(each.map(({ perSecond }) => perSecond)),
    p99Ms: median(each.map(({ p99Ms }) => p99Ms)),
    cpuMicros: median(each.map(({ cpuMicros }) => cpuMicros)),
  }));
}

function report([gateway, bare, ...layers]: readonly Named[]): void {
  if (gateway === undefined || bare === undefined) return;
  const ratio = gateway.perSecond / bare.perSecond;
  console.log(line(gateway));
  console.log(line({ ...bare, name: "bare Fastify: history" }));
  const cpu = bare.cpuMicros / gateway.cpuMicros;
  console.log(
    `ratio ${ratio.toFixed(2)}, by CPU time ${cpu.toFixed(2)} (goal ${GOAL}): ${Math.min(ratio, cpu) >= GOAL ? "ok" : "MISSED"}`,
  );
  let before = bare;
  for (const layer of layers) {
    const micros = layer.cpuMicros - before.cpuMicros;
    console.log(`${line({ ...layer, name: `+ ${layer.name}` })}   ${micros.toFixed(0).padStart(5)} µs more`);
    before = layer;
  }
}

function line({ name, perSecond, p99Ms, cpuMicros }: Named): string {
  return `${name.padEnd(38)} ${perSecond.toFixed(0).padStart(6)} a second   p99 ${p99Ms.toFixed(1).padStart(6)} ms   CPU ${cpuMicros.toFixed(0).padStart(6)} µs a call`;
}

/** Each message goes to the next of many sessions, so that none of them has a long queue. */
async function measureChat(target: Target, ms: number): Promise<void> {
  const sessions: string[] = [];
  while (sessions.length < SESSIONS)
    sessions.push((await post(`${target.origin}/api/v1/chat?wait=0`, { text: "Hello" })).sessionId);
  const call: CallOf = (index) => ({
    method: "POST",
    path: "/api/v1/chat?wait=0",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ sessionId: sessions[index % SESSIONS], text: TEXTS[index % TEXTS.length] }),
  });
  console.log(line({ name: "chat: POST to accepted", ...(await load(target, call, ms)) }));
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error("The process did not start.");
  return pid;
}
