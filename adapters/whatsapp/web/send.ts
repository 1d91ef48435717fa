import type { AdapterContext, AdapterSession, Outgoing } from "../../../core/adapter.ts";
import { AttachmentUnknownError } from "../../../core/attachments/index.ts";
import { AmbiguousSendError, PermanentSendError, TransientSendError } from "../../../core/send-errors.ts";
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
      const { payload, target, key } = outgoing;
      const id = messageIdFor(account, key);
      // Before the poll is seen: the first vote may come at once.
      if (payload.kind === "poll")
        await polls.remember(
          target.chat,
          id,
          payload.options.map((option) => option.id),
        );
      const call = sendCall(outgoing, { id, settings: context.settings, bytes: await bytesFor(payload, openFile) });
      const { messageId, failed } = await asSend(browser.call(call, SentMessage));
      if (failed) throw new TransientSendError("whatsapp", "WhatsApp did not take the message");
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

interface Sending {
  readonly id: string;
  readonly settings: WebSettings;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

function sendCall({ payload, target, part }: Outgoing<WhatsappPart>, { id, settings, bytes }: Sending): Call {
  const chat = toChatId(target.chat);
  const quotes = settings.quote === "always" || (settings.quote === "groups" && chat.endsWith("@g.us"));
  const quoted = quotes && part === 0 && target.replyTo !== undefined ? { quoted: target.replyTo } : {};
  const to = { chat, id, ...quoted };
  switch (payload.kind) {
    case "poll": {
      const options = payload.options.map(({ label }) => label);
      return { name: "send-poll", ...to, question: payload.question, options };
    }
    case "file":
      return { name: "send-file", ...to, fileName: payload.name, mediaType: payload.mediaType, bytes };
    case "text":
      return { name: "send-text", ...to, text: payload.text };
    case "buttons":
    case "list":
      // Rendered for the Cloud API alone; here their words are kept.
      return {
        name: "send-text",
        ...to,
        text: [payload.text, ...payload.options.map(({ label }) => `- ${label}`)].join("\n"),
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
  yield await Promise.resolve(bytes);
}
