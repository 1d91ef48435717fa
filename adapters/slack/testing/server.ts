/** The local Slack's HTTP and WebSocket server. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import { z } from "zod";
import type { CallFault, LocalServer } from "../../../testing.ts";
import { bodyOf, openLocalServer, readForm, respond } from "../../../testing.ts";
import { type Answer, failed, type Method } from "./method.ts";
import type { StoredTeam, World } from "./world.ts";
import { APP, HOME_TEAM } from "./world.ts";

export interface SlackServer extends LocalServer {
  readonly sockets: ReadonlySet<WebSocket>;
}

export interface ServerOptions {
  readonly world: World;
  readonly appToken: string;
  readonly configurationToken: string;
  readonly port: number;
  readonly methods: Readonly<Record<string, Method>>;
  readonly uploads: Map<string, { readonly name: string; bytes: Uint8Array }>;
  /** A post to a `response_url`. */
  readonly onResponse: (id: string, body: unknown) => boolean;
  readonly onAcknowledged: (envelopeId: string, payload: unknown) => void;
}

const SENDS = new Set(["chat.postMessage", "chat.postEphemeral", "chat.startStream"]);
const EDITS = new Set(["chat.update", "chat.appendStream", "chat.stopStream"]);
/** Methods that no bot token opens. */
const OTHER_TOKENS = new Set([
  "apps.connections.open",
  "apps.manifest.export",
  "apps.manifest.update",
  "oauth.v2.access",
]);
const PING_MS = 5_000;

const Acknowledged = z.object({ envelope_id: z.string(), payload: z.unknown().optional() });

export async function openServer(options: ServerOptions): Promise<SlackServer> {
  const { world } = options;
  const sockets = new Set<WebSocket>();
  const handle = async (request: IncomingMessage, response: ServerResponse, url: string): Promise<void> => {
    try {
      await serve(request, response, { ...options, url });
    } catch (thrown) {
      world.refused.push(`the call did not fit: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
      json(response, 200, failed("invalid_arguments", String(thrown)));
    }
  };
  const server = await openLocalServer({ port: options.port, handle });
  const acceptor = new WebSocketServer({ server: server.server });
  acceptor.on("connection", (socket) => {
    sockets.add(socket);
    const pinging = setInterval(() => socket.ping("Ping from localhost"), PING_MS);
    socket.on("error", () => socket.terminate());
    socket.on("close", () => {
      clearInterval(pinging);
      sockets.delete(socket);
      world.changed();
    });
    socket.on("message", (data) => {
      const text = Buffer.isBuffer(data) ? data.toString("utf8") : "";
      const acknowledged = Acknowledged.safeParse(JSON.parse(text));
      if (acknowledged.success) options.onAcknowledged(acknowledged.data.envelope_id, acknowledged.data.payload);
    });
    socket.send(
      JSON.stringify({
        type: "hello",
        num_connections: sockets.size,
        connection_info: { app_id: APP },
        debug_info: {},
      }),
    );
    world.changed();
  });
  return {
    ...server,
    sockets,
    // A call that is on its way is answered.
    cut: () => {
      for (const socket of sockets) socket.terminate();
    },
  };
}

type Serving = ServerOptions & { readonly url: string };

async function serve(request: IncomingMessage, response: ServerResponse, serving: Serving): Promise<void> {
  const raw = await bodyOf(request);
  const exchange = { request, response, raw };
  const [, area = "", first = "", second = ""] = (request.url ?? "").split(/[/?]/u);
  switch (area) {
    case "api":
      callMethod(first, exchange, serving);
      return;
    case "upload":
      takeUpload(second, exchange, serving);
      return;
    case "files-pri":
      sendFile(first, request, response, serving);
      return;
    case "response": {
      const known = serving.onResponse(first, JSON.parse(raw.toString("utf8")));
      json(response, known ? 200 : 404, known ? { ok: true } : failed("expired_url"));
      return;
    }
    default:
      json(response, 404, failed("not_found"));
  }
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly raw: Buffer;
}

function callMethod(name: string, { request, response, raw }: Exchange, serving: Serving): void {
  const { world, methods, url } = serving;
  world.calls.push(name);
  const fault = faultFor(name, world);
  if (fault !== undefined && fault.kind !== "cut-after") return breakCall(fault, request, response);
  const team = authorised(name, bearer(request), serving);
  const method = methods[name];
  const answer =
    typeof team === "string"
      ? failed(team)
      : world.unknownMethods.has(name)
        ? failed("unknown_method")
        : (method?.({ world, team, body: readBody(raw, request), url }) ?? failed("unknown_method"));
  if (fault !== undefined) return (request.socket.destroy(), undefined);
  if (!answer.ok && answer.retryAfter === undefined)
    world.refused.push(`${name}: ${String(answer.error)}${detailOf(answer)}`);
  if (answer.retryAfter === undefined) return json(response, 200, answer);
  json(response, 429, answer, { "retry-after": String(answer.retryAfter) });
}

function faultFor(name: string, world: World): CallFault | undefined {
  if (OTHER_TOKENS.has(name)) return undefined;
  if (SENDS.has(name)) return world.faults.take("send");
  if (name === "files.completeUploadExternal") return world.faults.take("upload");
  return world.faults.take(EDITS.has(name) ? "edit" : "other");
}

function detailOf({ response_metadata: metadata }: Answer): string {
  return metadata === undefined ? "" : ` ${JSON.stringify(metadata)}`;
}

function breakCall(fault: CallFault, request: IncomingMessage, response: ServerResponse): void {
  switch (fault.kind) {
    case "rate-limited": {
      const seconds = String(Math.ceil(fault.retryAfterMs / 1_000));
      return json(response, 429, failed("ratelimited"), { "retry-after": seconds });
    }
    case "server-error":
      return json(response, fault.status, failed("internal_error"));
    case "markup-refused":
      return json(response, 200, failed("invalid_blocks", "refused by the test"));
    case "file-refused":
      return json(response, 200, failed("file_uploads_disabled"));
    case "place-gone":
      return json(response, 200, failed("thread_not_found"));
    case "cut-before":
    case "cut-after":
      request.socket.destroy();
  }
}

/** The token's workspace, or the error that Slack answers. */
function authorised(
  name: string,
  token: string,
  { world, appToken, configurationToken }: Serving,
): StoredTeam | string {
  const home = world.teams.get(HOME_TEAM);
  if (home === undefined) return "team_not_found";
  if (name === "oauth.v2.access") return home;
  if (name === "apps.connections.open") return token === appToken ? home : "invalid_auth";
  if (OTHER_TOKENS.has(name)) return token === configurationToken ? home : "invalid_auth";
  const team = [...world.teams.values()].find((one) => one.token === token || one.earlier.includes(token));
  if (team === undefined) return "invalid_auth";
  return team.revoked ? "token_revoked" : team;
}

function bearer(request: IncomingMessage): string {
  return /^Bearer (.+)$/u.exec(request.headers.authorization ?? "")?.[1] ?? "";
}

/** Forms hold objects as JSON; a text that only looks like JSON stays a text. */
function readBody(raw: Buffer, request: IncomingMessage): unknown {
  if ((request.headers["content-type"] ?? "").includes("json")) return JSON.parse(raw.toString("utf8"));
  const entries = [...new URLSearchParams(raw.toString("utf8"))].map(([key, value]) => [key, fieldOf(key, value)]);
  return Object.fromEntries(entries);
}

const TEXT_FIELDS = new Set(["text", "markdown_text", "status", "initial_comment", "title", "ts", "thread_ts"]);

function fieldOf(key: string, value: string): unknown {
  if (TEXT_FIELDS.has(key)) return value;
  if (value === "true" || value === "false") return value === "true";
  return /^[[{]/u.test(value) ? JSON.parse(value) : value;
}

function takeUpload(id: string, { request, response, raw }: Exchange, { uploads, world }: Serving): void {
  const upload = uploads.get(id);
  if (upload === undefined || world.refusesUploads) return json(response, 404, failed("not_found"));
  const form = readForm(raw, request.headers["content-type"] ?? "");
  upload.bytes = form?.files[0]?.bytes ?? new Uint8Array(raw);
  const body = Buffer.from(`OK - ${upload.bytes.byteLength}`);
  respond(response, { status: 200, body, headers: { "content-type": "text/plain" } });
}

/** Whoever has no right to a file is shown the sign-in page instead. */
function sendFile(id: string, request: IncomingMessage, response: ServerResponse, { world }: Serving): void {
  const file = world.files.get(id);
  const allowed = [...world.teams.values()].some(({ token, revoked }) => token === bearer(request) && !revoked);
  if (file === undefined) return json(response, 404, failed("file_not_found"));
  const body = allowed ? file.bytes : Buffer.from("<!DOCTYPE html><title>Sign in | Slack</title>");
  respond(response, { status: 200, body, headers: { "content-type": allowed ? file.mediaType : "text/html" } });
}

function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const always = { "content-type": "application/json; charset=utf-8", "x-oauth-scopes": SCOPES };
  respond(response, { status, body, headers: { ...always, ...headers } });
}

const SCOPES = [
  "app_mentions:read,assistant:write,channels:history,channels:read,chat:write,commands,files:read,files:write",
  "groups:history,groups:read,im:history,im:read,im:write,mpim:history,mpim:read,reactions:read,reactions:write",
  "users:read",
].join(",");
