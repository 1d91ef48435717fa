/** The product on one release of Node: started, talked to over HTTP while garbage is collected, stopped. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { NodeRelease } from "./releases.ts";
import { EndedWrongly } from "./run-process.ts";

const collector = fileURLToPath(new URL("collect-garbage.mjs", import.meta.url));
const LISTENERS = 4;

/** The sample's bot without its limits: this is about the process, not about who may ask how often. */
const CONFIG = `
import { bank, crew, defineConfig, web } from "parleyjs";
import { documents } from "parleyjs/documents";
import { recommend } from "parleyjs/recommend";
export default defineConfig({
  bots: {
    harbour: {
      name: "Harbour Assistant",
      accounts: [web({ perAddress: { messagesPerMinute: 1_000_000, newSessionsPerMinute: 1_000_000 } })],
      crew: crew({ model: "offline" }),
      tools: [documents({ directory: "samples/bank/documents" }), bank(), recommend()],
      limits: { rate: { messages: 100_000, perSeconds: 60 } },
    },
  },
  gateway: { limits: { perAddress: 1_000_000 } },
  log: { level: "warn" },
});
`;

const QUESTIONS = [
  "What does a replacement debit card cost?",
  "Hello, what can you do for me?",
  "Which savings product suits me?",
  "How do I block a lost card?",
  "What is my balance?",
];

const Answer = z.object({
  messageId: z.string(),
  sessionId: z.string(),
  replies: z.array(z.object({ text: z.string().min(1) })).min(1),
});

export interface Product {
  /** Asks so many questions, each of which must be answered. Gives a message's id. */
  readonly ask: (count: number) => Promise<string>;
  /** Asks for so long, several at a time; gives how many answers came. */
  readonly askFor: (ms: number) => Promise<number>;
  readonly residentMb: () => Promise<number>;
  /** Throws unless it ends with 0 after SIGTERM. */
  readonly stop: () => Promise<void>;
  /** Ends it where something else failed. */
  readonly kill: () => void;
}

/** Writes the configuration that the product and its commands use here. */
export function writeConfig(directory: string): void {
  writeFileSync(join(directory, "bots.config.ts"), CONFIG);
}

const Manifest = z.object({ scripts: z.object({ start: z.string() }) });

/** What `npm start` runs, without `node`, and with garbage collected all the time. */
function startWords(directory: string): readonly string[] {
  const { scripts } = Manifest.parse(JSON.parse(readFileSync(join(directory, "package.json"), "utf8")));
  const [, ...words] = scripts.start.split(" ");
  return ["--expose-gc", "--import", collector, ...words];
}

/** Starts it. A process that ends by itself makes every later call throw. */
export async function startProduct({ program, environment }: NodeRelease, directory: string): Promise<Product> {
  const child = spawn(program, startWords(directory), {
    cwd: directory,
    env: { ...environment, PORT: "0", ANTHROPIC_API_KEY: "", NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { url, ended, printed } = await listening(child);
  let asked = 0;
  const askOne = async (sessionId?: string): Promise<z.infer<typeof Answer>> => {
    const text = QUESTIONS[asked++ % QUESTIONS.length];
    const asking = fetch(`${url}/api/v1/chat?wait=60`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text, ...(sessionId !== undefined && { sessionId }) }),
    });
    // Where the process ended, its end says more than the cut connection.
    const cut = (thrown: unknown): Promise<never> =>
      Promise.race([ended, sleep(5_000).then(() => Promise.reject(thrown))]);
    const response = await Promise.race([asking.catch(cut), ended]);
    return Answer.parse(await response.json());
  };
  return {
    ask: async (count) => {
      let last: z.infer<typeof Answer> | undefined;
      for (let index = 0; index < count; index += 1) last = await askOne(last?.sessionId);
      return last?.messageId ?? "";
    },
    askFor: async (ms) => {
      const until = performance.now() + ms;
      let answers = 0;
      const converse = async (): Promise<void> => {
        for (let turn = 0, session: string | undefined; performance.now() < until; turn += 1, answers += 1)
          ({ sessionId: session } = await askOne(turn % 20 === 0 ? undefined : session));
      };
      await Promise.all(Array.from({ length: LISTENERS }, converse));
      return answers;
    },
    residentMb: async () => {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      return Number(/^process_resident_memory_bytes\S* (\S+)/mu.exec(metrics)?.[1] ?? 0) / 1_048_576;
    },
    stop: async () => {
      const code = new Promise<string>((resolve) =>
        child.once("exit", (exit, signal) => resolve(String(signal ?? exit))),
      );
      child.kill("SIGTERM");
      const end = await code;
      if (end !== "0") throw new EndedWrongly(`parley start ended with ${end} after SIGTERM`, printed());
    },
    kill: () => void child.kill("SIGKILL"),
  };
}

interface Listening {
  readonly url: string;
  /** Rejects when the process ends by itself. */
  readonly ended: Promise<never>;
  readonly printed: () => string;
}

async function listening(child: ChildProcess): Promise<Listening> {
  let said = "";
  const ended = new Promise<never>((_resolve, reject) => {
    child.once("exit", (code, signal) =>
      reject(new EndedWrongly(`parley start ended with ${signal ?? code}:\n${said.slice(-4_000)}`, said)),
    );
  });
  // Whoever asks hears of it; nobody else needs to.
  ended.catch(() => undefined);
  const url = new Promise<string>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk: Buffer) => {
        said += chunk.toString("utf8");
        const found = /http:\/\/127\.0\.0\.1:\d+/u.exec(said)?.[0];
        if (found !== undefined) resolve(found);
      });
  });
  return { url: await Promise.race([url, ended]), ended, printed: () => said };
}
