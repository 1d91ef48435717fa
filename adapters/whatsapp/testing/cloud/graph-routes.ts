/** What the Graph API answers: messages, media, read receipts, and what `doctor` asks. */
import { type CallFault, readForm } from "../../../../testing.ts";
import type { GraphRefusal, OutboundMessage } from "./graph-rules.ts";
import { errorBody, readOutbound, ReadReceipt } from "./graph-rules.ts";

export interface StoredMedia {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** What the API knows, and what it does with a message. */
export interface GraphFacts {
  readonly phoneNumberId: string;
  readonly businessAccountId: string;
  readonly displayNumber: string;
  readonly template: { readonly name: string; readonly language: string };
  /** Shows a message. Gives its id, or why it is refused. */
  readonly onMessage: (message: OutboundMessage) => { readonly id: string } | { readonly refusal: GraphRefusal };
  readonly onTyping: (messageId: string) => GraphRefusal | undefined;
}

export interface GraphCall {
  readonly method: string;
  /** Without the version. */
  readonly path: string;
  readonly contentType: string;
  readonly body: Buffer;
  /** Where this server is, for addresses in its answers. */
  readonly url: string;
}

export interface Answer {
  readonly status: number;
  readonly body: object | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface GraphRoutes {
  readonly media: ReadonlyMap<string, StoredMedia>;
  readonly addMedia: (media: StoredMedia) => string;
  /** What was refused, in words. */
  readonly refused: readonly string[];
  readonly answer: (call: GraphCall) => Answer;
  readonly refuse: (refusal: GraphRefusal) => Answer;
}

/** The API without its server. */
export function createGraphRoutes(facts: GraphFacts): GraphRoutes {
  const media = new Map<string, StoredMedia>();
  const refused: string[] = [];
  const refuse = (refusal: GraphRefusal): Answer => {
    refused.push(refusal.message);
    return { status: refusal.status, body: errorBody(refusal) };
  };
  const addMedia = (file: StoredMedia): string => {
    const id = String(media.size + 1_000_000);
    media.set(id, file);
    return id;
  };
  return {
    media,
    addMedia,
    refused,
    refuse,
    answer: (call) => {
      const number = `/${facts.phoneNumberId}`;
      if (call.method === "POST" && call.path === `${number}/messages`) {
        const answer = messageAnswer(facts, jsonOf(call.body));
        return "refusal" in answer ? refuse(answer.refusal) : answer;
      }
      if (call.method === "POST" && call.path === `${number}/media`) {
        const file = readForm(call.body, call.contentType)?.files.find(({ field }) => field === "file");
        if (file !== undefined) return { status: 200, body: { id: addMedia(file) } };
        return refuse({ status: 400, code: 100, message: "(#100) The parameter file is required." });
      }
      const answer = factAnswer(facts, call) ?? mediaAnswer(media, call);
      return answer ?? refuse({ status: 400, code: 100, message: `(#100) Object ${call.path} does not exist` });
    },
  };
}

function messageAnswer(facts: GraphFacts, body: unknown): Answer | { readonly refusal: GraphRefusal } {
  const receipt = ReadReceipt.safeParse(body);
  if (receipt.success) {
    const refusal = facts.onTyping(receipt.data.message_id);
    return refusal === undefined ? { status: 200, body: { success: true } } : { refusal };
  }
  const outbound = readOutbound(body);
  if ("refusal" in outbound) return outbound;
  const shown = facts.onMessage(outbound.message);
  if ("refusal" in shown) return shown;
  const { to, recipient } = outbound.message;
  const contact = to === undefined ? { input: recipient, user_id: recipient } : { input: to, wa_id: to };
  const answer = { messaging_product: "whatsapp", contacts: [contact], messages: [{ id: shown.id }] };
  return { status: 200, body: answer };
}

function factAnswer(facts: GraphFacts, call: GraphCall): Answer | undefined {
  const path = call.path.split("?")[0];
  const account = `/${facts.businessAccountId}`;
  if (path === `/${facts.phoneNumberId}`) {
    const shown = { display_phone_number: facts.displayNumber, verified_name: "Local", quality_rating: "GREEN" };
    return { status: 200, body: shown };
  }
  if (path === `${account}/subscribed_apps`)
    return { status: 200, body: { data: [{ whatsapp_business_api_data: {} }] } };
  if (path === `${account}/message_templates`) {
    const components = [{ type: "BODY", text: "News for you: {{1}}" }];
    return { status: 200, body: { data: [{ ...facts.template, status: "APPROVED", components }] } };
  }
  return undefined;
}

function mediaAnswer(media: ReadonlyMap<string, StoredMedia>, { path, url }: GraphCall): Answer | undefined {
  const stored = media.get(path.replace(/^\/(?:media-bytes\/)?/u, ""));
  if (stored === undefined) return undefined;
  if (path.startsWith("/media-bytes/"))
    return { status: 200, body: stored.bytes, headers: { "content-type": stored.mediaType } };
  const address = `${url}/media-bytes${path}`;
  return { status: 200, body: { url: address, mime_type: stored.mediaType, file_size: stored.bytes.length } };
}

/** The answer to a call that meets a fault; undefined where the fault lets it through. */
export function faultAnswer(fault: CallFault | undefined): Answer | undefined {
  if (fault?.kind === "rate-limited") {
    const body = errorBody({ status: 429, code: 130_429, message: "(#130429) Rate limit hit" });
    return { status: 429, body, headers: { "retry-after": String(fault.retryAfterMs / 1_000) } };
  }
  if (fault?.kind === "server-error") {
    const error = {
      message: "(#131000) Something went wrong",
      type: "OAuthException",
      code: 131_000,
      is_transient: true,
    };
    return { status: fault.status, body: { error } };
  }
  if (fault?.kind === "file-refused")
    return { status: 400, body: errorBody({ status: 400, code: 131_053, message: "(#131053) Media upload error" }) };
  if (fault?.kind === "markup-refused")
    return { status: 400, body: errorBody({ status: 400, code: 100, message: "(#100) Invalid parameter text.body" }) };
  return undefined;
}

function jsonOf(body: Buffer): unknown {
  try {
    const value: unknown = JSON.parse(body.toString());
    return value;
  } catch {
    return undefined;
  }
}
