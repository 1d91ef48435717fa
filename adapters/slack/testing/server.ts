/** The local Slack's HTTP and WebSocket server. */
import { type WebSocket, WebSocketServer } from "ws";
import { z } from "zod";
import type { ApiAnswer, ApiCall, CallKind, LocalApi } from "../../../core/testing/index.ts";
import { openLocalApi } from "../../../core/testing/index.ts";
import { type Answer, failed, type Method } from "./method.ts";
import type { StoredTeam, World } from "./world.ts";
import { APP, HOME_TEAM } from "./world.ts";

export interface SlackServer extends LocalApi {
  readonly sockets: ReadonlySet<WebSocket>;
}

export interface ServerOptions {
  readonly world: World;
  readonly appToken: string;
  readonly configurationToken: string;
  readonly port: number | undefined;
  readonly methods: Readonly<Record<string, Method>>;
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
/** Forms hold objects as JSON; a text in these that only looks like JSON stays a text. */
const TEXT_FIELDS = new Set(["text", "markdown_text", "status", "initial_comment", "title", "ts", "thread_ts"]);

const Acknowledged = z.object({ envelope_id: z.string(), payload: z.unknown().optional() });

export async function openServer(options: ServerOptions): Promise<SlackServer> {
  const { world, port } = options;
  const sockets = new Set<WebSocket>();
  const api = await openLocalApi({
    port,
    faults: world.faults,
    faultAnswers: {
      rateLimited: (seconds) => answerOf({ ...failed("ratelimited"), retryAfter: Math.ceil(seconds) }),
      serverError: (status) => ({ ...answerOf(failed("internal_error")), status }),
      markupRefused: () => answerOf(failed("invalid_blocks", "refused by the test")),
      fileRefused: answerOf(failed("file_uploads_disabled")),
      placeGone: answerOf(failed("thread_not_found")),
    },
    kindOf,
    isJson: (field, value) => !TEXT_FIELDS.has(field) && /^(?:true$|false$|[[{])/u.test(value),
    answer: (call) => {
      try {
        return answer(call, options);
      } catch (thrown) {
        return {
          ...answerOf(failed("invalid_arguments", String(thrown))),
          refused: `the call did not fit: ${String(thrown)}`,
        };
      }
    },
  });
  new WebSocketServer({ server: api.server }).on("connection", (socket) => {
    sockets.add(socket);
    const pinging = setInterval(() => socket.ping("Ping from localhost"), PING_MS);
    socket.on("error", () => socket.terminate());
    socket.on("close", () => {
      clearInterval(pinging);
      sockets.delete(socket);
      world.changed();
    });
    socket.on("message", (data) => {
      const acknowledged = Acknowledged.safeParse(JSON.parse(Buffer.isBuffer(data) ? data.toString("utf8") : ""));
      if (acknowledged.success) options.onAcknowledged(acknowledged.data.envelope_id, acknowledged.data.payload);
    });
    const hello = { type: "hello", num_connections: sockets.size, connection_info: { app_id: APP }, debug_info: {} };
    socket.send(JSON.stringify(hello));
    world.changed();
  });
  return {
    ...api,
    sockets,
    // A call that is on its way is answered.
    cut: () => {
      for (const socket of sockets) socket.terminate();
    },
  };
}

/** The method that a call is of. */
export function methodOf({ path }: Pick<ApiCall, "path">): string | undefined {
  return /^\/api\/([^/]+)/u.exec(path)?.[1];
}

function kindOf(call: ApiCall): CallKind | undefined {
  const name = methodOf(call);
  if (name === undefined || OTHER_TOKENS.has(name)) return undefined;
  if (SENDS.has(name)) return "send";
  if (name === "files.completeUploadExternal") return "upload";
  return EDITS.has(name) ? "edit" : "other";
}

function answer(call: ApiCall, options: ServerOptions): ApiAnswer {
  const [, area, first = "", second = ""] = call.path.split("/");
  if (area === "api") return callMethod(first, call, options);
  if (area === "upload") return takeUpload(second, call, options);
  if (area === "files-pri") return fileAnswer(first, call, options);
  if (area !== "response") return { ...answerOf(failed("not_found")), status: 404 };
  return options.onResponse(first, call.body)
    ? answerOf({ ok: true })
    : { ...answerOf(failed("expired_url")), status: 404 };
}

function callMethod(name: string, call: ApiCall, options: ServerOptions): ApiAnswer {
  const team = authorised(name, tokenOf(call), options);
  if (typeof team === "string") return answerOf(failed(team), name);
  const { world, methods } = options;
  const method = world.unknownMethods.has(name) ? undefined : methods[name];
  return answerOf(method?.({ world, team, body: call.body ?? {}, url: call.url }) ?? failed("unknown_method"), name);
}

/** `name`: the method, where a refusal of it is noted. */
function answerOf(body: Answer, name?: string): ApiAnswer {
  const { ok, retryAfter, error, response_metadata: metadata } = body;
  const headers = { "content-type": "application/json; charset=utf-8", "x-oauth-scopes": SCOPES };
  if (retryAfter !== undefined)
    return { status: 429, body, headers: { ...headers, "retry-after": String(retryAfter) } };
  const detail = metadata === undefined ? "" : ` ${JSON.stringify(metadata)}`;
  return { status: 200, body, headers, refused: ok || name === undefined ? undefined : `${name}: ${error}${detail}` };
}

/** The token's workspace, or the error that Slack answers. */
function authorised(
  name: string,
  token: string,
  { world, appToken, configurationToken }: ServerOptions,
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

function tokenOf({ authorization }: ApiCall): string {
  return /^Bearer (.+)$/u.exec(authorization)?.[1] ?? "";
}

function takeUpload(id: string, { files, raw }: ApiCall, { world }: ServerOptions): ApiAnswer {
  const upload = world.uploads.get(id);
  if (upload === undefined || world.refusesUploads) return { ...answerOf(failed("not_found")), status: 404 };
  upload.bytes = files[0]?.bytes ?? new Uint8Array(raw);
  return {
    status: 200,
    body: Buffer.from(`OK - ${upload.bytes.byteLength}`),
    headers: { "content-type": "text/plain" },
  };
}

/** Whoever has no right to a file is shown the sign-in page instead. */
function fileAnswer(id: string, call: ApiCall, { world }: ServerOptions): ApiAnswer {
  const file = world.files.get(id);
  const allowed = [...world.teams.values()].some(({ token, revoked }) => token === tokenOf(call) && !revoked);
  if (file === undefined) return { ...answerOf(failed("file_not_found")), status: 404 };
  const body = allowed ? file.bytes : Buffer.from("<!DOCTYPE html><title>Sign in | Slack</title>");
  return { status: 200, body, headers: { "content-type": allowed ? file.mediaType : "text/html" } };
}

const SCOPES = [
  "app_mentions:read,assistant:write,channels:history,channels:read,chat:write,commands,files:read,files:write",
  "groups:history,groups:read,im:history,im:read,im:write,mpim:history,mpim:read,reactions:read,reactions:write",
  "users:read",
].join(",");
