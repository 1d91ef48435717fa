/** A local server that speaks the protocols of OpenAI, Groq, Gemini and Ollama, and refuses what they refuse. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { gemini } from "./gemini.ts";
import { ollama } from "./ollama.ts";
import { groq, openai } from "./openai.ts";
import type { Protocol } from "./protocol.ts";
import { type Answer, type Failure, RefusedRequest, type Step } from "./step.ts";

/** The only key that is accepted. */
export const KEY = "test-key";

interface Spoken {
  readonly provider: string;
  readonly path: RegExp;
  readonly protocol: Protocol;
  readonly keyIn: string | undefined;
}

const spoken: readonly Spoken[] = [
  { provider: "openai", path: /^\/v1\/chat\/completions$/u, protocol: openai, keyIn: "authorization" },
  { provider: "groq", path: /^\/openai\/v1\/chat\/completions$/u, protocol: groq, keyIn: "authorization" },
  {
    provider: "google-genai",
    path: /^\/v1beta\/models\/[^/]+:streamGenerateContent$/u,
    protocol: gemini,
    keyIn: "x-goog-api-key",
  },
  { provider: "ollama", path: /^\/api\/chat$/u, protocol: ollama, keyIn: undefined },
];

export interface ProviderApis {
  readonly url: string;
  /** As they arrived, by provider. */
  readonly requests: readonly { readonly provider: string; readonly body: unknown }[];
  /** What a provider answers, request by request; the last step again and again where it is the only one left. */
  readonly script: (provider: string, steps: readonly Step[] | (() => Step)) => void;
  readonly close: () => Promise<void>;
}

/** Starts it on a free loopback port. */
export async function startProviderApis(): Promise<ProviderApis> {
  const scripts = new Map<string, () => Step>();
  const requests: { provider: string; body: unknown }[] = [];

  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(incoming.url ?? "/", "http://localhost");
    const found = spoken.find(({ path }) => path.test(pathname));
    if (found === undefined) {
      response.writeHead(404).end("404 page not found");
      return;
    }
    const { provider, protocol, keyIn } = found;
    const body = await json(incoming);
    const fail = (failure: Failure): void => {
      response.writeHead(failure.status, { "content-type": "application/json", ...failure.headers });
      response.end(JSON.stringify(protocol.failure(failure)));
    };
    const key = keyIn === undefined ? KEY : String(incoming.headers[keyIn]).replace(/^Bearer /u, "");
    if (key !== KEY) return fail({ status: 401, message: "Incorrect API key provided.", code: "invalid_api_key" });
    requests.push({ provider, body });
    try {
      protocol.check(body);
    } catch (thrown) {
      if (thrown instanceof RefusedRequest) return fail({ status: 400, message: thrown.message });
      throw thrown;
    }
    const step = scripts.get(provider)?.() ?? { failure: { status: 400, message: "The script has no step left." } };
    if ("failure" in step) return fail(step.failure);
    await write(response, protocol, step, body);
  };

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    script: (provider, steps) => {
      const left = typeof steps === "function" ? [] : [...steps];
      const none: Step = { failure: { status: 400, message: "The script has no step left." } };
      scripts.set(provider, typeof steps === "function" ? steps : () => left.shift() ?? none);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function write(response: ServerResponse, protocol: Protocol, answer: Answer, body: unknown): Promise<void> {
  response.writeHead(200, { "content-type": protocol.contentType });
  for (const [index, piece] of protocol.pieces(answer, body).entries()) {
    if (index === answer.breaksAfter) {
      response.destroy();
      return;
    }
    if (!response.write(piece)) await once(response, "drain");
    // Each piece arrives by itself.
    await new Promise((resolve) => setImmediate(resolve));
  }
  response.end();
}
