import { copyFileSync, mkdtempSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TLSSocket } from "node:tls";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { ParleyError } from "../core/errors.ts";
import { type HttpRoute, ofCaller, ownedBy, type SocketRoute } from "../core/http.ts";
import { silentTelemetry } from "../core/silent-telemetry.ts";
import { sqliteDatabases } from "../core/store/databases.ts";
import { testIdentities } from "../test/security/identities.ts";
import { makeCertificate } from "../test/support/certificate.ts";
import { eventually } from "../test/support/eventually.ts";
import { quietGateway } from "../test/support/web-chat.ts";
import { openSocket } from "../test/support/web-socket.ts";
import type { Identities, Principal } from "./access/principal.ts";
import { createGateway, type Gateway, type GatewayOptions } from "./index.ts";
import { type GatewayState, openGatewayState } from "./state/index.ts";

const open: Gateway[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(async (gateway) => await gateway.close({ drainMs: 0 })));
});

async function start(options: Partial<GatewayOptions> = {}): Promise<string> {
  const gateway = await createGateway({ ...quietGateway, ...options });
  open.push(gateway);
  return gateway.url;
}

const folder = (): string => mkdtempSync(join(tmpdir(), "gateway-"));

async function openState(directory = folder()): Promise<GatewayState> {
  const { log } = silentTelemetry;
  const state = await openGatewayState(sqliteDatabases(directory), {
    clock: Date.now,
    newId: () => crypto.randomUUID(),
    log,
  });
  onTestFinished(async () => await state.close());
  return state;
}

const Made = z.object({ number: z.number(), id: z.string().optional() });
const Body = z.strictObject({ amount: z.number().int() });

/** Makes things, and counts them. */
function maker() {
  let made = 0;
  const route: HttpRoute = {
    method: "POST",
    path: "/api/v1/things",
    summary: "Make a thing",
    permission: "chat:use",
    owner: ofCaller,
    body: Body,
    handle: async ({ body, idempotencyId }) => {
      made += 1;
      const { amount } = Body.parse(body);
      if (amount < 0) throw new ParleyError("test/negative", "Less than nothing cannot be made.", { status: 422 });
      if (amount === 0) throw new ParleyError("test/away", "It is away.", { status: 503, retryable: true });
      return Response.json(
        { number: made, id: idempotencyId },
        { status: 201, headers: { location: `/things/${made}` } },
      );
    },
  };
  return { route, count: () => made };
}

const KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324";
const make = async (url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  await fetch(`${url}/api/v1/things`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": KEY, ...headers },
    body: JSON.stringify(body),
  });
const codeOf = async (response: Response): Promise<unknown> => {
  expect(response.headers.get("content-type")).toContain("application/problem+json");
  return z.looseObject({ code: z.string() }).parse(await response.json()).code;
};

describe("an idempotency key", () => {
  it("has a call done once, whichever process is asked again", async () => {
    const [things, directory] = [maker(), folder()];
    const one = await start({ routes: [things.route], state: await openState(directory) });
    const other = await start({ routes: [things.route], state: await openState(directory) });
    const first = await make(one, { amount: 1 });
    const again = await make(other, { amount: 1 });
    expect([first.status, again.status, things.count()]).toEqual([201, 201, 1]);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(again.headers.get("location")).toBe("/things/1");
    expect(await again.text()).toBe(await first.text());
  });

  it("with another body or address is a conflict, and nothing is done", async () => {
    const things = maker();
    const url = await start({ routes: [things.route], state: await openState() });
    await make(url, { amount: 1 });
    const other = await make(url, { amount: 2 });
    expect([other.status, await codeOf(other), things.count()]).toEqual([409, "gateway/idempotency-conflict", 1]);
  });

  it("keeps a refusal, but not what may pass", async () => {
    const things = maker();
    const url = await start({ routes: [things.route], state: await openState() });
    const other = { "idempotency-key": "b1a0e9a4-36f2-4b0a-8a3a-6a7c20b3f0ee" };
    for (let time = 0; time < 2; time += 1) {
      const refused = await make(url, { amount: -1 });
      expect([refused.status, await codeOf(refused)]).toEqual([422, "test/negative"]);
    }
    expect(things.count()).toBe(1);
    for (let time = 0; time < 2; time += 1) expect((await make(url, { amount: 0 }, other)).status).toBe(503);
    expect(things.count()).toBe(3);
  });

  it("has a call that finds its answer itself asked for it again, and keeps none", async () => {
    const ids: (string | undefined)[] = [];
    const { route } = maker();
    const handle: HttpRoute["handle"] = async ({ idempotencyId }) => {
      ids.push(idempotencyId);
      return Response.json({ asked: ids.length });
    };
    const url = await start({ routes: [{ ...route, findsAnswer: true, handle }], state: await openState() });
    const [first, again] = [await make(url, { amount: 1 }), await make(url, { amount: 1 })];
    expect([await first.json(), await again.json()]).toEqual([{ asked: 1 }, { asked: 2 }]);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(new Set(ids).size).toBe(1);
    expect((await make(url, { amount: 2 })).status).toBe(409);
  });

  it("gives the handler the same id in each attempt", async () => {
    const ids: (string | undefined)[] = [];
    const { route } = maker();
    const handle: HttpRoute["handle"] = async ({ idempotencyId }) => {
      ids.push(idempotencyId);
      throw new ParleyError("test/away", "It is away.", { status: 503, retryable: true });
    };
    const url = await start({ routes: [{ ...route, handle }], state: await openState() });
    await make(url, { amount: 1 });
    await make(url, { amount: 1 });
    expect(ids).toHaveLength(2);
    expect(ids[0]).toMatch(/^[\w-]{32}$/u);
    expect(ids[1]).toBe(ids[0]);
  });

  it("of one person means nothing for another", async () => {
    const things = maker();
    const url = await start({ routes: [things.route], state: await openState(), identities: testIdentities() });
    const by = async (role: string) =>
      Made.parse(await (await make(url, { amount: 1 }, { authorization: `Bearer ${role}` })).json()).number;
    expect([await by("customer"), await by("moderator"), await by("customer")]).toEqual([1, 2, 1]);
  });

  it.each([
    ["is too short to be a guest's alone", { "idempotency-key": "1" }],
    ["has spaces", { "idempotency-key": "one key and another one" }],
    ["is too long", { "idempotency-key": "k".repeat(256) }],
  ])("that %s is refused", async (_what, headers) => {
    const things = maker();
    const url = await start({ routes: [things.route], state: await openState() });
    const refused = await make(url, { amount: 1 }, headers);
    expect([refused.status, await codeOf(refused), things.count()]).toEqual([400, "gateway/idempotency-key", 0]);
  });

  it("is refused where nothing keeps answers, and means nothing to what gives secrets", async () => {
    const things = maker();
    const none = await start({ routes: [things.route] });
    expect(await codeOf(await make(none, { amount: 1 }))).toBe("gateway/no-idempotency");
    const secret = await start({ routes: [{ ...things.route, holdsSecrets: true }], state: await openState() });
    await make(secret, { amount: 1 });
    await make(secret, { amount: 1 });
    expect(things.count()).toBe(2);
  });
});

describe("limits", () => {
  const { route } = maker();
  const read: HttpRoute = { ...readRoute(), path: "/api/v1/read" };
  const ask = async (url: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
    await fetch(`${url}/api/v1/read`, { headers });

  it("count a person and a key by themselves, whatever address they come from", async () => {
    const url = await start({
      routes: [route, read],
      identities: testIdentities(),
      limits: { address: 100, person: 2 },
    });
    const customer = { authorization: "Bearer customer" };
    const statuses = [await ask(url, customer), await ask(url, customer), await ask(url, customer)].map(
      ({ status }) => status,
    );
    expect(statuses).toEqual([200, 200, 429]);
    expect((await ask(url, { authorization: "Bearer analyst" })).status).toBe(200);
  });

  it("are told as a problem with the time to wait", async () => {
    const url = await start({ routes: [read], limits: { address: 1 } });
    await ask(url);
    const over = await ask(url);
    expect(Number(over.headers.get("retry-after"))).toBeGreaterThan(0);
    expect([over.status, await codeOf(over)]).toEqual([429, "gateway/rate-limited"]);
  });

  it("may be a route's own", async () => {
    const url = await start({ routes: [read, { ...read, path: "/api/v1/login", perMinute: 1 }] });
    const login = async (): Promise<number> => (await fetch(`${url}/api/v1/login`)).status;
    expect([await login(), await login(), (await ask(url)).status]).toEqual([200, 429, 200]);
  });

  it("take a /64 of IPv6, an address with a port and one in another spelling for one address", async () => {
    const url = await start({ routes: [read], limits: { address: 1 }, trustedProxies: 1 });
    const from = async (address: string): Promise<number> => (await ask(url, { "x-forwarded-for": address })).status;
    expect([await from("2001:db9:1:1::1"), await from("[2001:db9:1:1::2]:443")]).toEqual([200, 429]);
    expect([await from("203.0.113.9"), await from("203.0.113.9:50412"), await from("::ffff:203.0.113.9")]).toEqual([
      200, 429, 429,
    ]);
  });

  it("hold for signed calls that were refused, and not for those that were not", async () => {
    const handle: HttpRoute["handle"] = async ({ raw }) =>
      new Response(null, { status: (await raw.text()) === "signed" ? 200 : 401 });
    const url = await start({ routes: [webhookRoute({ handle })], limits: { address: 2 } });
    const push = async (body: string): Promise<number> =>
      (await fetch(`${url}/webhooks/thing`, { method: "POST", body })).status;
    const told = [];
    for (const body of ["signed", "signed", "signed", "no", "no", "no", "no"]) told.push(await push(body));
    expect(told).toEqual([200, 200, 200, 401, 401, 401, 429]);
  });

  it("hold for bodies that the route reads itself, by what it may take, and reading stops there", async () => {
    let taken = 0;
    const handle: HttpRoute["handle"] = async ({ raw }) => {
      for await (const chunk of raw.body ?? []) taken += chunk.byteLength;
      return Response.json({});
    };
    const large = webhookRoute({ path: "/webhooks/large", bodyLimit: 100_000, handle });
    const url = await start({ routes: [webhookRoute({ handle }), large], bodyLimit: 1_000 });
    const push = async (path: string, body: Readonly<Pick<RequestInit, "body" | "duplex">>): Promise<unknown> => {
      const response = await fetch(`${url}${path}`, { method: "POST", ...body });
      return response.status === 200 ? 200 : [response.status, await codeOf(response)];
    };
    const tooLarge = [413, "gateway/body-too-large"];
    expect(await push("/webhooks/thing", { body: "x".repeat(1_000) })).toBe(200);
    expect(await push("/webhooks/thing", { body: "x".repeat(1_001) })).toEqual(tooLarge);
    expect(await push("/webhooks/large", { body: "x".repeat(100_000) })).toBe(200);
    taken = 0;
    expect(await pushWithoutEnd(`${url}/webhooks/large`)).toBe(413);
    expect(taken).toBeLessThanOrEqual(100_000);
  });

  it("hold for bodies", async () => {
    const things = maker();
    const url = await start({ routes: [things.route], bodyLimit: 100 });
    const response = await make(url, { amount: 1, more: "x".repeat(200) }, { "idempotency-key": KEY });
    expect([response.status, await codeOf(response), things.count()]).toEqual([413, "gateway/body-too-large", 0]);
  });
});

function webhookRoute(more: Partial<HttpRoute>): HttpRoute {
  return {
    method: "POST",
    path: "/webhooks/thing",
    summary: "What a platform pushes",
    permission: "signed",
    handle: async () => new Response(null),
    ...more,
  };
}

/** Sends chunks for as long as they are taken; gives the status of the answer. */
async function pushWithoutEnd(url: string): Promise<number | undefined> {
  const call = httpRequest(url, { method: "POST", headers: { "transfer-encoding": "chunked" } });
  call.on("error", () => undefined);
  const status = new Promise<number | undefined>((resolve) => {
    call.once("response", (response) => {
      resolve(response.statusCode);
      response.resume();
    });
  });
  const send = (): void => {
    if (!call.destroyed) call.write("x".repeat(10_000), send);
  };
  send();
  const told = await status;
  call.destroy();
  return told;
}

function readRoute(more: Partial<HttpRoute> = {}): HttpRoute {
  return {
    method: "GET",
    path: "/api/v1/read",
    summary: "Read",
    permission: "catalogue:read",
    handle: async () => Response.json({ text: "word ".repeat(1_000) }),
    ...more,
  };
}

describe("an answer", () => {
  it("says that it is not kept, unless its route says how long", async () => {
    const routes = [readRoute(), readRoute({ path: "/kept", cache: { by: "private", seconds: 60 } })];
    const url = await start({ routes });
    expect((await fetch(`${url}/api/v1/read`)).headers.get("cache-control")).toBe("no-store");
    const kept = await fetch(`${url}/kept`);
    expect(kept.headers.get("cache-control")).toBe("private, max-age=60");
    const etag = kept.headers.get("etag") ?? expect.fail("no etag");
    const again = await fetch(`${url}/kept`, { headers: { "if-none-match": `"other", ${etag}` } });
    expect([again.status, await again.text(), again.headers.get("etag")]).toEqual([304, "", etag]);
    expect((await fetch(`${url}/kept`, { headers: { "if-none-match": '"other"' } })).status).toBe(200);
  });

  it("is compressed where it is worth it, and never where it holds secrets", async () => {
    const small = readRoute({ path: "/small", handle: async () => Response.json({}) });
    const url = await start({ routes: [readRoute(), small, readRoute({ path: "/secret", holdsSecrets: true })] });
    const encodingOf = async (path: string, accepted: string) =>
      (await fetch(`${url}${path}`, { headers: { "accept-encoding": accepted } })).headers.get("content-encoding");
    expect(await encodingOf("/api/v1/read", "br, gzip")).toBe("br");
    expect(await encodingOf("/api/v1/read", "gzip")).toBe("gzip");
    expect(await encodingOf("/api/v1/read", "identity")).toBeNull();
    expect(await encodingOf("/small", "br")).toBeNull();
    expect(await encodingOf("/secret", "br")).toBeNull();
  });

  it("carries the id of its request; one that a proxy gave is kept where proxies are believed", async () => {
    const given = { "x-request-id": "from-the-proxy" };
    const idOf = async (url: string) =>
      (await fetch(`${url}/health/live`, { headers: given })).headers.get("x-request-id");
    expect(await idOf(await start())).toMatch(/^[\da-f-]{36}$/u);
    expect(await idOf(await start({ trustedProxies: 1 }))).toBe("from-the-proxy");
  });
});

describe("browsers", () => {
  const app = "https://app.example.com";

  it("let pages of named origins call, and no others", async () => {
    const url = await start({ routes: [readRoute()], browsers: { corsOrigins: [app] } });
    const preflight = async (origin: string) =>
      await fetch(`${url}/api/v1/read`, {
        method: "OPTIONS",
        headers: { origin, "access-control-request-method": "GET", "access-control-request-headers": "authorization" },
      });
    const allowed = await preflight(app);
    expect([allowed.status, allowed.headers.get("access-control-allow-origin")]).toEqual([204, app]);
    expect(allowed.headers.get("access-control-allow-credentials")).toBeNull();
    expect((await preflight("https://evil.example")).headers.get("access-control-allow-origin")).toBeNull();
    const read = await fetch(`${url}/api/v1/read`, { headers: { origin: app } });
    expect([read.status, read.headers.get("access-control-allow-origin")]).toEqual([200, app]);
    expect((await fetch(`${url}/api/v1/read`, { headers: { origin: "https://evil.example" } })).status).toBe(403);
    // A page can read why it was refused.
    const refused = await fetch(`${url}/nothing`, { headers: { origin: app } });
    expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([404, app]);
  });

  it("are told what pages may load, with what the configuration adds", async () => {
    const html = async () => new Response("<p>", { headers: { "content-type": "text/html" } });
    const url = await start({
      routes: [readRoute({ path: "/page", permission: "public", handle: html })],
      browsers: { contentSources: { "img-src": ["https://img.example"] }, frameAncestors: [app] },
    });
    const policy = (await fetch(`${url}/page`)).headers.get("content-security-policy") ?? "";
    expect(policy).toContain("img-src 'self' data: https://img.example");
    expect(policy).toContain(`frame-ancestors 'self' ${app}`);
    expect(policy).toContain("object-src 'none'");
  });

  it("cannot be made to call by a foreign page with the cookie of somebody", async () => {
    const things = maker();
    const url = await start({ routes: [things.route], identities: testIdentities(), guests: false });
    const cookie = { cookie: "session=customer", "idempotency-key": "" };
    const from = async (more: Readonly<Record<string, string>>): Promise<number> => {
      const headers = { "content-type": "application/json", ...cookie, ...more };
      const { "idempotency-key": _none, ...sent } = headers;
      return await rawStatus(`${url}/api/v1/things`, { method: "POST", headers: sent, body: '{"amount":1}' });
    };
    expect(await from({})).toBe(403);
    expect(await from({ origin: "https://evil.example" })).toBe(403);
    expect(await from({ origin: url, "sec-fetch-site": "cross-site" })).toBe(403);
    expect(await from({ origin: url, "sec-fetch-site": "same-origin" })).toBe(201);
    expect(things.count()).toBe(1);
  });
});

/** `fetch` sets some of these headers itself. */
async function rawStatus(
  url: string,
  {
    method,
    headers,
    body,
  }: { readonly method: string; readonly headers: Readonly<Record<string, string>>; readonly body: string },
): Promise<number> {
  return await new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on("error", reject);
    request.end(body);
  });
}

describe("a ticket", () => {
  const Session = z.object({ of: z.string() });
  const live: SocketRoute = {
    path: "/api/v1/chat/stream",
    summary: "Live",
    permission: "chat:use",
    query: Session,
    owner: ownedBy("query", Session, ({ of }) => ({ user: of })),
    open: (socket, { caller }) => socket.send(JSON.stringify({ type: "hello", userId: caller.userId })),
  };
  const ticketOf = async (url: string, role: string, path = live.path): Promise<Response> =>
    await fetch(`${url}/api/v1/tickets`, {
      method: "POST",
      headers: { authorization: `Bearer ${role}`, "content-type": "application/json" },
      body: JSON.stringify({ path }),
    });
  const Ticket = z.object({ ticket: z.string().min(40), expiresAt: z.iso.datetime() });

  it("opens a socket once, as whoever asked for it; a token in the address opens none", async () => {
    const url = await start({ sockets: [live], state: await openState(), identities: testIdentities(), guests: false });
    const response = await ticketOf(url, "customer");
    expect([response.status, response.headers.get("cache-control")]).toEqual([201, "no-store"]);
    const { ticket } = Ticket.parse(await response.json());
    const socket = await openSocket(url, { of: "customer-1", ticket });
    expect(await socket.until(({ type }) => type === "hello")).toMatchObject({ userId: "customer-1" });
    socket.close();
    await expect(openSocket(url, { of: "customer-1", ticket })).rejects.toThrow("401");
    await expect(openSocket(url, { of: "customer-1", access_token: "customer" })).rejects.toThrow("401");
  });

  it("opens no socket of another's object, and is given for sockets alone", async () => {
    const url = await start({ sockets: [live], state: await openState(), identities: testIdentities(), guests: false });
    const { ticket } = Ticket.parse(await (await ticketOf(url, "customer")).json());
    const foreign = await openSocket(url, { of: "anna", ticket });
    expect(await foreign.closed).toEqual({ code: 4404, reason: "gateway/no-such-object" });
    expect(foreign.frames).toEqual([]);
    expect(await codeOf(await ticketOf(url, "customer", "/api/v1/other"))).toBe("gateway/no-such-socket");
  });

  it("hears nothing more from who lost the role, was locked, or whose rights cannot be looked up", async () => {
    const heard: string[] = [];
    const answering: SocketRoute["open"] = (socket) =>
      socket.onMessage((text) => {
        heard.push(text);
        socket.send(JSON.stringify({ type: "heard" }));
      });
    const known = testIdentities();
    const lost = new Map<string, () => Promise<Principal | undefined>>();
    const identities: Identities = {
      ...known,
      current: async (credential) => await (lost.get(credential)?.() ?? known.current(credential)),
    };
    const url = await start({ sockets: [{ ...live, open: answering }], identities, guests: false });
    const opened = async (role: string) => {
      const socket = await openSocket(url, { of: `${role}-1` }, { authorization: `Bearer ${role}` });
      socket.send("before");
      await socket.until(({ type }) => type === "heard");
      return socket;
    };
    const afterwards = async (current: () => Promise<Principal | undefined>) => {
      const socket = await opened("customer");
      lost.set("session:customer", current);
      socket.send("after");
      const end = await socket.closed;
      lost.clear();
      return end;
    };
    const nobody = { ...(await known.current("session:customer")), grants: [] };
    expect(await afterwards(async () => ({ id: "customer", kind: "user", by: "bearer", ...nobody }))).toEqual({
      code: 4403,
      reason: "gateway/forbidden",
    });
    expect(await afterwards(async () => undefined)).toEqual({ code: 4401, reason: "gateway/unauthorized" });
    const away = async () => await Promise.reject(new Error("the database is away"));
    expect(await afterwards(away)).toEqual({ code: 1013, reason: "gateway/unavailable" });
    expect(heard).toEqual(["before", "before", "before"]);
  });

  it("goes on hearing who has no role, where guests are let in", async () => {
    const answering: SocketRoute["open"] = (socket) =>
      socket.onMessage(() => socket.send(JSON.stringify({ type: "heard" })));
    const known = testIdentities();
    const without = (one: Principal | undefined): Principal | undefined => one && { ...one, grants: [] };
    const identities: Identities = {
      ...known,
      authenticate: async (credentials) => without(await known.authenticate(credentials)),
      current: async (credential) => without(await known.current(credential)),
    };
    const url = await start({ sockets: [{ ...live, open: answering }], identities });
    const socket = await openSocket(url, { of: "customer-1" }, { authorization: "Bearer customer" });
    socket.send("hello");
    await socket.until(({ type }) => type === "heard");
    socket.close();
  });
});

describe("when it stops", () => {
  it("lets calls in hand end, and takes no new ones", async () => {
    let begun = (): void => undefined;
    let end = (): void => undefined;
    const started = new Promise<void>((resolve) => (begun = resolve));
    const ended = new Promise<void>((resolve) => (end = resolve));
    const handle = async (): Promise<Response> => {
      begun();
      await ended;
      return Response.json({ done: true });
    };
    const gateway = await createGateway({ ...quietGateway, routes: [readRoute({ handle })] });
    const call = fetch(`${gateway.url}/api/v1/read`);
    await started;
    const closing = gateway.close();
    const late = await fetch(`${gateway.url}/api/v1/read`).then(codeOf, () => "refused");
    expect(["refused", "gateway/stopping"]).toContain(late);
    end();
    expect(await (await call).json()).toEqual({ done: true });
    await closing;
  });

  it("cuts off what takes longer than it may", async () => {
    let begun = (): void => undefined;
    const started = new Promise<void>((resolve) => (begun = resolve));
    const handle = async (): Promise<Response> => {
      begun();
      return await new Promise<never>(() => undefined);
    };
    const gateway = await createGateway({ ...quietGateway, routes: [readRoute({ handle })] });
    const call = fetch(`${gateway.url}/api/v1/read`);
    await started;
    const [cut] = await Promise.allSettled([call, gateway.close({ drainMs: 50 })]);
    expect(cut.status).toBe("rejected");
  });
});

describe("TLS", () => {
  /** One request over TLS: the version spoken, the certificate's name and the HSTS header. */
  async function speak(
    url: string,
    maxVersion?: "TLSv1.2",
  ): Promise<{ readonly version: string | null; readonly name: unknown; readonly hsts: unknown }> {
    return await new Promise((resolve, reject) => {
      const options = { rejectUnauthorized: false, agent: false, ...(maxVersion === undefined ? {} : { maxVersion }) };
      const request = httpsRequest(`${url}/health/live`, options, (response) => {
        response.resume();
        const socket = z.instanceof(TLSSocket).parse(response.socket);
        const hsts = response.headers["strict-transport-security"];
        resolve({ version: socket.getProtocol(), name: socket.getPeerCertificate().subject.CN, hsts });
      });
      request.on("error", reject);
      request.end();
    });
  }

  it("is 1.3; older only where the setting says so", async () => {
    const tls = makeCertificate(folder(), "one");
    const url = await start({ tls });
    expect(url).toMatch(/^https:/u);
    expect(await speak(url)).toMatchObject({
      version: "TLSv1.3",
      name: "one",
      hsts: expect.stringContaining("max-age"),
    });
    await expect(speak(url, "TLSv1.2")).rejects.toThrow();
    const older = await start({ tls: { ...tls, oldest: "1.2" } });
    expect(await speak(older, "TLSv1.2")).toMatchObject({ version: "TLSv1.2" });
  });

  it("takes changed files without a restart, and keeps the old ones where the new do not fit", async () => {
    const directory = folder();
    const [tls, next] = [makeCertificate(directory, "one"), makeCertificate(directory, "two")];
    const url = await start({ tls });
    copyFileSync(next.key, tls.key);
    expect(await speak(url)).toMatchObject({ name: "one" });
    copyFileSync(next.certificate, tls.certificate);
    await eventually(async () => expect(await speak(url)).toMatchObject({ name: "two" }));
  });

  it("that cannot be used is refused at start, with the files", async () => {
    const directory = folder();
    const [one, two] = [makeCertificate(directory, "one"), makeCertificate(directory, "two")];
    const refused = { code: "gateway/certificate", message: expect.stringContaining("one.crt") };
    await expect(start({ tls: { ...one, key: two.key } })).rejects.toMatchObject(refused);
    await expect(start({ tls: { ...one, key: join(directory, "none") } })).rejects.toMatchObject(refused);
  });
});
