/** What is done to every call alike: more fields than it asks for, the cookie of somebody from a foreign page, forged headers. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import type { Answered } from "../support/identity-server.ts";
import { type DescribedCall, describedCalls, refusalOf, requestFor, type Target, targetOf } from "./described-calls.ts";
import { everywhere, type Installation, NAME, type Person, startInstallation } from "./installation.ts";

let installation: Installation;
let calls: readonly DescribedCall[];
let admin: Person;
let target: Target;

beforeAll(async () => {
  installation = await startInstallation();
  calls = await describedCalls(installation);
  admin = await installation.person("admin", everywhere("admin"));
  target = await targetOf(installation, { bearer: admin.bearer, person: admin }, "mine");
});
afterAll(async () => await installation.close());

const nameOf = ({ method, path }: DescribedCall): string => `${method} ${path}`;
const changing = (): readonly DescribedCall[] => calls.filter(({ method }) => method !== "GET");

/** What an attacker would like to be taken over with the rest. */
const FOREIGN = {
  id: "01K2V8Q6Z9",
  role: "owner",
  owner: true,
  isAdmin: true,
  grants: [{ bot: "*", role: "owner" }],
  passwordHash: "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
  disabledAt: null,
  createdAt: "2020-01-01T00:00:00.000Z",
  mayNameUsers: true,
  credential: "session:x",
  status: "executed",
} as const;
/** A role is what giving one is about. */
const ASKED = new Set(["POST /api/v1/users/{id}/roles role"]);

it("no body takes a field that it does not ask for", async () => {
  const taken: string[] = [];
  let tries = 0;
  for (const call of changing().filter(({ operation }) => operation.requestBody?.content["application/json"])) {
    const { path, sent } = requestFor(call, target);
    for (const [name, value] of Object.entries(FOREIGN).filter(([one]) => !ASKED.has(`${nameOf(call)} ${one}`))) {
      const body = { ...z.record(z.string(), z.unknown()).parse(sent.body), [name]: value };
      const answer = await installation.call(path, { ...sent, body, bearer: installation.owner.bearer });
      tries += 1;
      const { status } = answer;
      if (status !== 400 || !JSON.stringify(answer.body).includes(name))
        taken.push(`${nameOf(call)} takes ${name}: ${status}`);
    }
  }
  expect(taken).toEqual([]);
  process.stdout.write(`mass assignment: ${tries} tries, ${taken.length} taken\n`);
});

it.each(["__proto__", "constructor"])("no body takes %s", async (name) => {
  const body = `{"text":"hello","${name}":{"prototype":{"isAdmin":true}}}`;
  expect((await installation.call("/api/v1/chat", { body })).status).toBe(400);
  expect(Reflect.get({}, "isAdmin")).toBeUndefined();
});

/** Who is logged in by a cookie, as the browser sends it along whoever asks. */
const signedIn = (): Readonly<Record<string, string>> => ({ cookie: `__Host-parley_session=${admin.bearer}` });

/** As browsers call for another site's page: by a form, by fetch, by a link of a sister domain. */
const FOREIGN_PAGES: readonly Readonly<Record<string, string>>[] = [
  {},
  { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
  { origin: "null", "sec-fetch-site": "cross-site" },
  { origin: `https://${NAME}.evil.example`, "sec-fetch-site": "cross-site" },
  { origin: "https://sister.example.com", "sec-fetch-site": "same-site" },
  { origin: `https://${NAME}`, "sec-fetch-site": "cross-site" },
  { origin: `https://${NAME}:8443`, "sec-fetch-site": "same-site" },
  { "sec-fetch-site": "same-origin" },
];

it("nothing changes by the cookie of somebody whom a foreign page makes call", async () => {
  const done: string[] = [];
  let tries = 0;
  const asked = changing().filter(({ expected }) => expected?.permission !== "public");
  for (const call of asked) {
    const { path, sent } = requestFor(call, target);
    for (const from of FOREIGN_PAGES) {
      const answer = await installation.call(path, { ...sent, headers: { ...signedIn(), ...from } });
      tries += 1;
      if (refusalOf(answer) === undefined) done.push(`${nameOf(call)} from ${JSON.stringify(from)}: ${answer.status}`);
    }
  }
  expect(done).toEqual([]);
  process.stdout.write(`cross-site: ${tries} tries, ${done.length} let in\n`);
  // The cookie itself is good: from a page of this server it counts.
  const own = { ...signedIn(), origin: `https://${NAME}`, "sec-fetch-site": "same-origin" };
  expect((await installation.call("/api/v1/me", { method: "PATCH", body: { name: "A" }, headers: own })).status).toBe(
    200,
  );
});

it("no foreign page logs a browser in, nor takes its refresh token", async () => {
  const login = { login: "owner-0", password: "copper lantern drifts north", cookies: true };
  for (const headers of FOREIGN_PAGES) {
    expect(refusalOf(await installation.call("/api/v1/auth/login", { body: login, headers }))).toMatch(
      /cross-site|foreign-origin/u,
    );
    const refresh = { body: {}, headers: { ...headers, cookie: `__Host-parley_refresh=${admin.refresh}` } };
    expect(refusalOf(await installation.call("/api/v1/auth/refresh", refresh))).toMatch(/cross-site|foreign-origin/u);
  }
});

it("no page of another origin reads an answer, nor is told that it may", async () => {
  for (const call of calls) {
    const { path, sent } = requestFor(call, target);
    const headers = { origin: "https://evil.example" };
    const asking = {
      ...headers,
      "access-control-request-method": call.method,
      "access-control-request-headers": "authorization",
    };
    const answers = [
      await installation.call(path, { ...sent, bearer: admin.bearer, headers }),
      await installation.call(path, { method: "OPTIONS", headers: asking }),
    ];
    for (const answer of answers) expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
    if (!path.startsWith("/health/")) expect(refusalOf(first(answers))).toBe("gateway/foreign-origin");
  }
});

const first = ([one]: readonly Answered[]): Answered => one ?? expect.fail("no answer");

it("every answer says that no other site may show it in a frame, or guess its type", async () => {
  const pages = ["/", "/docs", "/account/password", "/documents/harbour/none", "/nothing"];
  const paths = [
    ...pages,
    ...calls.filter(({ method }) => method === "GET").map((call) => requestFor(call, target).path),
  ];
  for (const path of paths) {
    const { headers } = await installation.call(path, { bearer: admin.bearer });
    expect([path, headers["content-security-policy"]]).toEqual([
      path,
      expect.stringMatching(/frame-ancestors '(?:self|none)'/u),
    ]);
    const { "x-frame-options": frames, "x-content-type-options": types, "referrer-policy": referrer } = headers;
    expect([path, frames, types, referrer]).toEqual([path, "SAMEORIGIN", "nosniff", "no-referrer"]);
  }
});

const HOSTS = [
  "evil.example",
  `${NAME}.evil.example`,
  `evil.example#${NAME}`,
  `${NAME}@evil.example`,
  "169.254.169.254",
  "localhost.evil.example",
];

it("no call is answered under a name that is not this server's, whoever says it", async () => {
  for (const host of HOSTS) {
    const answer = await installation.call("/api/v1/chat/history?sessionId=x", { headers: { host } });
    expect([host, answer.status]).toEqual([
      host,
      expect.toSatisfy((status: number) => status === 400 || status === 421),
    ]);
  }
  // What a proxy does not overwrite counts for nothing: links and redirects bear the configured name.
  for (const name of [
    "x-forwarded-host",
    "forwarded",
    "x-original-host",
    "x-host",
    "x-rewrite-url",
    "x-original-url",
  ]) {
    const headers = { [name]: name === "forwarded" ? "host=evil.example" : "evil.example" };
    const answer = await installation.call("/api/v1/auth/openid", { headers });
    expect(JSON.stringify([answer.body, answer.headers])).not.toContain("evil.example");
  }
});

/** Ways to write a path so that it leads out of its folder, or past a rule on its beginning. */
const OUT = [
  "..%2f..%2fpackage.json",
  "%2e%2e%2f%2e%2e%2fpackage.json",
  "..%5c..%5cpackage.json",
  "....//package.json",
  "%252e%252e%252fpackage.json",
  "/etc/passwd",
  "%00",
  "..%c0%af..%c0%afpackage.json",
  "%2fetc%2fpasswd",
];

it("no address leads out of the folder that it is of", async () => {
  const folders = ["/assets/1/", "/docs/assets/1/", "/account/", "/documents/harbour/", "/api/v1/chat/files/", "/"];
  for (const folder of folders)
    for (const way of OUT) {
      const { status, body } = await installation.call(`${folder}${way}`, { bearer: admin.bearer });
      expect([folder, way, status]).toEqual([folder, way, expect.toSatisfy((one: number) => one >= 400 && one < 500)]);
      expect(JSON.stringify(body)).not.toMatch(/root:|"parleyjs"/u);
    }
});

it("no spelling of an address opens what it is not written for", async () => {
  const spellings = [
    "/api/v1//users",
    "/api/v1/./users",
    "/api/v1/x/../users",
    "/API/V1/USERS",
    "/api/v1/users/",
    "/api/v1/users;x=1",
    "/api/v1/users%20",
    "/api/v1/%75sers",
    "//api/v1/users",
  ];
  for (const path of spellings) {
    const { status, body } = await installation.call(path);
    expect([path, status]).toEqual([path, expect.toSatisfy((one: number) => one >= 400 && one < 500)]);
    expect(JSON.stringify(body)).not.toContain("owner-0");
  }
  for (const name of ["x-http-method-override", "x-http-method", "x-method-override"]) {
    const headers = { [name]: "DELETE" };
    expect((await installation.call(`/api/v1/users/${admin.userId}`, { bearer: admin.bearer, headers })).status).toBe(
      200,
    );
    expect(
      (await installation.call(`/api/v1/users/${admin.userId}?_method=DELETE`, { bearer: admin.bearer })).status,
    ).toBe(200);
  }
});
