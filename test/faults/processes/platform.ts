/** The platform: shows people the messages it gets, and tells the harness what it showed. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { machineNow } from "../notes.ts";
import { WireMessage } from "../platform-adapter.ts";
import { Command, type Mood, tell } from "./control.ts";

const known = new Map<string, string>();
let mood: Mood = { do: "mood" };
let refused = 0;
let ids = 0;

async function readBody(request: IncomingMessage): Promise<WireMessage> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return WireMessage.parse(JSON.parse(Buffer.concat(chunks).toString("utf8")));
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const message = await readBody(request);
  const platform = request.url === "/keyed" ? "keyed" : "plain";
  const { refuse, cutAfterShowing = 0 } = mood;
  const answer = (status: number, shown: boolean, body: object): void => {
    tell({ is: "arrival", platform, at: machineNow(), shown, status, ...message });
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
  if (refuse !== undefined && refused < refuse.times && (refuse.chat ?? message.chat) === message.chat) {
    refused += 1;
    answer(refuse.status, false, { retryAfterMs: refuse.retryAfterMs });
    return;
  }
  const before = platform === "keyed" ? known.get(message.key) : undefined;
  const messageId = before ?? `m${(ids += 1)}`;
  known.set(message.key, messageId);
  if (Math.random() < cutAfterShowing) {
    tell({ is: "arrival", platform, at: machineNow(), shown: before === undefined, status: 0, ...message });
    request.socket.destroy();
    return;
  }
  answer(200, before === undefined, { messageId });
}

const server = createServer((request, response) => void serve(request, response));
server.keepAliveTimeout = 60_000;
process.on("message", (raw) => {
  const command = Command.parse(raw);
  if (command.do !== "mood") return;
  mood = command;
  refused = 0;
});
process.on("disconnect", () => process.exit(0));
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  tell({ is: "ready", port: typeof address === "object" && address !== null ? address.port : 0 });
});
