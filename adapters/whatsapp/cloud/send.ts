import { LRUCache } from "lru-cache";
import { z } from "zod";
import type { AdapterContext, AdapterSession, Outgoing, ReplyTarget } from "../../../adapter.ts";
import { AmbiguousSendError, MarkupRefusedError, PermanentSendError, PlaceGoneError } from "../../../adapter.ts";
import type { WhatsappPart } from "../render.ts";
import type { CloudSettings } from "../settings.ts";
import { WINDOW_CLOSED } from "./graph-errors.ts";
import type { Graph } from "./graph.ts";
import { GraphError } from "./graph.ts";
import { fetchMedia, refusedFile, uploadMedia } from "./media.ts";
import type { Shown } from "./payload.ts";
import { addressOf, isGroup, shownOf, templateOf, wordsOf } from "./payload.ts";
import type { Status } from "./webhook.ts";
import type { ServiceWindow } from "./window.ts";

const Sent = z.object({ messages: z.array(z.object({ id: z.string().min(1) })).min(1) });
const Done = z.object({ success: z.boolean() });

/** WhatsApp took the message and then could not use its file. */
const MEDIA_FAILED: ReadonlySet<number> = new Set([131_052, 131_053]);

const REMEMBERED = 2_000;
const RECONCILE_MS = 5_000;
const RECONCILE_STEP_MS = 250;

/** The sending half of a Cloud API session. */
export interface CloudSender extends Pick<
  AdapterSession<WhatsappPart>,
  "send" | "react" | "typing" | "reconcile" | "fetchAttachment"
> {
  /** A status says which of our sends it is about; a failure behind the 24-hour rule is sent as a template. */
  readonly onStatus: (status: Status) => Promise<void>;
}

/** What sending needs, and what it remembers. */
interface Sending {
  readonly graph: Graph;
  readonly window: ServiceWindow;
  readonly context: Pick<AdapterContext<CloudSettings>, "settings" | "openFile" | "fetchFile" | "log">;
  /** Our key of a send to its id, from the answer or from a status. */
  readonly known: LRUCache<string, string>;
  /** What was said, by id, in case it turns out to be behind the 24-hour rule. */
  readonly words: LRUCache<string, { readonly chat: string; readonly words: string }>;
  /** What was said of messages whose id is still on its way here: a webhook may be faster than the answer to the call. */
  readonly early: LRUCache<string, Status>;
}

/** Sends over the Graph API. */
export function createSender(graph: Graph, window: ServiceWindow, context: Sending["context"]): CloudSender {
  const max = REMEMBERED;
  const sending: Sending = {
    graph,
    window,
    context,
    known: new LRUCache({ max }),
    words: new LRUCache({ max }),
    early: new LRUCache({ max }),
  };
  const { settings } = context;
  return {
    send: async (outgoing) => {
      const messageId = await sendPart(sending, outgoing).catch((thrown: unknown) => {
        throw groupErrorOf(thrown, outgoing.target);
      });
      sending.known.set(outgoing.key, messageId);
      sending.words.set(messageId, { chat: outgoing.target.chat, words: wordsOf(outgoing.payload) });
      const early = sending.early.get(messageId);
      if (early !== undefined) await heed(sending, early);
      return { messageId };
    },
    react: async (target, messageId, emoji) => {
      await post(sending, target.chat, { type: "reaction", reaction: { message_id: messageId, emoji } });
    },
    typing: async (target, on) => {
      const messageId = inboundOf(target);
      if (!on || messageId === undefined) return;
      const typing = { status: "read", message_id: messageId, typing_indicator: { type: "text" } };
      const body = { messaging_product: "whatsapp", ...typing };
      await graph.call(`${settings.phoneNumberId}/messages`, { answer: Done, body });
    },
    reconcile: async ({ key }) => await reconcile(sending, key),
    fetchAttachment: async (attachment, signal) => await fetchMedia(graph, context, attachment, signal),
    onStatus: async (status) => await heed(sending, status),
  };
}

async function sendPart(sending: Sending, outgoing: Outgoing<WhatsappPart>): Promise<string> {
  const { settings, openFile } = sending.context;
  const { payload, target, key, signal } = outgoing;
  const asTemplate = async (): Promise<string> =>
    await sendTemplate(sending, { chat: target.chat, words: wordsOf(payload) }, key);
  if (settings.template !== undefined && (await sending.window.isClosed(target.chat))) return await asTemplate();
  if (isGroup(target.chat)) checkForGroup(payload);
  const mediaId =
    payload.kind === "file"
      ? await uploadMedia(sending.graph, settings, {
          ...payload,
          bytes: async () => await openFile(payload.spoolKey),
          signal,
        })
      : undefined;
  const quoted = settings.quote === "always" && outgoing.part === 0 ? target.replyTo : undefined;
  const context = quoted === undefined ? {} : { context: { message_id: quoted } };
  try {
    const shown = { ...shownOf(payload, mediaId), ...context };
    return await post(sending, target.chat, shown, { key, signal });
  } catch (thrown) {
    if (!isWindowClosed(thrown)) throw payload.kind === "file" ? refusedFile(thrown) : thrown;
    if (settings.template === undefined) throw thrown;
    return await asTemplate();
  }
}

/** A group that takes no message for good (it is gone, or the bot was removed): the person hears it alone. */
function groupErrorOf(thrown: unknown, { chat, userId, reference }: ReplyTarget): unknown {
  const person = reference?.["person"];
  if (!isGroup(chat) || !(thrown instanceof PermanentSendError) || typeof person !== "string") return thrown;
  const elsewhere = { audience: "requester", target: { chat: person, userId } } as const;
  return new PlaceGoneError("whatsapp", "the group takes no message", { elsewhere, cause: thrown });
}

/** Groups show no buttons: the delivery sends the same as numbered words. */
function checkForGroup({ kind }: WhatsappPart): void {
  if (kind === "buttons" || kind === "list") throw new MarkupRefusedError("whatsapp");
}

async function sendTemplate(
  sending: Sending,
  { chat, words }: { readonly chat: string; readonly words: string },
  key: string,
): Promise<string> {
  const { template } = sending.context.settings;
  if (template === undefined) throw new PermanentSendError("whatsapp", "no template is configured");
  return await post(sending, chat, templateOf(template, words), { key });
}

async function post(
  { graph, context }: Sending,
  to: string,
  shown: Shown,
  options: { readonly key?: string; readonly signal?: AbortSignal } = {},
): Promise<string> {
  const { key, signal } = options;
  const { messages } = await graph.call(`${context.settings.phoneNumberId}/messages`, {
    answer: Sent,
    body: {
      messaging_product: "whatsapp",
      ...addressOf(to),
      ...shown,
      ...(key === undefined ? {} : { biz_opaque_callback_data: key }),
    },
    ...(signal === undefined ? {} : { signal }),
  });
  const [sent] = messages;
  if (sent === undefined) throw new AmbiguousSendError("whatsapp");
  return sent.id;
}

/** A status carries our key of the send it is about, and comes within seconds where the send arrived. */
async function reconcile({ known }: Sending, key: string): Promise<{ readonly sent: string } | "unknown"> {
  for (let waited = 0; waited < RECONCILE_MS; waited += RECONCILE_STEP_MS) {
    const sent = known.get(key);
    if (sent !== undefined) return { sent };
    await new Promise((resolve) => setTimeout(resolve, RECONCILE_STEP_MS));
  }
  return "unknown";
}

async function heed(sending: Sending, status: Status): Promise<void> {
  const { id, biz_opaque_callback_data: key, errors } = status;
  if (status.status !== "failed") {
    if (key !== undefined) sending.known.set(key, id);
    return;
  }
  const { settings, log } = sending.context;
  const codes = errors.map(({ code }) => code);
  const sent = sending.words.get(id);
  if (sent === undefined) return void sending.early.set(id, status);
  sending.words.delete(id);
  sending.early.delete(id);
  log.warn({ messageId: id, codes }, "WhatsApp could not deliver a message");
  if (settings.template !== undefined && codes.includes(WINDOW_CLOSED)) await sendTemplate(sending, sent, key ?? id);
  // The file only was at fault: its words stand.
  if (codes.some((code) => MEDIA_FAILED.has(code)))
    await post(sending, sent.chat, shownOf({ kind: "text", text: sent.words }), { key: key ?? id });
}

/** The person's own message: a pressed button's target names the message with the button instead. */
function inboundOf({ reference, replyTo }: ReplyTarget): string | undefined {
  const id = reference?.["messageId"];
  return typeof id === "string" ? id : replyTo;
}

function isWindowClosed(thrown: unknown): boolean {
  return (
    thrown instanceof PermanentSendError &&
    thrown.cause instanceof GraphError &&
    thrown.cause.failure.code === WINDOW_CLOSED
  );
}
