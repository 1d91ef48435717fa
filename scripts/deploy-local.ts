/**
 * `npm run deploy:local`: what docker-compose.yml runs, without containers: Redis, PostgreSQL and three processes from the
 * files of the image, as a user who may write their data only. Asks the bot, says what it did, and stops everything.
 */
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { freePort } from "../test/support/free-port.ts";
import { ordinaryUser } from "../test/support/ordinary-user.ts";
import { startPostgres } from "../test/support/postgres-server.ts";
import { startRedis } from "../test/support/redis-server.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const ROLES = ["gateway", "workers", "adapters"] as const;
const PATIENCE_MS = 120_000;
/** The question is asked again so often. */
const MOST_TIMES = 6;
const QUESTION = "What does a replacement card cost?";
const Answer = z.object({ link: z.string().default(""), replies: z.array(z.object({ text: z.string() })) });

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const closers: (() => Promise<void> | void)[] = [];

/** The files of the image in a folder of their own. */
function layOut(): string {
  execFileSync(process.execPath, [join(root, "scripts/build.mjs"), "--if-stale"], { stdio: "inherit" });
  const folder = mkdtempSync(join(tmpdir(), "parley-deploy-"));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o755);
  const app = join(folder, "app");
  say(execFileSync(process.execPath, [join(root, "scripts/image.mjs"), app], { encoding: "utf8" }).trim());
  return app;
}

async function startServices(): Promise<Readonly<Record<string, string>>> {
  const redis = await startRedis({ appendonly: true });
  closers.push(redis.stop);
  const postgres = await startPostgres();
  closers.push(postgres.remove, async () => await postgres.stop());
  const database = await postgres.createDatabase();
  say(`Redis at ${redis.url}, PostgreSQL at ${database}`);
  return { REDIS_URL: redis.url, DATABASE_URL: database, PARLEY_ACCESS_TOKEN: crypto.randomUUID() };
}

async function startRole(role: (typeof ROLES)[number], app: string, environment: Readonly<Record<string, string>>) {
  const port = await freePort();
  const data = join(app, "..", `data-${role}`);
  mkdirSync(data, { mode: 0o700 });
  const user = ordinaryUser();
  if (user !== undefined) chownSync(data, user.uid, user.gid);
  const own = role === "gateway" ? { HOST: "0.0.0.0", PORT: String(port) } : {};
  const words = ["start", "--roles", role, ...(role === "gateway" ? [] : ["--health-port", String(port)])];
  const child = spawn(process.execPath, ["dist/cli/main.js", ...words], {
    ...user,
    cwd: app,
    env: { PATH: process.env["PATH"], NODE_ENV: "production", PARLEY_DATA: data, ...environment, ...own },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  child.stderr.on("data", (chunk: Buffer) => (log += chunk.toString("utf8")));
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  closers.push(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  const url = `http://127.0.0.1:${port}`;
  await healthy(role, url, () => (child.exitCode === null ? undefined : log));
  say(`${role} is ready at ${url} (process ${child.pid})`);
  return {
    url,
    stop: async () => {
      child.kill("SIGTERM");
      const code = await ended;
      if (code !== 0) throw new Error(`${role} ended with ${code}:\n${log}`);
      say(`${role} drained and stopped`);
    },
  };
}

/** Resolves when it is ready; throws where it ended, or does not become ready. */
async function healthy(role: string, url: string, endedWith: () => string | undefined): Promise<void> {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await sleep(200)) {
    const ended = endedWith();
    if (ended !== undefined) throw new Error(`${role} ended while it started:\n${ended}`);
    const states = await Promise.all(
      ["/health/live", "/health/ready"].map(async (path) => (await fetch(url + path).catch(() => undefined))?.ok),
    );
    if (states.every((state) => state === true)) return;
  }
  throw new Error(`${role} was not ready within ${PATIENCE_MS / 1000} s`);
}

interface Asking {
  readonly gateway: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The replies; what takes long is asked for again where the first answer says. */
async function repliesOf(answer: z.infer<typeof Answer>, { gateway, headers }: Asking) {
  let { replies } = answer;
  for (const until = Date.now() + PATIENCE_MS; replies.length === 0; await sleep(500)) {
    if (Date.now() > until) throw new Error(`Nobody answered within ${PATIENCE_MS / 1000} s`);
    ({ replies } = Answer.parse(await (await fetch(gateway + answer.link, { headers })).json()));
  }
  return replies;
}

try {
  const app = layOut();
  const environment = await startServices();
  const processes = await Promise.all(ROLES.map(async (role) => await startRole(role, app, environment)));
  const headers = {
    "content-type": "application/json",
    authorization: `Bearer ${environment["PARLEY_ACCESS_TOKEN"]}`,
  };
  const body = JSON.stringify({ text: QUESTION });
  const gateway = processes[0]?.url ?? "";
  const ask = async (): Promise<string> => {
    const response = await fetch(`${gateway}/api/v1/chat`, { method: "POST", headers, body });
    const replies = await repliesOf(Answer.parse(await response.json()), { gateway, headers });
    return replies.map(({ text }) => text).join("\n");
  };
  let answer = await ask();
  // While a busy machine reads the documents for the first time, the bot asks for patience.
  for (let again = 0; again < MOST_TIMES && !answer.includes("[1]"); again += 1) {
    say(`Answered: ${answer}`);
    await sleep(10_000);
    answer = await ask();
  }
  say(`Asked:    ${QUESTION}\nAnswered: ${answer}`);
  for (const { stop } of processes) await stop();
} finally {
  for (const close of closers.toReversed()) await close();
}
