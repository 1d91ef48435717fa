import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { createClient, ProblemError } from "./index.ts";

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** A server that answers each call the same, and remembers it. */
async function serve(status: number, answer: unknown, headers: Readonly<Record<string, string>> = {}) {
  const seen: Seen[] = [];
  const reply = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(z.instanceof(Buffer).parse(chunk));
    const { authorization } = request.headers;
    seen.push({
      method: request.method,
      url: request.url,
      authorization,
      body: Buffer.concat(chunks).toString("utf8"),
    });
    response.writeHead(status, headers).end(JSON.stringify(answer));
  };
  const server = createServer((request, response) => void reply(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = z.object({ port: z.number() }).parse(server.address());
  return { url: `http://127.0.0.1:${address.port}`, seen };
}

describe("the address of a socket", () => {
  it("has a ticket in the place of the token", async () => {
    const { url, seen } = await serve(201, { ticket: "t1cket" });
    const client = createClient({ url, token: "s3cret" });
    const address = await client.socketAddress("/api/v1/chat/stream", { sessionId: "a b" });
    expect(address).toBe(`${url.replace("http", "ws")}/api/v1/chat/stream?sessionId=a+b&ticket=t1cket`);
    expect(seen).toEqual([
      {
        method: "POST",
        url: "/api/v1/tickets",
        authorization: "Bearer s3cret",
        body: '{"path":"/api/v1/chat/stream"}',
      },
    ]);
  });

  it("has none where there is no token", async () => {
    expect(await createClient({ url: "https://bot.example" }).socketAddress("/live")).toBe("wss://bot.example/live?");
  });
});

describe("a refusal", () => {
  it("is an error with the problem and the time to wait", async () => {
    const problem = {
      type: "about:blank",
      title: "Too many requests",
      status: 429,
      detail: "Wait.",
      code: "gateway/rate-limited",
      correlationId: "1",
    };
    const { url } = await serve(429, problem, { "content-type": "application/problem+json", "retry-after": "3" });
    const refused = createClient({ url, token: "s3cret" }).socketAddress("/live");
    await expect(refused).rejects.toBeInstanceOf(ProblemError);
    await expect(refused).rejects.toMatchObject({ problem, retryAfterMs: 3_000 });
  });

  it("by something in between says so", async () => {
    const { url } = await serve(502, "bad gateway");
    const refused = createClient({ url, token: "s3cret" }).socketAddress("/live");
    await expect(refused).rejects.toMatchObject({ problem: { status: 502, code: "client/no-problem" } });
  });
});
