/** The configurations that an installation is tried with, and one question to a bot that runs on it. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { z } from "zod";
import { EndedWrongly } from "../nodes/run-process.ts";
import type { Packages } from "./installation.ts";

/** A bot whose own crew calls its own tool. */
export const OWN_TOOL = `import { z } from "zod";
import { consoleChat, defineConfig, web } from "parleyjs";
import { defineTool } from "parleyjs/adapter";

const rate = defineTool({
  name: "get_rate",
  description: "Gives how many cents of a currency one euro costs.",
  input: z.strictObject({ currency: z.string().length(3) }),
  risk: "low",
  confirmation: "never",
  scopes: ["public"],
  depends: "public",
  execute: async ({ currency }) => ({ value: { currency, cents: 108 } }),
});

export default defineConfig({
  bots: {
    exchange: {
      name: "Exchange",
      accounts: [web(), consoleChat()],
      crew: {
        name: "own",
        summary: {},
        open: async () => ({
          run: async (_input, turn) => {
            const outcome = await turn.tools.call("get_rate", { currency: "USD" }, "call-1");
            const text = outcome.status === "done" ? JSON.stringify(outcome.result.value) : outcome.message;
            return { reply: { text, confidence: 1, model: "own" }, remember: [], cacheable: false };
          },
          close: async () => undefined,
        }),
      },
      tools: [{ name: "rates", summary: {}, open: async () => ({ tools: [rate], close: async () => undefined }) }],
    },
  },
});
`;

/** The embedded crew with the tools of a bank. */
export const EMBEDDED = `import { bank, crew, defineConfig, web } from "parleyjs";

export default defineConfig({
  bots: { harbour: { name: "Harbour", accounts: [web()], crew: crew({ model: "offline" }), tools: [bank()] } },
});
`;

/** The same, with an account on the adapter of another package. */
export const WITH_ADAPTER = `import { adapterPackage, bank, crew, defineConfig, env, web } from "parleyjs";

const pigeon = await adapterPackage("parley-adapter-carrier-pigeon", { settings: { token: env("TOKEN") } });
export default defineConfig({
  bots: { harbour: { name: "Harbour", accounts: [web(), pigeon], crew: crew({ model: "offline" }), tools: [bank()] } },
});
`;

/** By entry: what configures it, and what it says where its library is not there. */
export const CONFIGURED: Readonly<
  Record<string, { readonly accounts?: string; readonly rest?: string; readonly place?: string }>
> = {
  discord: { accounts: 'discord({ token: env("TOKEN") })' },
  telegram: { accounts: 'telegram({ token: env("TOKEN") })' },
  slack: { accounts: 'slack({ botToken: env("TOKEN"), appToken: env("TOKEN") })' },
  whatsapp: { accounts: 'whatsapp({ sessionKey: env("TOKEN") })' },
  claude: { rest: 'crew: crew({ model: claude({ apiKey: env("TOKEN") }) })' },
  documents: { rest: 'tools: [documents({ directory: "." })]' },
  recommend: { rest: "tools: [recommend()]" },
  redis: { place: 'broker: redis({ url: "redis://127.0.0.1:6379" })' },
  postgres: { place: 'store: postgres({ url: "postgres://127.0.0.1:5432/parley" })' },
  s3: { place: 'files: s3({ bucket: "parley" })' },
  mongodb: {},
};

/** A configuration with one entry alone. */
export function configOf(entry: string): string {
  const { accounts = "web()", rest = "", place = "" } = CONFIGURED[entry] ?? {};
  const crew = rest.startsWith("crew") ? rest : 'crew: crew({ model: "offline" })';
  const mongo = 'import { recommend } from "parleyjs/recommend";\n';
  const tools = entry === "mongodb" ? 'tools: [recommend({ store: mongodb({ url: env("TOKEN") }) })]' : rest;
  return `import { crew, defineConfig, env, web } from "parleyjs";
import { ${entry} } from "parleyjs/${entry}";
${entry === "mongodb" ? mongo : ""}
export default defineConfig({
  ${place === "" ? "" : `${place},`}
  bots: { one: { name: "One", accounts: [${accounts}], ${crew}, ${tools.startsWith("tools") ? tools : ""} } },
});
`;
}

const Answer = z.object({ replies: z.array(z.object({ text: z.string().min(1) })).min(1) });

/** Starts the bot of a folder, asks it one question over HTTP, and ends it by SIGTERM. Throws where any of it fails. */
export async function askedOnce(packages: Packages, directory: string, text: string): Promise<string> {
  const main = join("node_modules", "parleyjs", "dist", "cli", "main.js");
  const child = spawn(packages.program, [main, "start"], {
    cwd: directory,
    env: { ...packages.environment(), TOKEN: "0123456789abcdef0123456789abcdef" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const ended = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => resolve(String(signal ?? code)));
  });
  const failed = ended.then((end) => Promise.reject(new EndedWrongly(`start ended with ${end}:\n${said}`, said)));
  failed.catch(() => undefined);
  const listening = new Promise<string>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        said += chunk.toString("utf8");
        const found = /http:\/\/127\.0\.0\.1:\d+/u.exec(said)?.[0];
        if (found !== undefined) resolve(found);
      });
    }
  });
  try {
    const url = await Promise.race([listening, failed]);
    const asking = fetch(`${url}/api/v1/chat?wait=60`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text }),
    });
    const { replies } = Answer.parse(await (await Promise.race([asking, failed])).json());
    child.kill("SIGTERM");
    const end = await ended;
    if (end !== "0") throw new EndedWrongly(`start ended with ${end} after SIGTERM:\n${said}`, said);
    return replies.map((reply) => reply.text).join("\n");
  } finally {
    child.kill("SIGKILL");
  }
}
