/** nginx and Caddy, really run by the configuration of docs/deployment.md, in front of a whole installation. */
import { connect as connectHttp2 } from "node:http2";
import { request as httpsRequest } from "node:https";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import type { HttpRoute } from "../../core/http.ts";
import { createGateway } from "../../gateway/index.ts";
import { type Installation, NAME, startInstallation } from "../security/installation.ts";
import { type Answered, send, type Sent } from "../support/identity-server.ts";
import { PASSWORD } from "../support/test-identity.ts";
import { quietGateway } from "../support/web-chat.ts";
import { openSocket } from "../support/web-socket.ts";
import { hasProxy, startTlsProxy, type TlsProxy } from "./tls-proxy.ts";

const ORIGIN = `https://${NAME}`;
const BROWSER = { host: NAME, origin: ORIGIN, "sec-fetch-site": "same-origin" };
const Alerts = z.object({ alerts: z.array(z.object({ kind: z.string(), userId: z.string().optional() })) });
const Ticket = z.object({ ticket: z.string() });
const Chat = z.object({ sessionId: z.string() });

interface Login {
  readonly headers?: Readonly<Record<string, string>>;
  /** The address that is really called from. */
  readonly from?: string;
  readonly password?: string;
}

/** Addresses that are all this machine's, of networks that count apart. */
const CALLERS = {
  nginx: { home: "127.0.2.7", elsewhere: "127.0.3.7", guesser: "127.0.4.7" },
  caddy: { home: "127.0.5.7", elsewhere: "127.0.6.7", guesser: "127.0.7.7" },
} as const;

let installation: Installation;
beforeAll(async () => {
  installation = await startInstallation();
}, 120_000);
afterAll(async () => await installation.close());

for (const kind of ["nginx", "caddy"] as const)
  describe.skipIf(!hasProxy(kind))(`behind ${kind} as documented (${kind} is needed, and skipped without)`, () => {
    const { home, elsewhere, guesser } = CALLERS[kind];
    let proxy: TlsProxy;
    let people = 0;

    beforeAll(async () => {
      proxy = await startTlsProxy(kind, installation.url);
    });
    afterAll(async () => await proxy.close());

    /** As a browser at that address calls. */
    const call = async (path: string, sent: Sent = {}, from: string = home): Promise<Answered> =>
      await send(proxy.url, path, {
        ...sent,
        headers: { ...BROWSER, ...sent.headers },
        connection: { ca: proxy.certificate, servername: NAME, localAddress: from },
      });
    const logIn = async (
      login: string,
      { headers = {}, from = home, password = PASSWORD }: Login = {},
    ): Promise<Answered> =>
      await call("/api/v1/auth/login", { body: { login, password, cookies: true }, headers }, from);
    /** Somebody whom the owner made a user, and who never logged in. */
    const newLogin = async () => {
      people += 1;
      const login = `${kind}-${people}`;
      const made = await installation.call("/api/v1/users", {
        bearer: installation.owner.bearer,
        body: { login, name: login, roles: [{ bot: "harbour", role: "customer" }] },
      });
      const { user, link } = z
        .object({ user: z.object({ id: z.string() }), link: z.object({ secret: z.string() }) })
        .parse(made.body);
      const set = await installation.call("/api/v1/auth/password", {
        body: { secret: link.secret, password: PASSWORD },
      });
      expect(set.status).toBeLessThan(300);
      return { login, userId: user.id };
    };

    it("a login by https sets cookies of this host alone, and they are good", async () => {
      const { login } = await newLogin();
      const { status, headers, cookies } = await logIn(login);
      expect(status).toBe(200);
      expect([...cookies.keys()]).toEqual(["__Host-parley_session", "__Host-parley_refresh", "__Host-parley_login"]);
      expect(headers["set-cookie"]).toEqual(expect.arrayContaining([expect.stringMatching(/Secure; HttpOnly/u)]));
      expect(headers["strict-transport-security"]).toBe("max-age=31536000");
      expect(await call("/api/v1/me", { cookies })).toMatchObject({ status: 200 });
      const renamed = await call("/api/v1/me", { method: "PATCH", body: { name: "R" }, cookies });
      expect(renamed.status).toBe(200);
    });

    it("browsers speak HTTP/2, and their cookies in several fields are read", async () => {
      const { login } = await newLogin();
      const { cookies } = await logIn(login);
      const session = connectHttp2(proxy.url, { ca: proxy.certificate, servername: NAME });
      onTestFinished(() => session.close());
      const fields = [...cookies].map(([name, value]) => `${name}=${value}`);
      const request = session.request({ ":path": "/api/v1/me", ":authority": NAME, cookie: fields });
      const status = await new Promise((resolve, reject) => {
        request.on("response", (headers) => resolve(headers[":status"]));
        request.on("error", reject);
      });
      expect(session.alpnProtocol).toBe("h2");
      expect(status).toBe(200);
    });

    it("plain HTTP is sent on to https; a login that is handed on by it is refused, with the reason", async () => {
      const { login } = await newLogin();
      const moved = await send(proxy.redirecting, "/chat?a=b", { headers: { host: NAME } });
      expect(moved.headers["location"]).toBe(`${ORIGIN}/chat?a=b`);
      expect([301, 308]).toContain(moved.status);
      const plain = { host: NAME, origin: `http://${NAME}`, "sec-fetch-site": "same-origin" };
      for (const forged of [{}, { "x-forwarded-proto": "https" }]) {
        const answer = await send(proxy.plain, "/api/v1/auth/login", {
          body: { login, password: PASSWORD, cookies: true },
          headers: { ...plain, ...forged },
        });
        const detail = expect.stringMatching(/called by plain HTTP: call it by https/u);
        expect(answer).toMatchObject({ status: 403, body: { code: "identity/plain-http", detail } });
        expect(answer.cookies.size).toBe(0);
      }
    });

    it("guesses are counted by the real address, whatever the caller writes", async () => {
      const { login } = await newLogin();
      const guess = async (turn: number): Promise<number> => {
        const forged = { "x-forwarded-for": `203.0.113.${turn}`, forwarded: `for=203.0.113.${turn}` };
        return (await logIn(login, { headers: forged, from: guesser, password: "wrong" })).status;
      };
      const statuses: number[] = [];
      for (let turn = 1; turn <= 6; turn += 1) statuses.push(await guess(turn));
      expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
      expect((await logIn(login, { from: guesser })).status).toBe(429);
      // Somebody else behind the same proxy is not held up by it, nor locked out by writing that address.
      expect((await logIn(login, { headers: { "x-forwarded-for": guesser } })).status).toBe(200);
    });

    it("the alerts see the real address: a new place is one that somebody really called from", async () => {
      const { login, userId } = await newLogin();
      const places = async (): Promise<number> => {
        const { body } = await installation.call("/api/v1/alerts", { bearer: installation.owner.bearer });
        return Alerts.parse(body).alerts.filter((one) => one.kind === "new-place" && one.userId === userId).length;
      };
      expect((await logIn(login)).status).toBe(200);
      expect((await logIn(login, { headers: { "x-forwarded-for": "198.51.100.9" } })).status).toBe(200);
      expect(await places()).toBe(0);
      expect((await logIn(login, { headers: { "x-forwarded-for": home }, from: elsewhere })).status).toBe(200);
      expect(await places()).toBe(1);
    });

    it("the chat's socket opens with a ticket, once, and is answered", async () => {
      const { cookies } = await logIn((await newLogin()).login);
      const begun = await call("/api/v1/chat?wait=0", { cookies, body: { text: "hello" } });
      const { sessionId } = Chat.parse(begun.body);
      const { body } = await call("/api/v1/tickets", { cookies, body: { path: "/api/v1/chat/stream" } });
      const query = { sessionId, ticket: Ticket.parse(body).ticket };
      const connection = { ca: proxy.certificate, servername: NAME };
      const open = async () => await openSocket(proxy.url, query, { host: NAME, origin: ORIGIN }, connection);
      const socket = await open();
      onTestFinished(socket.close);
      await socket.until(({ type }) => type === "session");
      const before = socket.frames.length;
      socket.send({ type: "message", messageId: "m1", text: "hello again" });
      await socket.until((frame) => frame.type === "reply" && socket.frames.indexOf(frame) >= before);
      await expect(open()).rejects.toThrow(/401/u);
    });

    it("calls by another name and from pages of others are refused", async () => {
      const { login } = await newLogin();
      const other = await logIn(login, { headers: { host: "other.example.com" } });
      // Caddy itself answers to no other name.
      if (kind === "nginx") expect(other).toMatchObject({ status: 421, body: { code: "gateway/unknown-host" } });
      else expect(other).toMatchObject({ body: undefined });
      expect(other.cookies.size).toBe(0);
      const foreign = await logIn(login, {
        headers: { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
      });
      expect(foreign).toMatchObject({ status: 403, body: { code: "gateway/foreign-origin" } });
      expect(await logIn(login, { headers: { "sec-fetch-site": "cross-site" } })).toMatchObject({
        status: 403,
        body: { code: "gateway/cross-site" },
      });
    });

    it("the proxy names each request, and its name is in the answer", async () => {
      const idOf = async () =>
        (await call("/api/v1/me", { headers: { "x-request-id": "forged" } })).headers["x-request-id"];
      const ids = [await idOf(), await idOf()];
      expect(new Set(ids).size).toBe(2);
      // nginx writes 32 digits, Caddy a UUID of random.
      const pattern =
        kind === "nginx" ? /^[\da-f]{32}$/u : /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/u;
      for (const id of ids) expect(id).toMatch(pattern);
    });

    it("a stream is handed on as it comes: its second event is written when the first has arrived", async () => {
      let haveArrived = (): void => undefined;
      const arrived = new Promise<void>((resolve) => (haveArrived = resolve));
      const gateway = await createGateway({
        ...quietGateway,
        hosts: [NAME],
        trustedProxies: 1,
        routes: [streaming(arrived)],
      });
      const front = await startTlsProxy(kind, gateway.url);
      onTestFinished(async () => {
        await front.close();
        await gateway.close({ drainMs: 0 });
      });
      const options = { ca: front.certificate, servername: NAME, headers: { host: NAME } };
      const text = await new Promise((resolve, reject) => {
        let read = "";
        const request = httpsRequest(`${front.url}/api/v1/streaming`, options, (response) => {
          response.on("data", (chunk: Buffer) => {
            read += chunk.toString();
            if (read.includes("first")) haveArrived();
          });
          response.on("end", () => resolve(read));
        });
        request.on("error", reject).end();
      });
      expect(text).toBe("data: first\n\ndata: second\n\n");
    });
  });

function streaming(firstArrived: Promise<void>): HttpRoute {
  async function* events(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("data: first\n\n");
    await firstArrived;
    yield Buffer.from("data: second\n\n");
  }
  return {
    method: "GET",
    path: "/api/v1/streaming",
    summary: "Two events",
    permission: "public",
    handle: async () =>
      new Response(ReadableStream.from(events()), { headers: { "content-type": "text/event-stream" } }),
  };
}
