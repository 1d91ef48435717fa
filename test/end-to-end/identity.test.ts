/** Users, roles and keys on the product as it runs: what docs/identity.md tells an admin to do, and what is kept of it. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Secret, TOTP, URI } from "otpauth";
import { beforeAll, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { packageDirectory } from "../../core/package-directory.ts";
import { openSqlite } from "../../core/store/sqlite/driver.ts";
import { actionTables } from "../../tools/registry/kept-tables.ts";
import { eventually } from "../support/eventually.ts";
import { buildOnce, type ParleyProcess, removeData, startParley } from "../support/parley-process.ts";

beforeAll(buildOnce, 600_000);

async function start(environment: Readonly<Record<string, string>> = {}): Promise<ParleyProcess> {
  const parley = await startParley({ environment });
  onTestFinished(async () => {
    await parley.stop();
    removeData(parley.directory);
  });
  return parley;
}

/** The link's file, once it is there. */
async function linkFile(directory: string): Promise<string> {
  let found: string | undefined;
  await eventually(() => {
    found = readdirSync(directory).find((name) => name.startsWith("first-owner-"));
    expect(found).toBeDefined();
  });
  return join(directory, found ?? "");
}

/** The commands of the chapter, in order. */
function commands(): string {
  const page = readFileSync(join(packageDirectory(), "docs", "identity.md"), "utf8");
  const [, chapter = ""] = /^## The first hour$(.*?)^## /msu.exec(page) ?? [];
  const blocks = [...chapter.matchAll(/^```sh\n(.*?)^```/gmsu)].map(([, code = ""]) => code);
  expect(blocks.length).toBeGreaterThan(5);
  return blocks.join("\n");
}

async function call(parley: ParleyProcess, path: string, body?: unknown, bearer?: string) {
  const response = await fetch(`${parley.url}/api/v1${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: z.unknown().parse(await response.json()) };
}

it("does what the documentation tells an admin to do, step by step", async () => {
  const parley = await start();
  const file = await linkFile(parley.directory);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, "utf8")).toMatch(new RegExp(`^${parley.url}/account/first-owner#[\\w-]{43}\\n$`, "u"));
  const done = spawnSync("bash", ["-eu", "-o", "pipefail", "-c", commands()], {
    encoding: "utf8",
    env: { ...process.env, PORT: new URL(parley.url).port, PARLEY_DATA: parley.directory },
  });
  expect({ status: done.status, error: done.stderr }).toEqual({ status: 0, error: "" });
  expect(done.stdout).toContain('"login":"max@example.org"');
  // The link opens nothing any more, so it is kept nowhere.
  expect(readdirSync(parley.directory).filter((name) => name.endsWith(".link"))).toEqual([]);

  // Whoever proves nothing is a guest now, and what was refused is written down.
  expect(await call(parley, "/users")).toMatchObject({ status: 403, body: { code: "gateway/forbidden" } });
  expect((await call(parley, "/chat", { text: "Hello" })).status).toBe(200);

  const login = { login: "jana@example.org", password: "copper lantern drifts north" };
  const Tokens = z.object({ accessToken: z.string() });
  const { accessToken } = Tokens.parse((await call(parley, "/auth/login", login)).body);
  const begun = await call(parley, "/me/totp", { password: login.password }, accessToken);
  const app = URI.parse(z.object({ uri: z.string() }).parse(begun.body).uri);
  if (!(app instanceof TOTP)) throw new Error("The address is of no authenticator app");
  expect((await call(parley, "/me/totp/confirm", { code: app.generate() }, accessToken)).status).toBe(200);
  expect((await call(parley, "/auth/login", login)).body).toMatchObject({ kind: "second-factor" });
  expect(await parley.stop()).toBe(0);

  const secret = Buffer.from(Secret.fromBase32(app.secret.base32).buffer);
  for (const name of readdirSync(parley.directory).filter((one) => statSync(join(parley.directory, one)).isFile())) {
    const bytes = readFileSync(join(parley.directory, name));
    for (const one of [secret, secret.toString("base64"), app.secret.base32, login.password, accessToken])
      expect([name, bytes.includes(one)]).toEqual([name, false]);
  }
  const database = openSqlite(join(parley.directory, actionTables.file));
  const entries = z
    .array(z.object({ body: z.string() }))
    .parse(database.prepare("SELECT body FROM audit_entries").all());
  database.close();
  expect(entries.map(({ body }) => body).join("\n")).toMatch(/"code":"gateway\/forbidden".*"tool":"users:read"/u);
}, 240_000);

it("gives whoever sends from this machine nothing that would outlast the time without an owner", async () => {
  const parley = await start();
  await linkFile(parley.directory);
  expect((await call(parley, "/sessions")).status).toBe(200);
  const owner = {
    login: "eve@example.org",
    password: "quiet harbour lamp seven",
    roles: [{ bot: "*", role: "owner" }],
  };
  for (const [path, body] of [
    ["/users"],
    ["/users", owner],
    ["/keys"],
    ["/webhooks", { url: "https://eve.example" }],
  ] as const)
    expect(await call(parley, path, body)).toMatchObject({ status: 403, body: { code: "gateway/forbidden" } });
  expect((await call(parley, "/me")).status).toBe(403);
});
