/** What the browser's process is asked to do, on the real library. */
import type { Client, Message, MessageSendOptions } from "whatsapp-web.js";
import wweb from "whatsapp-web.js";
import type { Call } from "../protocol.ts";
import { idOf } from "./raw.ts";

const { MessageAck, MessageMedia, Poll } = wweb;

/** How long a send may take until WhatsApp's server has it; afterwards it is in doubt. */
const SENT_MS = 30_000;
const WATCH_MS = 10_000;
/** Messages that are looked through for one chat at most. */
const CATCH_UP_MOST = 800;
const CATCH_UP_FIRST = 50;

/** A call that did nothing, and why. */
export class RefusedCall extends Error {
  override readonly name = "RefusedCall";
}

export interface Calls {
  readonly run: (call: Call) => Promise<object>;
  /** Resolves when no send is under way; then `isSent` knows all ids. */
  readonly settled: () => Promise<void>;
  readonly isSent: (messageId: string) => boolean;
}

export interface CallsOptions {
  readonly client: Client;
  /** False where WhatsApp's page chooses the ids itself. */
  readonly choosesIds: boolean;
  /** Hands in a message that arrived while nobody listened. */
  readonly onMissed: (message: Message) => Promise<void>;
}

/** The calls of one connected client. Sends follow each other, so that each gets the id that was chosen for it. */
export function createCalls(options: CallsOptions): Calls {
  const sent = new Set<string>();
  let sending: Promise<unknown> = Promise.resolve();
  const inTurn = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = sending.then(work);
    sending = result.catch(() => undefined);
    return await result;
  };
  return {
    run: async (call) => {
      const isSend = call.name === "send-text" || call.name === "send-poll" || call.name === "send-file";
      if (!isSend) return await perform(options, call);
      const message = await inTurn(async () => (await loaded(options.client, call.id)) ?? (await send(options, call)));
      sent.add(idOf(message.id));
      return await outcomeOf(message);
    },
    settled: async () => void (await sending),
    isSent: (messageId) => sent.has(messageId),
  };
}

type Send = Extract<Call, { name: `send-${string}` }>;

async function send({ client, choosesIds }: CallsOptions, call: Send): Promise<Message> {
  if (choosesIds) await client.pupPage?.evaluate(`window.parleyChooseMessageId(${JSON.stringify(call.id)})`);
  const options: MessageSendOptions = {
    sendSeen: false,
    linkPreview: false,
    waitUntilMsgSent: true,
    ...(call.quoted === undefined ? {} : { quotedMessageId: call.quoted }),
  };
  const sent = within(SENT_MS, client.sendMessage(call.chat, contentOf(call), { ...options, ...shapeOf(call) }));
  const message: Message | undefined | null = await sent;
  if (message === undefined || message === null) throw new RefusedCall("WhatsApp knows no such chat");
  return message;
}

function contentOf(call: Send): Parameters<Client["sendMessage"]>[1] {
  switch (call.name) {
    case "send-text":
      return call.text;
    case "send-poll":
      // The library takes the defaults for what its types want in full.
      return new Poll(call.question, [...call.options], { allowMultipleAnswers: false, messageSecret: undefined });
    case "send-file":
      return new MessageMedia(call.mediaType, Buffer.from(call.bytes).toString("base64"), call.fileName);
  }
}

/** Pictures, sounds and films are shown; everything else is a document with its name. */
function shapeOf(call: Send): MessageSendOptions {
  if (call.name !== "send-file") return {};
  const caption = call.caption === undefined ? {} : { caption: call.caption };
  return /^(?:image|audio|video)\//u.test(call.mediaType) ? caption : { ...caption, sendMediaAsDocument: true };
}

async function outcomeOf(message: Message): Promise<{ readonly messageId: string; readonly failed: boolean }> {
  const failed = message.ack === MessageAck.ACK_ERROR;
  // What failed stays in the chat with a warning sign: the next try must not stand beside it.
  if (failed) await message.delete(false).catch(() => undefined);
  return { messageId: idOf(message.id), failed };
}

async function perform(options: CallsOptions, call: Exclude<Call, Send>): Promise<object> {
  const { client } = options;
  switch (call.name) {
    case "find": {
      const message = await find(client, call.chat, call.id);
      return message === undefined ? {} : { message: await outcomeOf(message) };
    }
    case "edit": {
      const edited = await (await messageOf(client, call.messageId)).edit(call.text, { linkPreview: false });
      if (edited === null) throw new RefusedCall("WhatsApp lets it be edited for 15 minutes, and by its author");
      return {};
    }
    case "remove":
      await (await messageOf(client, call.messageId)).delete(true);
      return {};
    case "react":
      await (await messageOf(client, call.messageId)).react(call.emoji);
      return {};
    case "typing":
      await showTyping(client, call);
      return {};
    case "download":
      return await download(client, call.messageId);
    case "catch-up":
      await catchUp(options, call.since);
      return {};
    case "watch":
      return { state: await within(WATCH_MS, client.getState()) };
  }
}

async function showTyping(client: Client, { chat, on }: Extract<Call, { name: "typing" }>): Promise<void> {
  const found = await client.getChatById(chat);
  if (!on) return void (await found.clearState());
  await client.sendSeen(chat);
  await found.sendStateTyping();
}

async function download(client: Client, messageId: string): Promise<{ readonly bytes: Uint8Array }> {
  const media = await (await messageOf(client, messageId)).downloadMedia();
  const found: typeof media | undefined = media;
  if (found === undefined) throw new RefusedCall("the media is no longer on WhatsApp's servers");
  return { bytes: new Uint8Array(Buffer.from(found.data, "base64")) };
}

async function messageOf(client: Client, messageId: string): Promise<Message> {
  const message: Message | null = await client.getMessageById(messageId);
  if (message === null) throw new RefusedCall("WhatsApp knows no such message");
  return message;
}

/** An own message by its id alone: WhatsApp may have filed it under the chat's number or under its LID. */
async function find(client: Client, chatId: string, id: string): Promise<Message | undefined> {
  const message = await loaded(client, id);
  if (message !== undefined) return message;
  const chat = await client.getChatById(chatId);
  const recent = await chat.fetchMessages({ limit: CATCH_UP_FIRST, fromMe: true });
  return recent.find((one) => one.id.id === id);
}

/** The same, among the messages that the page has at hand. */
async function loaded(client: Client, id: string): Promise<Message | undefined> {
  const whole: unknown = await client.pupPage?.evaluate(
    `window.require("WAWebCollections").Msg.getModelsArray().find((one) => one.id.fromMe && one.id.id === ${JSON.stringify(id)})?.id._serialized`,
  );
  return typeof whole === "string" ? await messageOf(client, whole) : undefined;
}

async function catchUp({ client, onMissed }: CallsOptions, since: number): Promise<void> {
  const active: unknown = await client.pupPage?.evaluate(
    `window.require("WAWebCollections").Chat.getModelsArray().filter((chat) => chat.t >= ${since}).map((chat) => chat.id._serialized)`,
  );
  const ids = Array.isArray(active) ? active.filter((id) => typeof id === "string") : [];
  const missed: Message[] = [];
  for (const id of ids) missed.push(...(await messagesSince(client, id, since)));
  for (const message of missed.toSorted((left, right) => left.timestamp - right.timestamp)) await onMissed(message);
}

async function messagesSince(client: Client, chatId: string, since: number): Promise<readonly Message[]> {
  const chat = await client.getChatById(chatId);
  for (let limit = CATCH_UP_FIRST; ; limit *= 2) {
    const messages = await chat.fetchMessages({ limit });
    const oldest = messages[0]?.timestamp ?? 0;
    if (messages.length < limit || oldest < since || limit >= CATCH_UP_MOST)
      return messages.filter(({ timestamp }) => timestamp >= since);
  }
}

async function within<Result>(ms: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
