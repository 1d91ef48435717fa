import { type IncomingHttpHeaders, type RequestListener, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type GuardedFetchOptions, guardedFetch } from "./guarded-fetch.ts";
import { isPublicAddress } from "./public-address.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A local server; gives its port and the headers of the requests it got. */
async function serve(listener: RequestListener): Promise<{ port: number; got: IncomingHttpHeaders[] }> {
  const got: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    got.push(request.headers);
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address: AddressInfo | string | null = server.address();
  return { port: typeof address === "object" && address !== null ? address.port : 0, got };
}

const options = (fields: Partial<GuardedFetchOptions> = {}): GuardedFetchOptions => ({
  allowedHosts: ["127.0.0.1", "localhost"],
  allowLoopback: true,
  maxBytes: 1_000,
  signal: new AbortController().signal,
  ...fields,
});

async function text(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts).toString();
}

const refused = { code: "attachment/host-not-allowed" };

describe("addresses", () => {
  it.each([
    "127.0.0.1",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:10.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:a00:1",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "2002:a00:1::",
    "2001:0:1::",
    "2001:db8::1",
    "fd00::1",
    "fe80::1",
    "fe80::1%eth0",
    "ff02::1",
    "not an address",
  ])("%s is not public", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450:4001::1"])(
    "%s is public",
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );
});

describe("guardedFetch", () => {
  it.each([
    "http://cdn.example.com/a",
    "https://evil.example.com/a",
    "https://cdn.example.com.evil.com/a",
    "https://cdn.example.com./a",
    "https://user:pass@cdn.example.com/a",
    "https://cdn.example.com@evil.com/a",
    "https://cdn.example.com:8443/a",
    "https://127.0.0.1/a",
    "https://[::1]/a",
    "https://[::ffff:10.0.0.1]/a",
    "https://0x7f000001/a",
    "https://2130706433/a",
    "https://017700000001/a",
    "https://169.254.169.254/latest/meta-data",
    "file:///etc/passwd",
    "gopher://cdn.example.com/",
    "data:text/plain,hello",
    "//cdn.example.com/a",
    "not a url",
  ])("refuses %s", async (address) => {
    const looked: string[] = [];
    const lookup = async (hostname: string) => {
      looked.push(hostname);
      return [];
    };
    const strict = options({ allowedHosts: ["cdn.example.com"], allowLoopback: false, lookup });
    await expect(guardedFetch(address, strict)).rejects.toMatchObject(refused);
    expect(looked).toEqual([]);
  });

  it.each([
    "0x7f000001",
    "2130706433",
    "0177.0.0.1",
    "127.1",
    "[::ffff:7f00:1]",
    "[64:ff9b::7f00:1]",
    "169.254.169.254",
  ])("refuses the address %s even where it is on the list", async (host) => {
    const { hostname } = new URL(`https://${host}/`);
    const strict = options({ allowedHosts: [hostname], allowLoopback: false });
    await expect(guardedFetch(`https://${host}/`, strict)).rejects.toMatchObject(refused);
  });

  it.each([
    ["a private address", ["10.0.0.1"]],
    ["the metadata service", ["169.254.169.254"]],
    ["a mapped address", ["::ffff:10.0.0.1"]],
    ["a NAT64 address", ["64:ff9b::a00:1"]],
    ["one private address among public ones", ["8.8.8.8", "192.168.0.1"]],
  ])("refuses a listed host that resolves to %s", async (_, addresses) => {
    const lookup = async () => addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
    const strict = options({ allowedHosts: ["cdn.example.com"], allowLoopback: false, lookup });
    await expect(guardedFetch("https://cdn.example.com/a", strict)).rejects.toMatchObject(refused);
  });

  it("connects to the addresses it checked, not to those of a second answer", async () => {
    const { port, got } = await serve((_, response) => response.end("hello"));
    let lookups = 0;
    const lookup = async () => {
      lookups += 1;
      return [{ address: lookups === 1 ? "127.0.0.1" : "10.0.0.1", family: 4 }];
    };
    expect(await text(await guardedFetch(`http://localhost:${port}/a`, options({ lookup })))).toBe("hello");
    expect(lookups).toBe(1);
    expect(got).toHaveLength(1);
  });

  it("follows a redirect on the list, without the credential when the host changes", async () => {
    const target = await serve((_, response) => response.end("moved"));
    const { port, got } = await serve((request, response) => {
      const location = request.url === "/start" ? "/near" : `http://localhost:${target.port}/far`;
      response.writeHead(302, { location }).end();
    });
    const lookup = async () => [{ address: "127.0.0.1", family: 4 }];
    const headers = { authorization: "Bearer secret" };
    const bytes = await guardedFetch(`http://127.0.0.1:${port}/start`, options({ headers, lookup }));
    expect(await text(bytes)).toBe("moved");
    expect(got.map((each) => each.authorization)).toEqual(["Bearer secret", "Bearer secret"]);
    expect(target.got.map((each) => each.authorization)).toEqual([undefined]);
  });

  it.each([
    "file:///etc/passwd",
    "gopher://127.0.0.1/",
    "https://evil.example.com/",
    "http://10.0.0.1/",
    "http://[::]/",
  ])("refuses a redirect to %s", async (location) => {
    const { port } = await serve((_, response) => response.writeHead(302, { location }).end());
    await expect(guardedFetch(`http://127.0.0.1:${port}/`, options())).rejects.toMatchObject(refused);
  });

  it("gives up on a ring of redirects", async () => {
    const { port, got } = await serve((_, response) => response.writeHead(302, { location: "/again" }).end());
    const fetching = guardedFetch(`http://127.0.0.1:${port}/`, options());
    await expect(fetching).rejects.toMatchObject({ code: "attachment/fetch-failed" });
    expect(got).toHaveLength(6);
  });

  it("refuses a file that says it is too large, and one that turns out to be", async () => {
    const said = await serve((_, response) => response.writeHead(200, { "content-length": "5000" }).end("x"));
    await expect(guardedFetch(`http://127.0.0.1:${said.port}/`, options())).rejects.toMatchObject({
      code: "attachment/too-large",
    });
    const silent = await serve((_, response) => {
      for (let index = 0; index < 20; index++) response.write("y".repeat(100));
      response.end();
    });
    const bytes = await guardedFetch(`http://127.0.0.1:${silent.port}/`, options());
    await expect(text(bytes)).rejects.toMatchObject({ code: "attachment/too-large" });
  });

  it("tells an expired link from a platform that fails", async () => {
    const gone = await serve((_, response) => response.writeHead(404).end());
    await expect(guardedFetch(`http://127.0.0.1:${gone.port}/`, options())).rejects.toMatchObject({
      code: "attachment/expired",
    });
    const broken = await serve((_, response) => response.writeHead(503).end());
    await expect(guardedFetch(`http://127.0.0.1:${broken.port}/`, options())).rejects.toMatchObject({
      code: "attachment/fetch-failed",
      retryable: true,
    });
  });

  it("stops when it is aborted, also in the middle of the bytes", async () => {
    const { port } = await serve((_, response) => void response.write("begin"));
    const abort = new AbortController();
    const bytes = await guardedFetch(`http://127.0.0.1:${port}/`, options({ signal: abort.signal }));
    const reading = text(bytes).catch((thrown: unknown) => thrown);
    abort.abort(new Error("enough"));
    expect(await reading).toEqual(new Error("enough"));
  });

  it("reports a connection that breaks without naming the address", async () => {
    const { port } = await serve((request) => request.socket.destroy());
    const failed = await guardedFetch(`http://127.0.0.1:${port}/secret-token`, options()).catch(String);
    expect(failed).toContain("could not be fetched");
    expect(failed).not.toContain("secret-token");
  });
});
