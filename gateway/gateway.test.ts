import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { DatabaseError } from "../core/store/errors.ts";
import { ParleyError } from "../core/errors.ts";
import { type HttpRoute, ofCaller, type SocketRoute } from "../core/http.ts";
import { openSocket } from "../test/support/web-socket.ts";
import { quietGateway } from "../test/support/web-chat.ts";
import { createGateway, type Gateway, type GatewayOptions } from "./index.ts";

const open: Gateway[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(async (gateway) => await gateway.close()));
});

async function start(options: Partial<GatewayOptions> = {}): Promise<string> {
  const gateway = await createGateway({ ...quietGateway, ...options });
  open.push(gateway);
  return gateway.url;
}

const Body = z.strictObject({ amount: z.number().int() });
const route = (more: Partial<HttpRoute>): HttpRoute => ({
  method: "POST",
  path: "/api/v1/things/:id",
  summary: "Make a thing",
  permission: "chat:use",
  owner: ofCaller,
  parameters: z.object({ id: z.string().min(2) }),
  query: z.strictObject({ loud: z.enum(["yes", "no"]).default("no") }),
  body: Body,
  responses: { 200: Body },
  handle: async ({ parameters, query, body }) => Response.json({ parameters, query, body }),
  ...more,
});
const post = async (url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
const Problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  code: z.string(),
  correlationId: z.string().min(1),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
const problemOf = async (response: Response) => {
  expect(response.headers.get("content-type")).toContain("application/problem+json");
  return Problem.parse(await response.json());
};

describe("web-and-operations A: a body", () => {
  it.each<readonly [string, string, Readonly<Record<string, string>>, object]>([
    [
      "with a key that reaches inside objects",
      '{"amount":1,"__proto__":{"x":1}}',
      {},
      { status: 400, code: "gateway/forbidden-key" },
    ],
    ["that is no JSON", '{"amount":', {}, { status: 400, code: "gateway/malformed-json" }],
    ["that is compressed", "{}", { "content-encoding": "gzip" }, { status: 415, code: "gateway/content-encoding" }],
  ])("%s is refused by its name", async (_kind, body, headers, problem) => {
    const url = await start({ routes: [route({})] });
    expect(await problemOf(await post(`${url}/api/v1/things/ab`, body, headers))).toMatchObject(problem);
  });
});

describe("what goes wrong", () => {
  const accept = "text/html,application/xhtml+xml,*/*;q=0.8";

  it("is a page for who opened an address in a browser, with nothing of it as HTML", async () => {
    const detail = "Not <b>here</b>.";
    const broken: HttpRoute = {
      method: "GET",
      path: "/broken",
      summary: "Does not work",
      permission: "public",
      handle: async () => {
        throw new ParleyError("test/broken", detail, { status: 409 });
      },
    };
    const url = await start({ routes: [broken] });
    const page = await fetch(`${url}/broken`, { headers: { accept } });
    expect([page.status, page.headers.get("content-type")]).toEqual([409, "text/html; charset=utf-8"]);
    const html = await page.text();
    expect(html).toContain("Not &lt;b&gt;here&lt;/b&gt;.");
    expect(html).not.toContain('href="/account/login');
    const none = await fetch(`${url}/<script>`, { headers: { accept } });
    expect(await none.text()).toMatch(/There is no GET \/(?!<script>)/u);
    expect(await problemOf(await fetch(`${url}/broken`))).toMatchObject({ code: "test/broken", detail });
  });

  it("is JSON for a call, whatever it accepts, and is not kept", async () => {
    const url = await start({ routes: [route({})] });
    const answer = await post(`${url}/api/v1/things/ab`, "{", { accept });
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(await problemOf(answer)).toMatchObject({ code: "gateway/malformed-json" });
  });
});

describe("a mounted route", () => {
  it("gets what was sent after validation, with defaults", async () => {
    const url = await start({ routes: [route({})] });
    const response = await post(`${url}/api/v1/things/ab`, { amount: 5 });
    expect(await response.json()).toEqual({ parameters: { id: "ab" }, query: { loud: "no" }, body: { amount: 5 } });
  });

  it("refuses what does not fit with the path of every field", async () => {
    const url = await start({ routes: [route({})] });
    const body = await problemOf(await post(`${url}/api/v1/things/ab`, { amount: 1.5, extra: 1 }));
    expect(body).toMatchObject({ status: 400, code: "gateway/invalid-request", title: "Bad request" });
    expect(body.errors?.map(({ path }) => path)).toContain("body.amount");
    expect(await problemOf(await post(`${url}/api/v1/things/a`, { amount: 1 }))).toMatchObject({
      errors: [{ path: "path.id" }],
    });
    expect(await problemOf(await post(`${url}/api/v1/things/ab?loud=maybe`, { amount: 1 }))).toMatchObject({
      errors: [{ path: "query.loud" }],
    });
  });

  it("says what a field may be, and not what its description tells of it", async () => {
    const loud = z.enum(["no", "yes"]).optional().describe("Left out, it is as the caller likes.");
    const limit = z.coerce.number().int().min(1).max(100).default(50).describe("Most that a page holds.");
    const url = await start({ routes: [route({ query: z.strictObject({ loud, limit }) })] });
    const { errors } = await problemOf(await post(`${url}/api/v1/things/ab?loud=maybe&limit=1000`, { amount: 1 }));
    expect(errors).toEqual([
      { path: "query.loud", message: 'expected "no" or "yes"' },
      { path: "query.limit", message: "expected a whole number from 1 to 100" },
    ]);
  });

  it("keeps the status, the headers and an empty body of the answer", async () => {
    const handle = async () => new Response(null, { status: 204, headers: { "x-thing": "1", etag: '"e"' } });
    const url = await start({ routes: [route({ method: "GET", path: "/x", handle })].map(withoutSchemas) });
    const response = await fetch(`${url}/x`);
    expect([response.status, response.headers.get("x-thing"), response.headers.get("etag")]).toEqual([204, "1", '"e"']);
  });

  it("streams bodies in both directions without holding them", async () => {
    const handle: HttpRoute["handle"] = async ({ raw }) => new Response(raw.body);
    const url = await start({
      routes: [withoutSchemas(route({ path: "/echo", bodyLimit: 40 * 1024 * 1024, handle }))],
    });
    const bytes = Buffer.alloc(30 * 1024 * 1024, 7);
    const response = await fetch(`${url}/echo`, { method: "POST", body: bytes });
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
  });

  it("survives a handler that stops reading a body midway, and clients that go away", async () => {
    const handle: HttpRoute["handle"] = async ({ raw }) => {
      for await (const chunk of raw.body ?? []) {
        if (chunk.byteLength > 0) throw new ParleyError("test/enough", "Enough.", { status: 413 });
      }
      return Response.json({});
    };
    const url = await start({ routes: [withoutSchemas(route({ path: "/half", handle }))] });
    for (let round = 0; round < 5; round += 1) {
      const status = await fetch(`${url}/half`, { method: "POST", body: Buffer.alloc(8 * 1024 * 1024) }).then(
        (response) => response.status,
        () => 413,
      );
      expect(status).toBe(413);
    }
    const aborted = new AbortController();
    const gone = fetch(`${url}/half`, { method: "POST", body: endless(), duplex: "half", signal: aborted.signal });
    aborted.abort();
    await expect(gone).rejects.toThrow();
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect((await post(`${url}/webhooks/chat/ab`, {})).status).not.toBe(429);
  });

  it("tells its handler when the client goes away", async () => {
    let noticed = (): void => undefined;
    const left = new Promise<void>((resolve) => {
      noticed = resolve;
    });
    const handle: HttpRoute["handle"] = async ({ signal }) => {
      signal.addEventListener("abort", () => noticed());
      await left;
      return Response.json({});
    };
    const url = await start({ routes: [withoutSchemas(route({ method: "GET", path: "/slow", handle }))] });
    const controller = new AbortController();
    const request = fetch(`${url}/slow`, { signal: controller.signal }).catch(() => undefined);
    setTimeout(() => controller.abort(), 50);
    await left;
    await request;
  });
});

describe("problems", () => {
  it("carry a deliberate error's code, status and retry-after, and say nothing of the inside of others", async () => {
    const fail = (path: string, error: Error): HttpRoute =>
      withoutSchemas(route({ method: "GET", path, handle: async () => await Promise.reject(error) }));
    const busy = new ParleyError("test/busy", "Busy.", { status: 503, retryable: true, retryAfterMs: 1_500 });
    const url = await start({ routes: [fail("/busy", busy), fail("/bug", new Error("password is hunter2"))] });
    const response = await fetch(`${url}/busy`);
    expect(response.headers.get("retry-after")).toBe("2");
    expect(await problemOf(response)).toMatchObject({
      type: "urn:parley:error:test/busy",
      title: "Not available now",
      status: 503,
      code: "test/busy",
      detail: "Busy.",
    });
    const bug = await problemOf(await fetch(`${url}/bug`));
    expect(bug).toMatchObject({ status: 500, code: "gateway/internal" });
    expect(JSON.stringify(bug)).not.toContain("hunter2");
  });

  it("tell nobody where the database is that cannot be reached", async () => {
    const away = new DatabaseError("PostgreSQL db.internal:5432/parley cannot be reached.", {
      retryable: true,
      cause: undefined,
    });
    const routes = [
      withoutSchemas(route({ method: "GET", path: "/away", handle: async () => await Promise.reject(away) })),
    ];
    const problem = await problemOf(await fetch(`${await start({ routes })}/away`));
    expect(problem).toMatchObject({ status: 503, code: "store/database" });
    expect(JSON.stringify(problem)).not.toContain("db.internal");
  });

  it("answer unknown calls, wrong methods, wrong media types and too many requests", async () => {
    const webhook = route({ path: "/webhooks/chat/:id", permission: "signed" });
    const url = await start({ routes: [route({}), webhook], limits: { address: 4 } });
    expect(await problemOf(await fetch(`${url}/nothing`))).toMatchObject({ status: 404, code: "gateway/not-found" });
    expect(await problemOf(await fetch(`${url}/api/v1/things/ab`))).toMatchObject({ status: 404 });
    const text = await fetch(`${url}/api/v1/things/ab`, { method: "POST", body: "x" });
    expect(await problemOf(text)).toMatchObject({ status: 415, code: "gateway/media-type" });
    const statuses: number[] = [];
    for (let index = 0; index < 5; index += 1) statuses.push((await post(`${url}/api/v1/things/ab`, {})).status);
    expect(statuses.at(-1)).toBe(429);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect((await post(`${url}/webhooks/chat/ab`, {})).status).not.toBe(429);
  });

  it("names a port that is taken, and the remedy", async () => {
    const url = await start();
    await expect(start({ port: Number(new URL(url).port) })).rejects.toMatchObject({
      code: "gateway/listen",
      message: expect.stringContaining("PORT="),
    });
  });
});

describe("the access token", () => {
  const page = async () => new Response("page");
  const pages = [
    {
      method: "GET",
      path: "/documents/harbour/:id",
      summary: "A document",
      hidden: true,
      permission: "documents:read",
      handle: page,
    },
    { method: "GET", path: "/page", summary: "The page", hidden: true, permission: "public", handle: page },
    { method: "GET", path: "/api/v1/read", summary: "Read", permission: "documents:read", handle: page },
  ] as const;
  const options = { routes: [route({}), ...pages], accessToken: () => "s3cret" };

  it("is asked for by every call of the interface, and by nothing else", async () => {
    const url = await start(options);
    const call = `${url}/api/v1/things/ab`;
    expect(await problemOf(await post(call, { amount: 1 }))).toMatchObject({
      status: 401,
      code: "gateway/unauthorized",
    });
    expect((await post(call, { amount: 1 }, { authorization: "Bearer wrong" })).status).toBe(401);
    expect((await post(call, { amount: 1 }, { authorization: "Bearer s3cret" })).status).toBe(200);
    expect((await fetch(`${url}/metrics`)).status).toBe(401);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    for (const path of ["/docs", "/openapi.json", "/documents/harbour/a"]) {
      expect(await problemOf(await fetch(`${url}${path}`))).toMatchObject({ status: 401 });
      for (const headers of [{ authorization: "Bearer s3cret" }, { cookie: "a=b; parley_access=s3cret" }]) {
        expect((await fetch(`${url}${path}`, { headers })).status).toBe(200);
      }
      expect((await fetch(`${url}${path}`, { headers: { cookie: "parley_access=wrong" } })).status).toBe(401);
    }
    expect((await fetch(`${url}/page`)).status).toBe(200);
  });

  it("in a cookie counts for reading pages only", async () => {
    const url = await start(options);
    const cookie = { cookie: "parley_access=s3cret" };
    expect((await post(`${url}/api/v1/things/ab`, { amount: 1 }, cookie)).status).toBe(401);
    expect((await fetch(`${url}/api/v1/read`, { headers: cookie })).status).toBe(401);
  });

  it("that is trusted opens everything, and only it may name users", async () => {
    const who = withoutSchemas(
      route({
        method: "GET",
        path: "/api/v1/who",
        handle: async ({ caller }) => Response.json(caller),
      }),
    );
    const url = await start({ routes: [who], accessToken: () => "s3cret", trustedToken: () => "tru5ted" });
    const ask = async (authorization: string) =>
      await (await fetch(`${url}/api/v1/who`, { headers: { authorization } })).json();
    expect(await ask("Bearer s3cret")).toMatchObject({ mayNameUsers: false, address: "127.0.0.1" });
    expect(await ask("Bearer tru5ted")).toMatchObject({ mayNameUsers: true });
  });

  it("is asked for in any spelling of its scheme", async () => {
    const url = await start(options);
    expect((await post(`${url}/api/v1/things/ab`, { amount: 1 }, { authorization: "bearer s3cret" })).status).toBe(200);
  });

  it("that is trusted is needed where a call speaks of other people", async () => {
    const routes = [route({ permission: "recommendations:write" })];
    const ask = async (url: string, token?: string) =>
      (
        await post(
          `${url}/api/v1/things/ab`,
          { amount: 1 },
          token === undefined ? {} : { authorization: `Bearer ${token}` },
        )
      ).status;
    const both = await start({ routes, accessToken: () => "s3cret", trustedToken: () => "tru5ted" });
    expect([await ask(both, "s3cret"), await ask(both, "tru5ted")]).toEqual([403, 200]);
    const access = await start({ routes, accessToken: () => "s3cret" });
    expect(await ask(access, "s3cret")).toBe(403);
    const onThisMachine = await start({ routes });
    expect(await ask(onThisMachine)).toBe(200);
    const behindProxy = await start({ routes, trustedProxies: 1 });
    expect(await ask(behindProxy)).toBe(403);
  });

  it("cannot be walked around by the way the path is written", async () => {
    const url = await start(options);
    for (const path of ["//api/v1/things/ab", "/%61pi/v1/things/ab", "/API/v1/things/ab", "/x/../api/v1/things/ab"]) {
      expect((await post(`${url}${path}`, { amount: 1 })).status).not.toBe(200);
    }
  });
});

/** Speaks HTTP by hand: clients let nobody choose the host. */
async function byHand(url: string, request: string): Promise<{ readonly status: number; readonly text: string }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.end(request.replaceAll("\n", "\r\n"));
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(z.instanceof(Buffer).parse(chunk));
  const text = Buffer.concat(chunks).toString("utf8");
  return { status: Number(/^HTTP\/1\.1 (\d+)/u.exec(text)?.[1]), text };
}

describe("web-and-operations A: the host of a call", () => {
  it("and its protocol are never those of an address in the request line", async () => {
    const handle: HttpRoute["handle"] = async ({ raw }) => new Response(raw.url);
    const url = await start({ routes: [withoutSchemas(route({ method: "GET", path: "/told", handle }))] });
    const { host } = new URL(url);
    for (const target of ["https://evil.example/told", "https://evil.example/told?x=https://b", "/told?x=1"]) {
      const { text } = await byHand(url, `GET ${target} HTTP/1.1\nHost: ${host}\nConnection: close\n\n`);
      expect(text).toContain(`http://${host}/told`);
      expect(text).not.toContain("evil.example");
    }
  });
  const ask = async (url: string, host: string, more = "") =>
    await byHand(url, `GET /docs HTTP/1.1\nHost: ${host}\n${more}Connection: close\n\n`);

  it("is one: with two, a proxy in front may believe the other", async () => {
    const url = await start();
    const { host } = new URL(url);
    expect(await ask(url, host, "Host: evil.example\n")).toMatchObject({ status: 400 });
  });

  it.each(["a b", "[::1", "x:99999999"])("%s does not disturb a probe", async (host) => {
    const url = await start();
    const answer = await byHand(url, `GET /health/live HTTP/1.1\nHost: ${host}\nConnection: close\n\n`);
    expect(answer.status).toBe(200);
  });

  it.each(["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "10.0.0.7", "localhost.evil.example"])(
    "%s is not this server's, over HTTP and the socket",
    async (host) => {
      const url = await start();
      expect(await ask(url, host)).toMatchObject({
        status: 421,
        text: expect.stringContaining("gateway/unknown-host"),
      });
      const upgrade = "Upgrade: websocket\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\nSec-WebSocket-Version: 13\n";
      const answer = await byHand(
        url,
        `GET /api/v1/chat/stream HTTP/1.1\nHost: ${host}\n${upgrade}Connection: Upgrade\n\n`,
      );
      expect(answer.status).toBe(421);
    },
  );

  it.each(["localhost", "LOCALHOST:9", "127.0.0.1", "[::1]:8080"])("%s is", async (host) => {
    expect((await ask(await start(), host)).status).toBe(200);
  });

  it.each(["a b<c>", "a/b", "user@127.0.0.1", "127.0.0.1:port", "127.0.0.1:8080:1", "[::1", ""])(
    "that cannot be read is refused as a problem: %j",
    async (host) => {
      const { status, text } = await ask(await start(), host);
      expect(status).toBe(400);
      expect(text).toContain("application/problem+json");
    },
  );

  it("may be a configured name; the pages of that name may call, others not", async () => {
    const url = await start({ hosts: ["bot.example.com", "other.example:8443"] });
    expect((await ask(url, "Bot.Example.com")).status).toBe(200);
    expect((await ask(url, "other.example:8443")).status).toBe(200);
    expect((await ask(url, "other.example")).status).toBe(421);
    expect((await ask(url, "127.0.0.1", "Origin: https://bot.example.com\n")).status).toBe(200);
    for (const origin of [
      "https://evil.example",
      "null",
      "http://127.0.0.1:1",
      "file://",
      "https://bot.example.com.evil",
    ]) {
      expect(await ask(url, "127.0.0.1", `Origin: ${origin}\n`)).toMatchObject({ status: 403 });
    }
  });

  it("is not asked of probes and webhooks", async () => {
    const url = await start();
    expect((await byHand(url, "GET /health/live HTTP/1.1\nHost: pod.internal\nConnection: close\n\n")).status).toBe(
      200,
    );
  });
});

describe("web-and-operations A: malformed HTTP", () => {
  it.each([
    ["no HTTP", "HELLO\n\n"],
    ["no host", "GET /docs HTTP/1.1\nConnection: close\n\n"],
    ["a space in a header's name", "GET /docs HTTP/1.1\nHost: 127.0.0.1\nBad Name: x\n\n"],
    ["two lengths", "POST /api/v1/things/ab HTTP/1.1\nHost: 127.0.0.1\nContent-Length: 1\nContent-Length: 2\n\n{}"],
    ["a control character in the path", "GET /\u0001 HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n"],
    ["a percent sign that is none", "GET /api/v1/things/%zz HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n"],
    [
      "a parameter of 5,000",
      `GET /api/v1/things/${"x".repeat(5_000)} HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n`,
    ],
  ])("(%s) is answered with a problem", async (_what, request) => {
    const url = await start({ routes: [withoutSchemas(route({ method: "GET" })), route({})] });
    const { status, text } = await byHand(url, request);
    expect(status).toBe(400);
    expect(text).toContain("application/problem+json");
    expect(text).toContain('"correlationId"');
  });

  it.each([1_900, 65, 20_000])("JSON of %i levels is refused", async (levels) => {
    const url = await start({ routes: [route({ body: z.looseObject({}) })] });
    const deep = `{"a":${"[".repeat(levels)}${"]".repeat(levels)}}`;
    expect(await problemOf(await post(`${url}/api/v1/things/ab`, deep))).toMatchObject({
      status: 400,
      code: "gateway/too-deep",
    });
  });
});

describe("the description", () => {
  it("is OpenAPI 3.1 and lists every route that is not hidden, with every parameter", async () => {
    const hidden = withoutSchemas(route({ method: "GET", path: "/page", hidden: true }));
    const url = await start({ routes: [route({}), route({ path: "/api/v1/messages/:messageId" }), hidden] });
    const document = OpenApi.parse(await (await fetch(`${url}/openapi.json`)).json());
    const paths = ["/health/live", "/health/ready", "/metrics", "/api/v1/things/{id}", "/api/v1/messages/{messageId}"];
    expect(Object.keys(document.paths).toSorted()).toEqual(paths.toSorted());
    const operation = document.paths["/api/v1/things/{id}"]?.post ?? expect.fail();
    expect(operation.parameters.map(({ name, in: place, required }) => [name, place, required])).toEqual([
      ["id", "path", true],
      ["loud", "query", false],
      ["Idempotency-Key", "header", false],
    ]);
    expect(operation.requestBody?.content["application/json"]?.schema).toMatchObject({
      type: "object",
      required: ["amount"],
      additionalProperties: false,
    });
    expect(operation.responses).toHaveProperty("default");
    const ids = Object.values(document.paths).flatMap((one) => Object.values(one).map((each) => each?.operationId));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("refers to parts of schemas where they are: values within values, of several calls", async () => {
    const Tree = z.object({
      name: z.string(),
      get parts() {
        return z.array(Tree);
      },
    });
    const Other = z.object({
      size: z.number(),
      get inner() {
        return Other.optional();
      },
    });
    const url = await start({ routes: [route({ body: Tree }), route({ path: "/api/v1/others/:id", body: Other })] });
    const document: unknown = await (await fetch(`${url}/openapi.json`)).json();
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/gu)].map(([, path = ""]) => path);
    expect(references.length).toBeGreaterThan(2);
    for (const reference of references) {
      const found = reference.split("/").reduce<unknown>((at, key) => z.looseObject({}).parse(at)[key], document);
      expect([reference, typeof found]).toEqual([reference, "object"]);
    }
  });

  it("shows an example of a call, and says what its caller needs", async () => {
    const examples = [{ summary: "Five", body: { amount: 5 }, status: 200, answer: { amount: 5 } }];
    const url = await start({ routes: [route({ examples })] });
    const document = OpenApi.parse(await (await fetch(`${url}/openapi.json`)).json());
    const operation = document.paths["/api/v1/things/{id}"]?.post ?? expect.fail();
    expect(operation).toMatchObject({
      security: [{ bearer: [] }],
      description: "Needs the permission `chat:use`. Whoever has it for what is their own finds nothing else.",
      "x-parley-permission": "chat:use",
      "x-parley-owned": true,
      requestBody: { content: { "application/json": { examples: { example1: { value: { amount: 5 } } } } } },
    });
  });

  it("web-and-operations E: can be read and tried at a page that loads nothing from elsewhere", async () => {
    const url = await start();
    const response = await fetch(`${url}/docs`);
    const html = await response.text();
    expect(response.headers.get("content-security-policy")).toContain("connect-src 'self'");
    const scripts = [...html.matchAll(/<script src="([^"]+)"><\/script>/gu)].map(([, path]) => path ?? "");
    expect(scripts).toHaveLength(2);
    expect(html.replaceAll(/<script src="[^"]+"><\/script>/gu, "")).not.toMatch(/<script|https?:|@import|url\(/u);
    for (const path of scripts) {
      const script = await fetch(`${url}${path}`);
      expect([script.status, script.headers.get("cache-control")]).toEqual([200, "public, max-age=31536000"]);
      expect((await script.arrayBuffer()).byteLength).toBeGreaterThan(50);
    }
  });
});

describe("a mounted socket", () => {
  const echo: SocketRoute = {
    path: "/api/v1/chat/stream",
    summary: "Echo",
    permission: "chat:use",
    owner: ofCaller,
    query: z.object({ who: z.string().min(1) }),
    frameLimit: 1_000,
    open: (socket, { query }) => {
      socket.send(JSON.stringify({ type: "hello", query }));
      socket.onMessage((text) => socket.send(JSON.stringify({ type: "echo", text })));
    },
  };

  it("echoes, checks the query, the size of frames, the origin and the token", async () => {
    const url = await start({ sockets: [echo], accessToken: () => "s3cret" });
    const token = { authorization: "Bearer s3cret" };
    const socket = await openSocket(url, { who: "ann" }, { origin: url, ...token });
    socket.send("hi");
    expect(await socket.until(({ type }) => type === "echo")).toMatchObject({ text: "hi" });
    socket.send("x".repeat(1_001));
    expect((await socket.closed).code).toBe(1009);
    expect(await (await openSocket(url, {}, token)).closed).toMatchObject({ code: 1008 });
    const foreign = openSocket(url, { who: "ann" }, { origin: "https://evil.example", ...token });
    await expect(foreign).rejects.toThrow("403");
    await expect(openSocket(url, { who: "ann", access_token: "s3cret" })).rejects.toThrow("401");
    await expect(openSocket(url, { who: "ann" })).rejects.toThrow("401");
  });
});

const OpenApi = z.object({
  openapi: z.literal("3.1.0"),
  info: z.object({ title: z.string(), version: z.string() }),
  paths: z.record(
    z.string().startsWith("/"),
    z.partialRecord(
      z.enum(["get", "post", "put", "patch", "delete"]),
      z.looseObject({
        operationId: z.string().min(1),
        summary: z.string().min(1),
        parameters: z.array(
          z.object({ name: z.string(), in: z.enum(["path", "query", "header"]), required: z.boolean() }),
        ),
        requestBody: z
          .object({ content: z.record(z.string(), z.looseObject({ schema: z.looseObject({}) })) })
          .optional(),
        responses: z.record(z.string().regex(/^(?:\d{3}|default)$/u), z.object({ description: z.string() })),
      }),
    ),
  ),
  components: z.object({ schemas: z.record(z.string(), z.looseObject({})) }),
});

function withoutSchemas(given: HttpRoute): HttpRoute {
  const { parameters: _parameters, query: _query, body: _body, ...rest } = given;
  return rest;
}

function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1_000)) });
}
