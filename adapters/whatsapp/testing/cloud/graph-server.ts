/** The Graph API on this machine: messages, media, read receipts, and what `doctor` asks. */
import { randomBytes } from "node:crypto";
import type { ApiAnswer, ApiCall, CallKind, FaultQueue, LocalApi } from "../../../../core/testing/index.ts";
import { openLocalApi } from "../../../../core/testing/index.ts";
import type { GraphRefusal, OutboundMessage } from "./graph-rules.ts";
import { errorBody, readOutbound, ReadReceipt, refuse, Refused } from "./graph-rules.ts";

export interface StoredMedia {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** What the API knows, and what it does with a message. */
export interface GraphServerOptions {
  readonly phoneNumberId: string;
  readonly businessAccountId: string;
  readonly displayNumber: string;
  readonly template: { readonly name: string; readonly language: string };
  readonly accessToken: string;
  readonly port: number | undefined;
  readonly faults: FaultQueue;
  /** Shows a message and gives its id. */
  readonly onMessage: (message: OutboundMessage) => string;
  readonly onTyping: (messageId: string) => void;
}

export interface GraphServer extends LocalApi {
  readonly media: ReadonlyMap<string, StoredMedia>;
  readonly addMedia: (media: StoredMedia) => string;
  /** From now on every call answers that the token is invalid. */
  readonly revoke: () => void;
}

const NO_TOKEN: GraphRefusal = {
  status: 401,
  code: 190,
  message: "Error validating access token: The session has been invalidated.",
};

/** Starts the server. */
export async function openGraphServer(options: GraphServerOptions): Promise<GraphServer> {
  const media = new Map<string, StoredMedia>();
  const state = { revoked: false };
  const addMedia = ({ name, mediaType, bytes }: StoredMedia): string => {
    const id = String(media.size + 1_000_000);
    media.set(id, { name, mediaType, bytes });
    return id;
  };
  const api = await openLocalApi({
    port: options.port,
    root: /^\/v\d+\.\d/u,
    faults: options.faults,
    faultAnswers,
    kindOf,
    answer: (call) => {
      try {
        if (state.revoked || call.authorization !== `Bearer ${options.accessToken}`) throw new Refused(NO_TOKEN);
        return answer(call, { ...options, media, addMedia });
      } catch (thrown) {
        if (!(thrown instanceof Refused)) throw thrown;
        return { ...refusalAnswer(thrown.refusal), refused: thrown.message };
      }
    },
  });
  return {
    ...api,
    media,
    addMedia,
    revoke: () => {
      state.revoked = true;
    },
  };
}

type Graph = GraphServerOptions & Pick<GraphServer, "media" | "addMedia">;

function answer(call: ApiCall, graph: Graph): ApiAnswer {
  const { method, path } = call;
  const { phoneNumberId, businessAccountId, displayNumber, template, media } = graph;
  const number = `/${phoneNumberId}`;
  if (method === "POST" && path === `${number}/messages`) return ok(messageAnswer(graph, call.body));
  if (method === "POST" && path === `${number}/media`) {
    const file = call.files.find(({ field }) => field === "file");
    return ok({ id: graph.addMedia(file ?? refuse(100, "The parameter file is required.")) });
  }
  if (path === number)
    return ok({ display_phone_number: displayNumber, verified_name: "Local", quality_rating: "GREEN" });
  if (path === `/${businessAccountId}/subscribed_apps`) return ok({ data: [{ whatsapp_business_api_data: {} }] });
  if (path === `/${businessAccountId}/message_templates`) {
    const components = [{ type: "BODY", text: "News for you: {{1}}" }];
    return ok({ data: [{ ...template, status: "APPROVED", components }] });
  }
  const { bytes, mediaType } =
    media.get(path.replace(/^\/(?:media-bytes\/)?/u, "")) ?? refuse(100, `Object ${path} does not exist`);
  if (path.startsWith("/media-bytes/")) return { status: 200, body: bytes, headers: { "content-type": mediaType } };
  return ok({ url: `${call.url}/media-bytes${path}`, mime_type: mediaType, file_size: bytes.length });
}

const ok = (body: object): ApiAnswer => ({ status: 200, body });
const refusalAnswer = (refusal: GraphRefusal): ApiAnswer => ({ status: refusal.status, body: errorBody(refusal) });

function messageAnswer({ onTyping, onMessage }: Graph, body: unknown): object {
  const receipt = ReadReceipt.safeParse(body);
  if (receipt.success) {
    onTyping(receipt.data.message_id);
    return { success: true };
  }
  const message = readOutbound(body);
  const { to, recipient } = message;
  const contact = to === undefined ? { input: recipient, user_id: recipient } : { input: to, wa_id: to };
  return { messaging_product: "whatsapp", contacts: [contact], messages: [{ id: onMessage(message) }] };
}

function kindOf({ method, path, raw }: ApiCall): CallKind {
  if (method !== "POST") return "other";
  if (path.endsWith("/media")) return "upload";
  return path.endsWith("/messages") && !raw.includes('"status":"read"') ? "send" : "other";
}

const faultAnswers = {
  rateLimited: (seconds: number) => ({
    ...refusalAnswer({ status: 429, code: 130_429, message: "(#130429) Rate limit hit" }),
    headers: { "retry-after": String(seconds) },
  }),
  serverError: (status: number) => ({
    status,
    body: {
      error: { message: "(#131000) Something went wrong", type: "OAuthException", code: 131_000, is_transient: true },
    },
  }),
  markupRefused: () => refusalAnswer({ status: 400, code: 100, message: "(#100) Invalid parameter text.body" }),
  fileRefused: refusalAnswer({ status: 400, code: 131_053, message: "(#131053) Media upload error" }),
  placeGone: refusalAnswer({ status: 400, code: 131_026, message: "(#131026) Message undeliverable" }),
};

/** A new message id, as the Cloud API writes them. */
export function newWamid(): string {
  return `wamid.${randomBytes(24).toString("base64")}`;
}
