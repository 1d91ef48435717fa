import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { ParleyError } from "../core/errors.ts";
import type { HttpRoute, SocketRoute } from "../core/http.ts";
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
  parameters: z.object({ id: z.string().min(2) }),
  query: z.strictObject({ loud: z.enum(["yes", "no"]).default("no") }),
  body: Body,
  responses: { 200: Body },
  handle: async ({ parameters, query, body }) => await Promise.resolve(Response.json({ parameters, query, body })),
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

  it("keeps the status, the headers and an empty body of the answer", async () => {
    const handle = async () =>
      await Promise.resolve(new Response(null, { status: 204, headers: { "x-thing": "1", etag: '"e"' } }));
    const url = await start({ routes: [route({ method: "GET", path: "/x", handle })].map(withoutSchemas) });
    const response = await fetch(`${url}/x`);
    expect([response.status, response.headers.get("x-thing"), response.headers.get("etag")]).toEqual([204, "1", '"e"']);
  });

  it("streams bodies in both directions without holding them", async () => {
    const handle: HttpRoute["handle"] = async ({ raw }) => await Promise.resolve(new Response(raw.body));
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

  it("answer unknown calls, wrong methods, wrong media types and too many requests", async () => {
    const webhook = route({ path: "/webhooks/chat/:id" });
    const url = await start({ routes: [route({}), webhook], requestsPerMinute: 4 });
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
  const options = { routes: [route({})], accessToken: () => "s3cret" };

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
    expect((await fetch(`${url}/docs`)).status).toBe(200);
  });

  it("cannot be walked around by the way the path is written", async () => {
    const url = await start(options);
    for (const path of ["//api/v1/things/ab", "/%61pi/v1/things/ab", "/API/v1/things/ab", "/x/../api/v1/things/ab"]) {
      expect((await post(`${url}${path}`, { amount: 1 })).status).not.toBe(200);
    }
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

  it("can be read as a page without any script", async () => {
    const url = await start({ routes: [route({ summary: "<b>bold</b>" })] });
    const html = await (await fetch(`${url}/docs`)).text();
    expect(html).toContain("&lt;b&gt;bold&lt;/b&gt;");
    expect(html).not.toContain("<script");
  });
});

describe("a mounted socket", () => {
  const echo: SocketRoute = {
    path: "/api/v1/chat/stream",
    summary: "Echo",
    query: z.object({ who: z.string().min(1) }),
    frameLimit: 1_000,
    open: (socket, { query }) => {
      socket.send(JSON.stringify({ type: "hello", query }));
      socket.onMessage((text) => socket.send(JSON.stringify({ type: "echo", text })));
    },
  };

  it("echoes, checks the query, the size of frames, the origin and the token", async () => {
    const url = await start({ sockets: [echo], accessToken: () => "s3cret" });
    const token = { access_token: "s3cret" };
    const socket = await openSocket(url, { who: "ann", ...token }, { origin: url });
    socket.send("hi");
    expect(await socket.until(({ type }) => type === "echo")).toMatchObject({ text: "hi" });
    socket.send("x".repeat(1_001));
    expect((await socket.closed).code).toBe(1009);
    expect(await (await openSocket(url, token)).closed).toMatchObject({ code: 1008 });
    const foreign = await openSocket(url, { who: "ann", ...token }, { origin: "https://evil.example" });
    expect((await foreign.closed).code).toBe(1008);
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
      z.object({
        operationId: z.string().min(1),
        summary: z.string().min(1),
        parameters: z.array(z.object({ name: z.string(), in: z.enum(["path", "query"]), required: z.boolean() })),
        requestBody: z.object({ content: z.record(z.string(), z.object({ schema: z.looseObject({}) })) }).optional(),
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
