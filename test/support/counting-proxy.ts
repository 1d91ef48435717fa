/** A forward proxy on this machine that counts what goes through it, by CONNECT and by whole addresses. */
import { createServer, request as httpRequest } from "node:http";
import { type Socket, connect } from "node:net";
import { onTestFinished } from "vitest";

export interface CountingProxy {
  readonly url: string;
  readonly port: number;
  /** Hosts with ports that were asked for, each as often as it was. */
  readonly seen: string[];
  readonly refused: () => number;
}

export interface ProxyOptions {
  /** `user:password` that callers must give, as it stands in an address. */
  readonly credentials?: string;
  /** Where a host with its port really is. */
  readonly ports?: Readonly<Record<string, number>>;
}

/** Starts one; it ends with the test. */
export async function countingProxy({ credentials, ports = {} }: ProxyOptions = {}): Promise<CountingProxy> {
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  let refused = 0;
  const expected =
    credentials === undefined ? undefined : `Basic ${Buffer.from(decodeURIComponent(credentials)).toString("base64")}`;
  const isAllowed = (given: string | undefined): boolean => {
    const allowed = expected === undefined || given === expected;
    if (!allowed) refused += 1;
    return allowed;
  };
  const placeOf = (authority: string): { readonly host: string; readonly port: number } => {
    const { hostname, port } = new URL(`http://${authority}`);
    const mapped = ports[authority];
    return mapped === undefined ? { host: hostname, port: Number(port || "80") } : { host: "127.0.0.1", port: mapped };
  };
  const server = createServer((incoming, answer) => {
    const url = new URL(incoming.url ?? "/", "http://nowhere.invalid");
    if (!isAllowed(incoming.headers["proxy-authorization"])) return void answer.writeHead(407).end();
    seen.push(url.host);
    const { "proxy-authorization": _own, ...headers } = incoming.headers;
    const options = { ...placeOf(url.host), method: incoming.method, path: url.pathname + url.search, headers };
    const onward = httpRequest(options, (from) => {
      answer.writeHead(from.statusCode ?? 502, from.headers);
      from.pipe(answer);
    });
    onward.on("error", () => answer.destroy());
    incoming.pipe(onward);
  });
  server.on("connect", (incoming, client: Socket, head: Buffer) => {
    client.on("error", () => client.destroy());
    if (!isAllowed(incoming.headers["proxy-authorization"]))
      return void client.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="p"\r\nContent-Length: 0\r\n\r\n',
      );
    const authority = incoming.url ?? "";
    seen.push(authority);
    const onward = connect(placeOf(authority), () => {
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      onward.write(head);
      onward.pipe(client).pipe(onward);
    });
    sockets.add(onward);
    onward.on("error", () => client.destroy());
    onward.on("close", () => client.destroy());
    client.on("close", () => onward.destroy());
  });
  server.on("connection", (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const user = credentials === undefined ? "" : `${credentials}@`;
  return { url: `http://${user}127.0.0.1:${port}`, port, seen, refused: () => refused };
}
