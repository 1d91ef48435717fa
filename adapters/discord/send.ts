/** Everything that goes out: messages, edits, reactions, typing. */
import { createHash } from "node:crypto";
import type { REST } from "discord.js";
import { z } from "zod";
import type { AdapterContext, AdapterSession, Outgoing, ReplyTarget } from "../../adapter.ts";
import { PermanentSendError, PlaceGoneError } from "../../adapter.ts";
import { type SentAs, isPlaceGone, toSendError } from "./errors.ts";
import { Reference } from "./gateway/payloads.ts";
import { MAX_CONTENT } from "./manifest.ts";
import { type DiscordPayload, toComponents } from "./render.ts";
import { readFiles } from "./read-files.ts";
import type { DiscordSettings } from "./settings.ts";
import type { Discord } from "./gateway/library.ts";
import { inThread, notOpened } from "./thread-gone.ts";

const EPHEMERAL = 64;
const UNKNOWN_MESSAGE = 10008;
const THREAD_EXISTS = 160004;
/** What a call by an interaction's token says when the interaction is over, or its message is gone. */
const OVER: ReadonlySet<number | string> = new Set([UNKNOWN_MESSAGE, 10015, 10062, 50027]);

const Sent = z.object({ id: z.string() });

export interface SenderOptions {
  readonly discord: Discord;
  readonly rest: Pick<REST, "get" | "post" | "patch" | "put" | "delete">;
  readonly applicationId: string;
  readonly context: Pick<AdapterContext<DiscordSettings>, "settings" | "openFile" | "account">;
  readonly hasThread: (threadId: string) => boolean;
  /** Resolves when the first answer to this interaction is out, however it ended. */
  readonly acknowledged: (interactionId: string) => Promise<void>;
}

interface Sending extends SenderOptions {
  /** Threads that are open for sure. */
  readonly threads: Set<string>;
}

type Message = Outgoing<DiscordPayload>;

/** Where one message goes: into a channel, or by an interaction's token. */
type Route =
  | { readonly via: "channel"; readonly channelId: string }
  | {
      readonly via: "original" | "follow-up";
      readonly token: string;
      readonly isPrivate: boolean;
      /** "is thinking…" is seen by others than the answer may be: it goes first, or the answer would take its place. */
      readonly clears?: boolean;
    };

export type Sender = Required<Pick<AdapterSession<DiscordPayload>, "send" | "edit" | "remove" | "react" | "typing">>;

export function createSender(options: SenderOptions): Sender {
  const sending: Sending = { ...options, threads: new Set() };
  const asSendErrors = async <Result>(sent: SentAs, work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (thrown) {
      throw toSendError(options.discord, thrown, sent);
    }
  };
  return {
    send: async (outgoing) =>
      await asSendErrors(sentAs(outgoing), async () => ({ messageId: await send(sending, outgoing) })),
    edit: async (outgoing, messageId) =>
      await asSendErrors(sentAs(outgoing), async () => await edit(sending, outgoing, messageId)),
    remove: async (target, messageId) =>
      await asSendErrors(WORDS, async () => await remove(sending, target, messageId)),
    react: async (target, messageId, emoji) =>
      await asSendErrors(WORDS, async () => {
        const { Routes } = options.discord;
        const channelId = await channelOf(sending, target);
        await options.rest.put(Routes.channelMessageOwnReaction(channelId, messageId, encodeURIComponent(emoji)));
      }),
    typing: async (target, on) =>
      await asSendErrors(WORDS, async () => (on ? await showTyping(sending, target) : undefined)),
  };
}

const WORDS: SentAs = { plain: true, hasFiles: false };

const sentAs = ({ payload }: Message): SentAs => ({ plain: payload.plain, hasFiles: payload.files.length > 0 });

async function send(sending: Sending, outgoing: Message): Promise<string> {
  const route = await routeOf(sending, outgoing);
  if (route.via === "channel") return await post(sending, outgoing, route.channelId);
  const { rest, discord, applicationId } = sending;
  const { Routes } = discord;
  const original = Routes.webhookMessage(applicationId, route.token, "@original");
  const request = { ...(await requestOf(sending, outgoing, route)), auth: false };
  try {
    if (route.via === "original") return Sent.parse(await rest.patch(original, request)).id;
    if (route.clears === true) await succeeds(sending, async () => await rest.delete(original, { auth: false }));
    return Sent.parse(await rest.post(Routes.webhook(applicationId, route.token), request)).id;
  } catch (thrown) {
    // Older than fifteen minutes, or never answered in time: then as the bot itself, and what is private directly.
    if (!isOver(sending, thrown)) throw thrown;
    const channelId = route.isPrivate
      ? await directOf(sending, outgoing.target)
      : await channelOf(sending, outgoing.target);
    return await post(sending, outgoing, channelId);
  }
}

async function post(sending: Sending, outgoing: Message, channelId: string): Promise<string> {
  const { rest, discord } = sending;
  const request = await requestOf(sending, outgoing, { via: "channel", channelId });
  return await inPlace(sending, { outgoing, channelId }, async () => {
    return Sent.parse(await rest.post(discord.Routes.channelMessages(channelId), request)).id;
  });
}

/** The call for a message in a channel, which may be a thread that is gone. */
async function inPlace<Result>(
  sending: Sending,
  { outgoing, channelId }: { readonly outgoing: Message; readonly channelId: string },
  work: () => Promise<Result>,
): Promise<Result> {
  const { target, payload } = outgoing;
  const { discord, threads } = sending;
  const hasFiles = payload.files.length > 0;
  try {
    return await inThread(
      { discord, target, channelId, hasFiles, directOf: async (one) => await directOf(sending, one) },
      work,
    );
  } catch (thrown) {
    if (thrown instanceof PlaceGoneError) threads.delete(channelId);
    throw thrown;
  }
}

async function edit(sending: Sending, outgoing: Message, messageId: string): Promise<void> {
  const { rest, discord, applicationId } = sending;
  const { target, payload } = outgoing;
  if (payload.isPrivate && referenceOf(target).interaction === undefined)
    throw new PermanentSendError("discord", "what everybody saw cannot become private; it is said anew");
  const route = await routeOf(sending, outgoing);
  const request = await requestOf(sending, outgoing, route, true);
  if (route.via !== "channel") {
    const address = discord.Routes.webhookMessage(applicationId, route.token, messageId);
    if (await succeeds(sending, async () => await rest.patch(address, { ...request, auth: false }))) return;
  }
  const channelId = route.via === "channel" ? route.channelId : await channelOf(sending, target);
  await inPlace(sending, { outgoing, channelId }, async () => {
    await rest.patch(discord.Routes.channelMessage(channelId, messageId), request);
  });
}

async function remove(sending: Sending, target: ReplyTarget, messageId: string): Promise<void> {
  const { rest, discord, applicationId } = sending;
  const { interaction, isPrivate } = referenceOf(target);
  if (interaction !== undefined && (isPrivate || interaction.kind === "deferred")) {
    const address = discord.Routes.webhookMessage(applicationId, interaction.token, messageId);
    if (await succeeds(sending, async () => await rest.delete(address, { auth: false }))) return;
  }
  const channelId = await channelOf(sending, target);
  // A message that is gone already is what was asked for.
  await succeeds(sending, async () => await rest.delete(discord.Routes.channelMessage(channelId, messageId)));
}

async function showTyping({ rest, discord, threads, hasThread }: Sending, target: ReplyTarget): Promise<void> {
  const { chat, thread } = target;
  const { interaction, threadName, isPrivate } = referenceOf(target);
  // "is thinking…" stands there already, or nobody else shall notice.
  if (isPrivate || interaction?.kind === "deferred") return;
  const isOpen = thread !== undefined && (threadName === undefined || threads.has(thread) || hasThread(thread));
  await rest.post(discord.Routes.channelTyping(isOpen ? thread : chat));
}

async function routeOf(sending: Sending, { target, payload, replyIndex, part }: Message): Promise<Route> {
  const reference = referenceOf(target);
  const { interaction } = reference;
  const isPrivate = reference.isPrivate || payload.isPrivate;
  if (interaction === undefined) {
    const isApart = payload.isPrivate && !reference.isDirect;
    return { via: "channel", channelId: isApart ? await directOf(sending, target) : await channelOf(sending, target) };
  }
  await sending.acknowledged(interaction.id);
  const { token, kind } = interaction;
  const isFirst = kind === "deferred" && replyIndex === 0 && part === 0;
  if (isFirst && reference.isPrivate === isPrivate) return { via: "original", token, isPrivate };
  if (!isPrivate) return { via: "channel", channelId: await channelOf(sending, target) };
  return { via: "follow-up", token, isPrivate, clears: isFirst };
}

/** The channel of an answer; a thread is opened when its first answer comes. */
async function channelOf({ rest, discord, threads, hasThread }: Sending, target: ReplyTarget): Promise<string> {
  const { chat, thread } = target;
  const { threadName } = referenceOf(target);
  if (thread === undefined) return chat;
  if (threadName === undefined || threads.has(thread) || hasThread(thread)) return thread;
  try {
    await rest.post(discord.Routes.threads(chat, thread), { body: { name: threadName, auto_archive_duration: 1440 } });
  } catch (thrown) {
    const code = thrown instanceof discord.DiscordAPIError ? thrown.code : undefined;
    // The question is gone: it is answered in the channel.
    if (code === UNKNOWN_MESSAGE) return chat;
    if (isPlaceGone(discord, thrown, false)) throw notOpened(target, thrown);
    if (code !== THREAD_EXISTS) throw thrown;
  }
  threads.add(thread);
  return thread;
}

async function directOf({ rest, discord }: Sending, { userId }: ReplyTarget): Promise<string> {
  return Sent.parse(await rest.post(discord.Routes.userChannels(), { body: { recipient_id: userId } })).id;
}

/** Body and files of one call. */
async function requestOf(sending: Sending, outgoing: Message, route: Route, isEdit = false) {
  const { settings, account, openFile } = sending.context;
  const { payload, target, part, replyIndex, key, signal } = outgoing;
  const { files, notes } = await readFiles(payload, openFile);
  const isNew = route.via === "channel" && !isEdit;
  const isQuoting = isNew && part === 0 && replyIndex === 0 && isQuoted(target, settings);
  const body = {
    content: withNotes(payload.content, notes),
    embeds: payload.embeds,
    components: toComponents(payload.choices, target.userId),
    allowed_mentions: { parse: settings.mentions, replied_user: settings.pingAuthor },
    ...(files.length > 0 || isEdit ? { attachments: files.map(({ name }, id) => listed({ name, id }, payload)) } : {}),
    ...(route.via === "follow-up" ? { flags: EPHEMERAL } : {}),
    ...(isQuoting ? { message_reference: { message_id: target.replyTo, fail_if_not_exists: false } } : {}),
    ...(isNew ? { nonce: nonceOf(account, key), enforce_nonce: true } : {}),
  };
  return { body, files, signal };
}

/** A file of the body, with what a picture shows for people who do not see it. */
function listed({ name, id }: { readonly name: string; readonly id: number }, payload: Message["payload"]) {
  const alt = payload.files.find((file) => file.name === name)?.alt;
  return { id, filename: name, ...(alt !== undefined && { description: alt }) };
}

function referenceOf(target: ReplyTarget): Reference {
  return Reference.parse(target.reference ?? {});
}

function isQuoted(target: ReplyTarget, { quote }: DiscordSettings): boolean {
  if (quote === "never" || !/^\d+$/.test(target.replyTo ?? "")) return false;
  return quote === "always" || !referenceOf(target).isDirect;
}

/** False where the interaction is over, or the message is gone. */
async function succeeds(sending: Sending, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (thrown) {
    if (!isOver(sending, thrown)) throw thrown;
    return false;
  }
}

function isOver({ discord }: Sending, thrown: unknown): boolean {
  return thrown instanceof discord.DiscordAPIError && OVER.has(thrown.code);
}

/** At most 25 characters; the same for each try of one message. */
function nonceOf(account: string, key: string): string {
  return createHash("sha256").update(`${account}\n${key}`).digest("base64url").slice(0, 25);
}

function withNotes(content: string, notes: readonly string[]): string {
  const whole = [content, ...notes].filter((line) => line !== "").join("\n");
  return whole.length <= MAX_CONTENT ? whole : content;
}
