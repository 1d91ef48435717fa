/** Parley installed without the packages that only some installations need, and a configuration that needs them all. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { buildOnce } from "../support/parley-process.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "parley-bare-"));
const installed = join(directory, "node_modules", "parleyjs");
const Manifest = z.object({ dependencies: z.record(z.string(), z.string()) });

beforeAll(() => {
  buildOnce();
  cpSync(join(root, "dist"), join(installed, "dist"), { recursive: true });
  cpSync(join(root, "package.json"), join(installed, "package.json"));
  const { dependencies } = Manifest.parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
  for (const name of Object.keys(dependencies)) {
    const place = join(directory, "node_modules", name);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(join(root, "node_modules", name), place);
  }
  mkdirSync(join(directory, "documents"));
  writeFileSync(join(directory, "documents", "fees.pdf"), "");
  writeFileSync(join(directory, "bots.config.ts"), EVERYTHING);
}, 120_000);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const EVERYTHING = `import { crew, defineConfig, env } from "parleyjs";
import { claude } from "parleyjs/claude";
import { discord } from "parleyjs/discord";
import { documents } from "parleyjs/documents";
import { mongodb } from "parleyjs/mongodb";
import { postgres } from "parleyjs/postgres";
import { recommend } from "parleyjs/recommend";
import { redis } from "parleyjs/redis";
import { s3 } from "parleyjs/s3";
import { slack } from "parleyjs/slack";
import { telegram } from "parleyjs/telegram";
import { whatsapp } from "parleyjs/whatsapp";

const token = env("TOKEN");
export default defineConfig({
  broker: redis({ url: "redis://127.0.0.1:6379" }),
  store: postgres({ url: "postgres://127.0.0.1:5432/parley" }),
  files: s3({ bucket: "parley" }),
  bots: {
    harbour: {
      name: "Harbour",
      accounts: [
        discord({ token }),
        telegram({ token }),
        slack({ botToken: token, appToken: token }),
        whatsapp({ sessionKey: token }),
      ],
      crew: crew({ model: claude({ apiKey: token }) }),
      tools: [documents({ directory: "documents" }), recommend({ store: mongodb({ url: token }) })],
    },
  },
});
`;

const LINES = [
  "Discord needs discord.js 14: npm install discord.js@14",
  "Telegram needs grammy 1: npm install grammy@1",
  "Slack needs @slack/web-api 8 and @slack/socket-mode 3: npm install @slack/web-api@8 @slack/socket-mode@3",
  "WhatsApp needs whatsapp-web.js 1 and qrcode-terminal 0.12: npm install whatsapp-web.js@1 qrcode-terminal@0.12",
  "Claude needs @langchain/anthropic 1 and @anthropic-ai/sdk 1: npm install @langchain/anthropic@1 @anthropic-ai/sdk@1",
  "A PDF among the documents needs unpdf 1: npm install unpdf@1",
  "recommend() needs parleyjs-recommender 0.1: npm install parleyjs-recommender@0.1",
  "MongoDB needs mongodb 7: npm install mongodb@7",
  "Redis needs bullmq 6 and ioredis 6: npm install bullmq@6 ioredis@6",
  "PostgreSQL needs pg 8: npm install pg@8",
  "S3 needs @aws-sdk/client-s3 3: npm install @aws-sdk/client-s3@3",
];

function parley(...words: readonly string[]) {
  return spawnSync(process.execPath, [join(installed, "dist/cli/main.js"), ...words], {
    cwd: directory,
    env: { ...process.env, PORT: "0", ANTHROPIC_API_KEY: "", NO_COLOR: "1", TOKEN: "0123456789abcdef0123456789abcdef" },
    encoding: "utf8",
  });
}

it.each([["config", "check"], ["start"]])(
  "parley %s tells each package that is configured and not installed in one line, and starts nothing",
  { timeout: 120_000 },
  (...words) => {
    const { status, stdout, stderr } = parley(...words);
    expect(stdout).toBe("");
    for (const line of LINES) expect(stderr).toContain(line);
    expect(stderr).toContain(`bots.config.ts has ${LINES.length} problems`);
    expect(status).toBe(2);
  },
);

it("doctor tells them too", { timeout: 120_000 }, () => {
  const Findings = z.object({ checks: z.array(z.object({ name: z.string(), detail: z.string() })) });
  const { status, stdout } = parley("doctor", "--json");
  const errors = Findings.parse(JSON.parse(stdout)).checks.filter(({ name }) => name === "configuration");
  expect(errors.map(({ detail }) => detail.replace(/^\S+ \S+: /u, ""))).toEqual(LINES);
  expect(status).toBe(1);
});
