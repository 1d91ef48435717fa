import type { AdapterContext, AdapterSession, Outgoing } from "../../../adapter.ts";
import {
  AmbiguousSendError,
  AttachmentUnknownError,
  FileRefusedError,
  ParleyError,
  PermanentSendError,
  TransientSendError,
} from "../../../adapter.ts";
import type { WhatsappPart } from "../render.ts";
import type { WebSettings } from "../settings.ts";
import type { Browser } from "./browser.ts";
import { BrowserCallError } from "./browser.ts";
import { messageIdFor } from "./message-ids.ts";
import type { Polls } from "./polls.ts";
import type { Call } from "./protocol.ts";
import { Downloaded, FoundMessage, Nothing, SentMessage } from "./protocol.ts";

type Sender = Required<
  Pick<AdapterSession<WhatsappPart>, "send" | "edit" | "remove" | "react" | "typing" | "reconcile" | "fetchAttachment">
>;

type Context = Pick<AdapterContext<WebSettings>, "account" | "settings" | "openFile">;

/** The sending half of a WhatsApp Web session. */
export function createWebSender(browser: Browser, polls: Polls, context: Context): Sender {
  const { account, openFile } = context;
  const doing = async (call: Call): Promise<void> => {
    await asSend(browser.call(call, Nothing));
  };
  return {
    send: async (outgoing) => {
      const { payload, target, key, signal } = outgoing;
      signal.throwIfAborted();
      const id = messageIdFor(account, key);
      // Before the poll is seen: the first vote may come at once.
      if (payload.kind === "poll")
        await polls.remember(
          target.chat,
          id,
          payload.options.map((option) => option.id),
        );
      const quoted = quotedBy(outgoing, context.settings);
      const to = { chat: toChatId(target.chat), ...(quoted === undefined ? {} : { quoted }) };
      if (payload.kind === "poll" && payload.words !== undefined)
        await sendOne(browser, {
          name: "send-text",
          ...to,
          id: messageIdFor(account, `${key}.words`),
          text: payload.words,
        });
      const messageId = await sendPayload(browser, { payload, to: { ...to, id }, openFile });
      if (payload.kind === "poll") await rememberOther(polls, outgoing, { id, messageId });
      return { messageId };
    },
    edit: async ({ payload }, messageId) => {
      if (payload.kind !== "text") throw new PermanentSendError("whatsapp", "only texts can be edited");
      await doing({ name: "edit", messageId, text: payload.text });
    },
    remove: async (_target, messageId) => await doing({ name: "remove", messageId }),
    react: async (_target, messageId, emoji) => await doing({ name: "react", messageId, emoji }),
    typing: async ({ chat }, on) => await doing({ name: "typing", chat: toChatId(chat), on }),
    reconcile: async ({ target, key }) => {
      if (!browser.status().choosesIds) return "unknown";
      try {
        const found = await browser.call(
          { name: "find", chat: toChatId(target.chat), id: messageIdFor(account, key) },
          FoundMessage,
        );
        // A message that WhatsApp Web has, it sends: it keeps what waits for the connection.
        return found.message === undefined || found.message.failed ? "not-sent" : { sent: found.message.messageId };
      } catch {
        // Nobody can be asked now.
        return "unknown";
      }
    },
    fetchAttachment: async ({ reference }) => {
      const messageId = reference["messageId"];
      if (typeof messageId !== "string") throw new AttachmentUnknownError("on WhatsApp: no message is named");
      const { bytes } = await asSend(browser.call({ name: "download", messageId }, Downloaded));
      return oneChunk(bytes);
    },
  };
}

interface Addressing {
  readonly payload: WhatsappPart;
  readonly to: Addressed;
  readonly openFile: Context["openFile"];
}

/** A file that is refused, or gone, costs itself and not its words. */
async function sendPayload(browser: Browser, { payload, to, openFile }: Addressing): Promise<string> {
  try {
    return await sendOne(browser, sendCall(payload, to, await bytesFor(payload, openFile)));
  } catch (thrown) {
    if (payload.kind !== "file" || !(thrown instanceof ParleyError)) throw thrown;
    const isRefused = thrown instanceof PermanentSendError || thrown.code.startsWith("attachment/");
    throw isRefused ? new FileRefusedError("whatsapp", thrown.code, thrown) : thrown;
  }
}

/** Sent before under this id, in an earlier try, it is not sent again. */
async function sendOne(browser: Browser, call: Call): Promise<string> {
  const { messageId, failed } = await asSend(browser.call(call, SentMessage));
  if (failed) throw new TransientSendError("whatsapp", "WhatsApp did not take the message");
  return messageId;
}

function quotedBy({ target, part }: Outgoing<WhatsappPart>, { quote }: WebSettings): string | undefined {
  const quotes = quote === "always" || (quote === "groups" && target.chat.endsWith("@g.us"));
  return quotes && part === 0 ? target.replyTo : undefined;
}

interface Addressed {
  readonly chat: string;
  readonly id: string;
  readonly quoted?: string;
}

function sendCall(part: WhatsappPart, to: Addressed, bytes: Uint8Array<ArrayBuffer>): Call {
  switch (part.kind) {
    case "poll": {
      const { quoted: _quoted, ...below } = to;
      const above = part.words === undefined ? to : below;
      return { name: "send-poll", ...above, question: part.question, options: part.options.map(({ label }) => label) };
    }
    case "file": {
      const { name: fileName, mediaType, caption } = part;
      return { name: "send-file", ...to, fileName, mediaType, bytes, ...(caption === undefined ? {} : { caption }) };
    }
    case "text":
      return { name: "send-text", ...to, text: part.text };
    case "buttons":
    case "list":
      // Rendered for the Cloud API alone; here their words are kept.
      return {
        name: "send-text",
        ...to,
        text: [part.text, ...part.options.map(({ label }) => `- ${label}`)].join("\n"),
      };
  }
}

/** Where WhatsApp chose another id than ours, the poll is known by that one. */
async function rememberOther(
  polls: Polls,
  { payload, target }: Outgoing<WhatsappPart>,
  { id, messageId }: { readonly id: string; readonly messageId: string },
): Promise<void> {
  const actual = messageId.split("_")[2];
  if (actual === undefined || actual === id || payload.kind !== "poll") return;
  await polls.remember(
    target.chat,
    actual,
    payload.options.map((option) => option.id),
  );
}

/** WhatsApp's id of a chat: numbers are written without their domain everywhere else. */
export function toChatId(chat: string): string {
  return chat.includes("@") ? chat : `${chat}@c.us`;
}

async function asSend<Answer>(call: Promise<Answer>): Promise<Answer> {
  try {
    return await call;
  } catch (thrown) {
    if (!(thrown instanceof BrowserCallError)) throw new AmbiguousSendError("whatsapp", thrown);
    if (thrown.kind === "not-ready") throw new TransientSendError("whatsapp", thrown.message, thrown);
    if (thrown.kind === "refused") throw new PermanentSendError("whatsapp", thrown.message, thrown);
    throw new AmbiguousSendError("whatsapp", thrown);
  }
}

async function bytesFor(part: WhatsappPart, openFile: Context["openFile"]): Promise<Uint8Array<ArrayBuffer>> {
  if (part.kind !== "file") return new Uint8Array();
  const chunks: Uint8Array[] = [];
  for await (const chunk of await openFile(part.spoolKey)) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
