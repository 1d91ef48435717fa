import { once } from "node:events";
import { createServer as createHttpsServer } from "node:https";
import { createServer, type Server } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { selfSignedCertificate } from "../../adapters/whatsapp/testing/web/certificate.ts";
import { Secret } from "../../core/config/secret.ts";
import type { Resolve } from "../../core/network/lookup.ts";
import { createNetwork, directNetwork } from "../../core/network/network.ts";
import { countingProxy } from "../../test/support/counting-proxy.ts";
import { webhookReceiver } from "../../test/support/webhook-receiver.ts";
import { checkDestination, type DestinationRules } from "./destination.ts";
import { createPost, type PostOptions } from "./post.ts";

const NOW = Date.parse("2026-12-01T12:00:00Z");
const at = (address: string) => ({ address, family: address.includes(":") ? 6 : 4 });
/** A resolver that gives the next answer at each call, the last one from then on. */
function resolver(...answers: readonly (readonly string[])[]): { readonly resolve: Resolve; readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    resolve: async (host) => {
      asked.push(host);
      const found = answers[Math.min(asked.length, answers.length) - 1] ?? [];
      if (found.length === 0) throw new Error("ENOTFOUND");
      return found.map(at);
    },
  };
}
const postBy = (given: Partial<PostOptions>) =>
  createPost({ rules: { internalHosts: ["127.0.0.1"] }, network: directNetwork, clock: () => NOW, ...given });
const call = (url: string) => ({
  url,
  headers: { "webhook-id": "msg_1", "content-type": "application/json" },
  body: '{"ö":1}',
});
async function portOf(server: Server): Promise<number> {
  if (!server.listening) await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port was found.");
  return address.port;
}
const NOT_FOUND = expect.stringMatching(
  /its host is not found on the public internet .* gateway\.webhooks\.internalHosts/u,
);

describe("where webhooks may go", () => {
  const check = async (address: string, rules: DestinationRules = {}, ...answers: readonly (readonly string[])[]) =>
    await checkDestination(address, rules, resolver(...(answers.length === 0 ? [["93.184.215.14"]] : answers)).resolve);
  const refused = { code: "webhook/address" };

  it.each([
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://017700000001/",
    "http://0.0.0.0/",
    "http://10.0.0.1/",
    "http://172.16.3.4/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[::ffff:8.8.8.8]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[2002:7f00:1::]/",
    "http://[fe80::1]/",
    "http://[fd00:ec2::254]/",
    "http://[ff02::1]/",
    "https://user:word@hooks.example/",
    "https://hooks.example./",
    "https://hooks.example/#part",
    "ftp://hooks.example/",
    "file:///etc/passwd",
    "gopher://hooks.example/",
    "javascript:alert(1)",
    "//hooks.example/",
    "no address",
  ])("not %s", async (address) => {
    await expect(check(address)).rejects.toMatchObject(refused);
  });

  it.each([
    "127.0.0.1",
    "10.1.2.3",
    "169.254.169.254",
    "100.64.1.1",
    "::1",
    "fe80::1",
    "fd12::1",
    "::ffff:10.0.0.1",
    "0.0.0.0",
  ])("not to a name that stands for %s, alone or beside a public address", async (address) => {
    await expect(check("https://hooks.example/", {}, [address])).rejects.toMatchObject(refused);
    await expect(check("https://hooks.example/", {}, ["93.184.215.14", address])).rejects.toMatchObject(refused);
  });

  it("says the same of a private host and of one that is not there: nobody learns the names of the own network", async () => {
    const messageOf = async (...answers: readonly (readonly string[])[]): Promise<unknown> =>
      await check("https://db.internal/", {}, ...answers).catch(
        (thrown: unknown) => thrown instanceof Error && thrown.message,
      );
    expect(await messageOf(["10.0.0.5"])).toBe(await messageOf([]));
  });

  it("to public hosts, with what their names stand for", async () => {
    const { url, addresses } = await check("https://hooks.example:8443/a?b=c", {}, [
      "93.184.215.14",
      "2606:4700::1111",
    ]);
    expect(url.href).toBe("https://hooks.example:8443/a?b=c");
    expect(addresses).toEqual([at("93.184.215.14"), at("2606:4700::1111")]);
  });

  it("only to listed hosts where there is a list", async () => {
    const rules = { allowedHosts: ["hooks.example", "*.crm.example", "port.example:8443"] };
    for (const address of [
      "https://hooks.example/",
      "http://hooks.example:81/",
      "https://a.b.crm.example/",
      "https://port.example:8443/",
    ])
      expect((await check(address, rules)).url.href).toBe(address);
    for (const address of [
      "https://other.example/",
      "https://crm.example/",
      "https://evilcrm.example/",
      "https://port.example/",
      "https://hooks.example.evil/",
    ])
      await expect(check(address, rules)).rejects.toMatchObject(refused);
  });

  it("to named hosts of the own network, but never where clouds give credentials", async () => {
    const rules = { internalHosts: ["crm.internal", "[::1]:9000"] };
    for (const address of ["10.0.0.5", "192.168.0.9", "127.0.0.1", "fd12::1"])
      expect((await check("http://crm.internal/", rules, [address])).addresses).toEqual([at(address)]);
    for (const address of ["169.254.169.254", "fd00:ec2::254", "100.100.100.200", "fe80::1", "0.0.0.0", "224.0.0.1"])
      await expect(check("http://crm.internal/", rules, [address])).rejects.toMatchObject(refused);
    expect((await check("http://[::1]:9000/", rules)).addresses).toEqual([at("::1")]);
    await expect(check("http://[::1]:9001/", rules)).rejects.toMatchObject(refused);
    await expect(check("http://other.internal/", rules, ["10.0.0.5"])).rejects.toMatchObject(refused);
  });
});

describe("a call", () => {
  it("posts the body as it was signed", async () => {
    const receiver = await webhookReceiver();
    expect(await postBy({})(call(`${receiver.url}?a=b`))).toEqual({
      status: 204,
      error: undefined,
      retryAfterMs: undefined,
    });
    expect(receiver.got).toMatchObject([{ method: "POST", path: "/hooks?a=b", body: '{"ö":1}' }]);
    expect(receiver.got[0]?.headers).toMatchObject({
      host: `127.0.0.1:${receiver.port}`,
      "content-length": "8",
      "webhook-id": "msg_1",
    });
  });

  it("follows no redirect", async () => {
    const other = await webhookReceiver();
    const receiver = await webhookReceiver([307, { location: other.url }]);
    expect(await postBy({})(call(receiver.url))).toMatchObject({
      status: 307,
      error: expect.stringContaining("not followed"),
    });
    expect([receiver.got.length, other.got.length]).toEqual([1, 0]);
  });

  it.each([
    ["120", 120_000],
    ["Tue, 01 Dec 2026 12:01:00 GMT", 60_000],
    ["999999999", 86_400_000],
    ["Tue, 01 Dec 2020 12:00:00 GMT", undefined],
    ["soon", undefined],
    ["-5", undefined],
  ])("reads Retry-After: %s", async (header, retryAfterMs) => {
    const receiver = await webhookReceiver([503, { "retry-after": header }]);
    expect(await postBy({})(call(receiver.url))).toEqual({ status: 503, error: "answered 503", retryAfterMs });
  });

  it("gives up on a receiver that hangs, and on a name that is never resolved", async () => {
    const receiver = await webhookReceiver(() => undefined);
    const post = postBy({ timeoutMs: 200 });
    expect(await post(call(receiver.url))).toMatchObject({ status: undefined, error: "no answer within 200 ms" });
    const stuck = postBy({ timeoutMs: 200, resolve: async () => await new Promise(() => undefined) });
    expect(await stuck(call("https://hooks.example/"))).toMatchObject({ error: "no answer within 200 ms" });
  });

  it("counts a 2xx whose answer never ends, breaks off or is endless as arrived", async () => {
    const receiver = await webhookReceiver();
    receiver.reactions.next.push(
      (response) => void response.writeHead(200).write("…"),
      (response) => void response.writeHead(200, { "content-length": "9" }).write("…", () => response.destroy()),
      (response) => {
        response.writeHead(200).on("error", () => undefined);
        const pour = (): void =>
          void (response.destroyed || response.write(Buffer.alloc(16_384), () => setImmediate(pour)));
        pour();
      },
    );
    for (let count = 0; count < 3; count += 1)
      expect(await postBy({})(call(receiver.url))).toMatchObject({ status: 200, error: undefined });
  });

  it("says of a broken connection only its code, and nothing of what is no HTTP", async () => {
    const gone = await webhookReceiver();
    await gone.stop();
    expect(await postBy({})(call(gone.url))).toEqual({
      status: undefined,
      error: "ECONNREFUSED",
      retryAfterMs: undefined,
    });
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.end("SECRET of another service\r\n");
    });
    const { error } = await postBy({})(call(`http://127.0.0.1:${await portOf(server)}/`));
    expect(error).toMatch(/^HPE_/u);
  });
});

describe("DNS rebinding", () => {
  it("looks a name up once, and connects to what was checked", async () => {
    const receiver = await webhookReceiver();
    const { resolve, asked } = resolver(["127.0.0.1"], ["10.255.255.1"]);
    const post = postBy({ resolve, rules: { internalHosts: ["hooks.test"] } });
    expect(await post(call(`http://hooks.test:${receiver.port}/`))).toMatchObject({ status: 204 });
    expect(asked).toEqual(["hooks.test"]);
    expect(receiver.got[0]?.headers.host).toBe(`hooks.test:${receiver.port}`);
  });

  it("checks anew at each call: a name that was public and turns to this machine reaches nothing", async () => {
    const receiver = await webhookReceiver();
    const { resolve, asked } = resolver(["93.184.215.14"], ["127.0.0.1"], ["93.184.215.14", "127.0.0.1"]);
    const url = `http://hooks.example:${receiver.port}/`;
    await checkDestination(url, {}, resolve);
    const post = postBy({ resolve, rules: {} });
    expect(await post(call(url))).toMatchObject({ status: undefined, error: NOT_FOUND });
    expect(await post(call(url))).toMatchObject({ status: undefined, error: NOT_FOUND });
    expect([asked.length, receiver.got.length]).toEqual([3, 0]);
  });
});

describe("behind a proxy", () => {
  const through = async (url: string) =>
    await createNetwork({ http: new Secret(url, "test"), https: new Secret(url, "test"), direct: [] });

  it("asks the proxy for the address that was checked, and keeps the name in the call", async () => {
    const receiver = await webhookReceiver();
    const proxy = await countingProxy({ ports: { "93.184.215.14:80": receiver.port } });
    const { resolve, asked } = resolver(["93.184.215.14"], ["127.0.0.1"]);
    const post = postBy({ resolve, rules: {}, network: await through(proxy.url) });
    expect(await post(call("http://hooks.example/a"))).toMatchObject({ status: 204 });
    expect([asked, proxy.seen]).toEqual([["hooks.example"], ["93.184.215.14:80"]]);
    expect(receiver.got).toMatchObject([{ path: "/a", headers: { host: "hooks.example" } }]);
  });

  it("asks it for nothing that is private, or that this machine cannot look up", async () => {
    const proxy = await countingProxy();
    const network = await through(proxy.url);
    for (const answers of [["10.0.0.1"], ["169.254.169.254"], []])
      expect(
        await postBy({ resolve: resolver(answers).resolve, rules: {}, network })(call("http://hooks.example/")),
      ).toMatchObject({
        error: NOT_FOUND,
      });
    expect(await postBy({ rules: {}, network })(call("http://169.254.169.254/"))).toMatchObject({ error: NOT_FOUND });
    expect(proxy.seen).toEqual([]);
  });
});

describe("over TLS", () => {
  it("asks for the certificate of the name, also through a proxy, and sends nothing to who has none that is trusted", async () => {
    const names: string[] = [];
    let requests = 0;
    const { key, cert } = selfSignedCertificate("hooks.example", Date.now());
    const SNICallback = (name: string, done: (error: null) => void): void => {
      names.push(name);
      done(null);
    };
    const server = createHttpsServer({ key, cert, SNICallback }, (_request, response) => {
      requests += 1;
      response.end();
    });
    const port = await portOf(server);
    const proxy = await countingProxy({ ports: { "93.184.215.14:443": port } });
    const network = await createNetwork({ https: new Secret(proxy.url, "test"), direct: [] });
    const untrusted = { status: undefined, error: "DEPTH_ZERO_SELF_SIGNED_CERT" };
    const proxied = postBy({ resolve: resolver(["93.184.215.14"]).resolve, rules: {}, network });
    expect(await proxied(call("https://hooks.example/"))).toMatchObject(untrusted);
    const direct = postBy({ resolve: resolver(["127.0.0.1"]).resolve, rules: { internalHosts: ["hooks.example"] } });
    expect(await direct(call(`https://hooks.example:${port}/`))).toMatchObject(untrusted);
    expect([names, requests, proxy.seen]).toEqual([["hooks.example", "hooks.example"], 0, ["93.184.215.14:443"]]);
  });
});
