/** Every call × every role × own, foreign and nobody's object. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { startRuntime } from "../../cli/runtime/runtime.ts";
import { validateConfig } from "../../core/config/validate.ts";
import { type HttpRoute, ownedBy, type Owner } from "../../core/http.ts";
import { packageDirectory } from "../../core/package-directory.ts";
import { Role } from "../../gateway/access/roles.ts";
import type { Denial } from "../../gateway/access/principal.ts";
import { createGateway, type Gateway } from "../../gateway/index.ts";
import { bank, crew, web } from "../../index.ts";
import { documents } from "../../tools/rag/index.ts";
import { recommend } from "../../tools/recommend/index.ts";
import { quietGateway } from "../support/web-chat.ts";
import { EXPECTED, type ExpectedCall, HIDDEN } from "./expected-access.ts";
import { testIdentities, userOf } from "./identities.ts";

const Query = z.object({ of: z.string().optional() });
/** The stand-ins' objects are named by `of`: `user:anna`, `login:anna` (hers once she logged in), `shared` (known by its id alone), or nothing. */
const ownerIn = ({ of }: z.infer<typeof Query>): Owner | undefined => {
  if (of === "shared") return "bearer";
  if (of?.startsWith("login:") === true) return { user: of.slice(6) };
  return of?.startsWith("user:") === true ? { user: of.slice(5), byId: true } : undefined;
};

/** A stand-in with the rule that the call must have. */
function standIn({ method, path, permission, owner }: ExpectedCall): HttpRoute {
  return {
    method: method === "WS" ? "GET" : method,
    path: `/try${path}`,
    summary: "A stand-in",
    permission,
    query: Query,
    ...(owner === "none" ? {} : { owner: ownedBy("query", Query, ownerIn) }),
    handle: async () => new Response(null, { status: 204 }),
  };
}

const denials: Denial[] = [];
let gateway: Gateway;

beforeAll(async () => {
  gateway = await createGateway({
    ...quietGateway,
    routes: EXPECTED.map(standIn),
    identities: testIdentities(),
    guests: false,
    accessToken: () => "acce55",
    trustedToken: () => "tru5ted",
    denied: (denial) => denials.push(denial),
  });
});
afterAll(async () => await gateway.close());

async function statusOf(call: ExpectedCall, token: string | undefined, of?: string): Promise<number> {
  const path = call.path.replaceAll(/:\w+/gu, "x");
  const response = await fetch(`${gateway.url}/try${path}${of === undefined ? "" : `?of=${encodeURIComponent(of)}`}`, {
    method: call.method === "WS" ? "GET" : call.method,
    ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
  });
  return response.status;
}

const isOpen = ({ permission }: ExpectedCall): boolean => permission === "public" || permission === "signed";
const nameOf = ({ method, path }: ExpectedCall): string => `${method} ${path}`;
const guarded = EXPECTED.filter((call) => !isOpen(call)).map((call) => [nameOf(call), call] as const);

describe.each(guarded)("%s", (_name, call) => {
  it.each(Role.options)("by %s", async (role: Role) => {
    const reach = call.reach[role];
    const own = call.owner === "none" ? undefined : `user:${userOf(role)}`;
    const foreign = call.owner === "none" ? undefined : "user:somebody-else";
    expect(await statusOf(call, role, own)).toBe(reach === "no" ? 403 : 204);
    if (call.owner === "none") return;
    expect(await statusOf(call, role, foreign)).toBe({ any: 204, own: 404, no: 403 }[reach]);
    // Nothing is told of what is there: what is not there at all is answered as what is another's.
    expect(await statusOf(call, role)).toBe({ any: 204, own: 404, no: 403 }[reach]);
  });

  it("by a front end, by a trusted system, by nobody, with a wrong token", async () => {
    const of = call.owner === "none" ? undefined : "shared";
    expect(await statusOf(call, "acce55", of)).toBe(call.client === "no" ? 403 : 204);
    expect(await statusOf(call, "tru5ted", "user:anybody")).toBe(204);
    expect(await statusOf(call, undefined, of)).toBe(401);
    expect(await statusOf(call, "wrong", of)).toBe(401);
  });
});

describe("by whoever sends from this machine, before there is an owner", () => {
  const LASTING = /^(?:keys|owners|users):|^webhooks:manage$/u;
  const IN_OWN_NAME = ["actions:decide", "chat:use"];
  let open: Gateway;
  beforeAll(async () => {
    const identities = { ...testIdentities(), isManaged: async () => false };
    open = await createGateway({ ...quietGateway, routes: EXPECTED.map(standIn), identities });
  });
  afterAll(async () => await open.close());

  it.each(guarded)("%s", async (_name, call) => {
    const path = `${open.url}/try${call.path.replaceAll(/:\w+/gu, "x")}`;
    const status = async (of: string) =>
      (await fetch(`${path}?of=${of}`, { method: call.method === "WS" ? "GET" : call.method })).status;
    const isLasting = LASTING.test(call.permission);
    expect(await status("shared")).toBe(isLasting ? 403 : 204);
    if (call.owner === "none") return;
    const foreign = IN_OWN_NAME.includes(call.permission) ? 404 : 204;
    expect(await status("login:somebody-else")).toBe(isLasting ? 403 : foreign);
  });
});

describe("what is open", () => {
  const open = EXPECTED.filter(isOpen).map((call) => [nameOf(call), call] as const);
  it.each(open)("%s needs nothing", async (_name, call) => {
    expect(await statusOf(call, undefined)).toBe(204);
  });
});

it("tells the audit of each refusal for want of a right, with no word of what was sent", async () => {
  denials.length = 0;
  const train = EXPECTED.find(({ permission }) => permission === "trainings:start") ?? expect.fail();
  const history = EXPECTED.find(({ path }) => path === "/api/v1/chat/history") ?? expect.fail();
  await statusOf(train, "customer");
  await statusOf(history, "customer", "user:somebody-else");
  expect(denials).toMatchObject([
    { principal: "user:customer-1", permission: "trainings:start", reason: "no-grant" },
    { principal: "user:customer-1", permission: "conversations:read", reason: "foreign-object" },
  ]);
  expect(JSON.stringify(denials)).not.toContain("somebody-else");
});

it("a right for one bot is none for another", async () => {
  const route = { ...standIn(EXPECTED[0] ?? expect.fail()), path: "/of-bot", permission: "documents:read" } as const;
  const one = await createGateway({
    ...quietGateway,
    routes: [
      { ...route, bot: "harbour" },
      { ...route, path: "/of-other", bot: "other" },
      { ...route, path: "/of-all" },
      { ...route, path: "/of-asked", bot: ({ query }) => Query.parse(query).of },
    ],
    identities: testIdentities("harbour"),
    guests: false,
  });
  const ask = async (path: string): Promise<number> =>
    (await fetch(`${one.url}${path}`, { method: route.method, headers: { authorization: "Bearer auditor" } })).status;
  expect([await ask("/of-bot"), await ask("/of-other"), await ask("/of-all")]).toEqual([204, 403, 403]);
  const asked = [await ask("/of-asked?of=harbour"), await ask("/of-asked?of=other"), await ask("/of-asked")];
  expect(asked).toEqual([204, 403, 403]);
  await one.close();
});

it("a route without a permission does not compile, and is refused at start", async () => {
  const handle = async (): Promise<Response> => new Response(null, { status: 204 });
  // @ts-expect-error It names no permission. An adapter in JavaScript may bring it all the same.
  const forgotten: HttpRoute = { method: "GET", path: "/forgotten", summary: "Forgotten", handle };
  const refused = { code: "gateway/route-without-permission", message: expect.stringContaining("GET /forgotten") };
  await expect(createGateway({ ...quietGateway, routes: [forgotten] })).rejects.toMatchObject(refused);
});

const Document = z.looseObject({
  paths: z.record(
    z.string(),
    z.record(z.string(), z.looseObject({ "x-parley-permission": z.string(), "x-parley-owned": z.boolean() })),
  ),
});

it("the product's calls ask for what is written down, and there are no others", async () => {
  const folder = mkdtempSync(join(tmpdir(), "parley-access-"));
  const accounts = bank();
  const tools = [
    accounts,
    documents({ directory: join(packageDirectory(), "samples/bank/documents") }),
    recommend({ profileOf: accounts.profileOf, capture: "on" }),
  ];
  const exported = {
    bots: { harbour: { name: "Harbour", accounts: [web()], crew: crew({ model: "offline" }), tools } },
    gateway: { port: 0 },
    log: { level: "silent" },
  };
  const config = validateConfig(exported, "bots.config.ts", {
    environment: { PARLEY_DATA: folder },
    readFile: () => expect.fail("no file is read"),
  });
  const loaded = { config, file: "bots.config.ts", directory: packageDirectory() };
  const runtime = await startRuntime(loaded, { roles: new Set(["adapters", "workers", "gateway"]) });
  const { paths } = Document.parse(await (await fetch(`${runtime.url ?? ""}/openapi.json`)).json());
  await runtime.close();
  const found = Object.entries(paths)
    .filter(([path]) => !path.startsWith("/api/v1/bots/"))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, one]) => ({
        call: `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/gu, ":$1")}`,
        permission: one["x-parley-permission"],
        owned: one["x-parley-owned"],
      })),
    );
  const wanted = EXPECTED.filter(({ method, path }) => method !== "WS" && !HIDDEN.test(path)).map((call) => ({
    call: nameOf(call),
    permission: call.permission,
    owned: call.owner !== "none",
  }));
  const byCall = (one: { readonly call: string }, other: { readonly call: string }): number =>
    one.call < other.call ? -1 : 1;
  expect(found.toSorted(byCall)).toEqual(wanted.toSorted(byCall));
});
