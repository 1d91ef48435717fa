/** A real HTTP server that gets webhooks, and answers as a test wants. */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

/** A call as it came. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A status, with headers; or whatever is done with the response: nothing is a receiver that hangs. */
export type Reaction =
  | number
  | readonly [number, Readonly<Record<string, string>>]
  | ((response: ServerResponse) => void);

export interface WebhookReceiver {
  readonly port: number;
  /** Of the loopback address. */
  readonly url: string;
  readonly got: Received[];
  /** How the next calls are answered, one each; all further ones as `always`. */
  readonly reactions: { next: Reaction[]; always: Reaction };
  readonly stop: () => Promise<void>;
}

/** Starts one; it ends with the test. */
export async function webhookReceiver(always: Reaction = 204): Promise<WebhookReceiver> {
  const got: Received[] = [];
  const reactions: WebhookReceiver["reactions"] = { next: [], always };
  const server = createServer((request, response) => {
    void text(request)
      .then((body) => {
        got.push({ method: request.method ?? "", path: request.url ?? "", headers: request.headers, body });
        react(response, reactions.next.shift() ?? reactions.always);
      })
      .catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port was found.");
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  onTestFinished(stop);
  return { port: address.port, url: `http://127.0.0.1:${address.port}/hooks`, got, reactions, stop };
}

function react(response: ServerResponse, reaction: Reaction): void {
  if (typeof reaction === "function") return reaction(response);
  const [status, headers] = typeof reaction === "number" ? [reaction, {}] : reaction;
  response.writeHead(status, headers).end();
}
