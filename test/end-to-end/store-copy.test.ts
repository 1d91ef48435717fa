/** An installation that outgrows its machine: what it kept in files goes on in PostgreSQL. */
import { execFile } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { buildOnce, startParley } from "../support/parley-process.ts";
import { type PostgresServer, startPostgres } from "../support/postgres-server.ts";
import { startS3 } from "../support/s3-server.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
let server: PostgresServer;
beforeAll(async () => {
  buildOnce();
  server = await startPostgres();
}, 240_000);
afterAll(async () => {
  await server.stop();
  server.remove();
});

const config = (store: string): string => `import { bank, crew, defineConfig, env, web } from "parleyjs";
import { postgres } from "parleyjs/postgres";
import { s3 } from "parleyjs/s3";
export default defineConfig({
  bots: { harbour: { name: "Harbour", accounts: [web()], crew: crew({ model: "offline" }), tools: [bank({ linkCodes: "reusable" })] } },
  ${store}
});
`;

const Answer = z.object({ sessionId: z.string(), replies: z.array(z.object({ text: z.string() })) });

async function say(url: string, text: string, sessionId?: string) {
  const response = await fetch(`${url}/api/v1/chat`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text, ...(sessionId === undefined ? {} : { sessionId }) }),
  });
  const { sessionId: session, replies } = Answer.parse(await response.json());
  return { session, text: replies.map((reply) => reply.text).join("\n") };
}

it("is copied with one command, and goes on as if nothing had happened", async () => {
  const directory = mkdtempSync(join(tmpdir(), "parley-moving-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  mkdirSync(join(directory, "node_modules"));
  symlinkSync(root, join(directory, "node_modules", "parleyjs"));
  const file = join(directory, "bots.config.ts");
  const data = join(directory, "data");
  const url = await server.createDatabase();
  const s3 = await startS3();
  onTestFinished(s3.stop);
  const bucket = `files: s3({
    bucket: "${s3.bucket}", endpoint: "${s3.endpoint}", forcePathStyle: true,
    credentials: { accessKeyId: env("BUCKET_ID"), secretAccessKey: env("BUCKET_KEY") },
  }),`;
  const keys = { BUCKET_ID: s3.credentials.accessKeyId, BUCKET_KEY: s3.credentials.secretAccessKey };
  const parley = async (...words: readonly string[]) =>
    await promisify(execFile)(process.execPath, [join(root, "dist/cli/main.js"), "--config", file, ...words], {
      env: { ...process.env, PARLEY_DATA: data, NO_COLOR: "1", ...keys },
    });
  writeFileSync(join(directory, ".env"), `NEW_HOME=${url}\n`);

  writeFileSync(file, config(""));
  const before = await startParley({ directory: data, config: file });
  const { session } = await say(before.url, "link ANNA-7K42");
  await say(before.url, "my name is Annabel", session);
  const { text: balance } = await say(before.url, "What is my balance?", session);
  expect(balance).toMatch(/€/u);
  expect((await say(before.url, "Send 9 euros to Jana", session)).text).toMatch(/confirm/iu);
  await expect(parley("store", "copy", "--to", "NEW_HOME")).rejects.toThrow(/is writing to these files/u);
  await before.stop();

  const { stdout } = await parley("store", "copy", "--to", "NEW_HOME");
  expect(stdout).toMatch(/same turns +\d+ rows/u);
  expect(stdout).toMatch(/same bank_postings +\d+ rows/u);
  expect(stdout).toContain(`stay in ${data}`);
  expect(stdout).toContain("as PARLEY_KEY");

  // The new configuration keeps files in a bucket: now they are copied as well, and the tables are compared again.
  const sealing = 'sealing: { key: { kind: "given", key: env("PARLEY_KEY") } }';
  const sealingKey = readFileSync(join(data, "sealing.key"), "utf8").trim();
  appendFileSync(join(directory, ".env"), `PARLEY_KEY=${sealingKey}\n`);
  writeFileSync(file, config(`store: postgres({ url: env("NEW_HOME"), ${sealing} }), ${bucket}`));
  const moved = await parley("store", "copy", "--to", "NEW_HOME", "--from", data);
  expect(moved.stdout).toMatch(/same audit +2 files/u);
  expect([...s3.objects.keys()]).toContain("audit.key");
  rmSync(data, { recursive: true });
  const after = await startParley({
    directory: data,
    config: file,
    environment: { NEW_HOME: url, PARLEY_KEY: sealingKey, ...keys },
  });
  onTestFinished(async () => void (await after.stop()));
  const history = await fetch(`${after.url}/api/v1/chat/history?sessionId=${session}`).then(
    async (got) => await got.text(),
  );
  expect(history).toContain("Annabel");
  expect((await say(after.url, "What is my balance?", session)).text).toContain(balance);
  // What was proposed before is replaced, and the numbers of proposals go on behind those that were copied.
  expect((await say(after.url, "Send 5 euros to Jana", session)).text).toMatch(/confirm/iu);
  expect(readFileSync(file, "utf8")).not.toContain(url);
}, 240_000);
