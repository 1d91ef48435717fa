/** A proxy that sends exactly the headers of the nginx configuration in docs/deployment.md, and some that send fewer. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from "node:http";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, onTestFinished } from "vitest";
import { packageDirectory } from "../core/package-directory.ts";
import { type IdentityServer, identityServer, send } from "../test/support/identity-server.ts";
import { addUser, PASSWORD } from "../test/support/test-identity.ts";
import { placeAt } from "../test/support/test-place.ts";

const NAME = "bot.example.com";
const BROWSER = { host: NAME, origin: `https://${NAME}`, "sec-fetch-site": "same-origin" };

let folder: string;
let server: IdentityServer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-proxy-"));
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function start(trustedProxies: number): Promise<void> {
  server = await identityServer(placeAt(folder), folder, { gateway: { hosts: [NAME], trustedProxies } });
  await addUser(server.identity, "ruth");
}

/** The `proxy_set_header` lines of the documented configuration, by name. */
async function documented(): Promise<ReadonlyMap<string, string>> {
  const page = await readFile(join(packageDirectory(), "docs/deployment.md"), "utf8");
  const lines = page.matchAll(/^\s*proxy_set_header (\S+)\s+(\S+);/gmu);
  return new Map([...lines].map(([, name = "", value = ""]) => [name.toLowerCase(), value]));
}

/** As nginx fills its variables in, called by https. */
function filledIn(value: string, { headers, socket }: IncomingMessage): string | undefined {
  const variables: Readonly<Record<string, string | undefined>> = {
    $host: headers.host?.replace(/:\d+$/u, ""),
    $proxy_add_x_forwarded_for: [headers["x-forwarded-for"], socket.remoteAddress].filter(Boolean).join(", "),
    $scheme: "https",
    $request_id: "f00dfeed",
    $http_upgrade: headers.upgrade,
    $connection_upgrade: headers.upgrade === undefined ? "close" : "upgrade",
  };
  return variables[value];
}

/** Hands calls on to the gateway with these headers, and with what browsers send besides. */
async function proxy(settings: ReadonlyMap<string, string>): Promise<string> {
  const handOn = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const headers: Record<string, string | readonly string[] | undefined> = { ...incoming.headers };
    // As nginx does where nothing is said of it: the host is that of the address behind.
    headers["host"] = new URL(server.url).host;
    for (const [name, value] of settings) headers[name] = filledIn(value, incoming);
    const sent = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
    const onward = httpRequest(
      `${server.url}${incoming.url ?? ""}`,
      { method: incoming.method, headers: Object.fromEntries(sent) },
      (answer) => answer.pipe(outgoing.writeHead(answer.statusCode ?? 502, answer.headers)),
    );
    incoming.pipe(onward);
  };
  const front = createServer(handOn).listen(0, "127.0.0.1");
  await once(front, "listening");
  onTestFinished(() => void front.close());
  const address = front.address();
  return `http://127.0.0.1:${address === null || typeof address === "string" ? 0 : address.port}`;
}

const login = async (url: string, headers: Readonly<Record<string, string>> = BROWSER) =>
  await send(url, "/api/v1/auth/login", { body: { login: "ruth", password: PASSWORD, cookies: true }, headers });

it("logs browsers in by the documented headers, whatever the caller writes before them", async () => {
  await start(1);
  const settings = await documented();
  expect([...settings.keys()]).toEqual([
    "host",
    "x-forwarded-for",
    "x-forwarded-proto",
    "x-request-id",
    "upgrade",
    "connection",
  ]);
  const url = await proxy(settings);
  const answer = await login(url, { ...BROWSER, "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "http" });
  expect(answer).toMatchObject({ status: 200, headers: { "x-request-id": "f00dfeed" } });
  expect((await login(url, { ...BROWSER, host: `${NAME}:443` })).status).toBe(200);
  const { cookies } = answer;
  expect((await send(url, "/api/v1/me", { cookies, headers: BROWSER })).status).toBe(200);
  expect(
    (await send(url, "/api/v1/me", { method: "PATCH", body: { name: "R" }, cookies, headers: BROWSER })).status,
  ).toBe(200);
});

it.each([
  ["host", "gateway/cross-site", /hands the Host on/u, 1],
  ["x-forwarded-proto", "identity/plain-http", /X-Forwarded-Proto/u, 1],
  ["nothing", "identity/plain-http", /gateway\.trustedProxies/u, 0],
] as const)("says what is wrong where %s is missing", async (missing, code, words, trusted) => {
  await start(trusted);
  const url = await proxy(new Map([...(await documented())].filter(([name]) => name !== missing)));
  const detail = expect.stringMatching(words);
  expect(await login(url)).toMatchObject({ status: 403, body: { code, detail } });
});

it("names the header where the server does not know the name", async () => {
  await start(1);
  const answer = await login(await proxy(await documented()), { ...BROWSER, host: "other.example.com" });
  const detail = expect.stringMatching(/Host header/u);
  expect(answer).toMatchObject({ status: 421, body: { code: "gateway/unknown-host", detail } });
});
