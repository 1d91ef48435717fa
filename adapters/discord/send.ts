/** Everything that goes out: messages, edits, reactions, typing, and the first answers to interactions. */
import { createHash } from "node:crypto";
import type { APIActionRowComponent, APIButtonComponent, APIStringSelectComponent, REST } from "discord.js";
import { z } from "zod";
import type { AdapterContext, AdapterSession, Outgoing } from "../../core/adapter.ts";
import { ParleyError } from "../../core/errors.ts";
import type { Choice, ReplyTarget } from "../../core/reply.ts";
import {
  AmbiguousSendError,
  MarkupRefusedError,
  PermanentSendError,
  RateLimitedError,
  TransientSendError,
} from "../../core/send-errors.ts";
import { MAX_CONTENT, MAX_FILE_BYTES } from "./manifest.ts";
import { customIdOf, Reference } from "./normalize.ts";
import { type DiscordPayload, shortLabel } from "./render.ts";
import type { DiscordSettings } from "./settings.ts";

type Discord = typeof import("discord.js");
type Row = APIActionRowComponent<APIButtonComponent | APIStringSelectComponent>;

const EPHEMERAL = 64;
/** Choices of one kind and up to this many are buttons in a row; more become a menu. */
const ROW = 5;
/** What a webhook call says when an interaction is over, was never answered, or its message is gone. */
const OVER: ReadonlySet<number | string> = new Set([10008, 10015, 10062, 50027]);
const UNKNOWN_MESSAGE = 10008;
const THREAD_EXISTS = 160004;

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

export type Sender = Required<Pick<AdapterSession<DiscordPayload>, "send" | "edit" | "remove" | "react" | "typing">>;

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

export function createSender(options: SenderOptions): Sender {
  const { discord, rest, applicationId, context } = options;
  const { Routes } = discord;
  const { settings } = context;
  const threads = new Set<string>();

  const call = async <Result>(plain: boolean, work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (thrown) {
      throw toSendError(discord, thrown, plain);
    }
  };

  /** The channel of an answer; a thread is opened when its first answer comes. */
  const channelOf = async (target: ReplyTarget, reference: Reference): Promise<string> => {
    const { chat, thread } = target;
    if (thread === undefined) return chat;
    if (reference.threadName === undefined || threads.has(thread) || options.hasThread(thread)) return thread;
    try {
      const body = { name: reference.threadName, auto_archive_duration: 1440 };
      await rest.post(Routes.threads(chat, thread), { body });
    } catch (thrown) {
      const code = thrown instanceof discord.DiscordAPIError ? thrown.code : undefined;
      // The question is gone, or stands where no thread can be: it is answered in the channel.
      if (code === UNKNOWN_MESSAGE) return chat;
      if (code !== THREAD_EXISTS) throw thrown;
    }
    threads.add(thread);
    return thread;
  };

  const directOf = async (userId: string): Promise<string> =>
    Sent.parse(await rest.post(Routes.userChannels(), { body: { recipient_id: userId } })).id;

  const byChannel = async (target: ReplyTarget, reference: Reference, isPrivate: boolean): Promise<Route> => ({
    via: "channel",
    channelId: isPrivate ? await directOf(target.userId) : await channelOf(target, reference),
  });

  const routeOf = async ({ target, payload, replyIndex, part }: Outgoing<DiscordPayload>): Promise<Route> => {
    const reference = Reference.parse(target.reference ?? {});
    const { interaction } = reference;
    const isPrivate = reference.isPrivate || payload.isPrivate;
    if (interaction === undefined) return await byChannel(target, reference, payload.isPrivate);
    await options.acknowledged(interaction.id);
    const { token, kind } = interaction;
    const isFirst = kind === "deferred" && replyIndex === 0 && part === 0;
    if (isFirst && reference.isPrivate === isPrivate) return { via: "original", token, isPrivate };
    if (!isPrivate) return await byChannel(target, reference, false);
    return { via: "follow-up", token, isPrivate, clears: isFirst };
  };

  const bodyOf = async (outgoing: Outgoing<DiscordPayload>, route: Route, isEdit: boolean) => {
    const { payload, target, part, replyIndex, key } = outgoing;
    const { files, notes } = await readFiles(payload, context.openFile);
    const isPrivate = route.via !== "channel" && route.isPrivate;
    const quotes = route.via === "channel" && !isEdit && part === 0 && replyIndex === 0 && isQuoted(target, settings);
    const body = {
      content: withNotes(payload.content, notes),
      embeds: payload.embeds,
      components: toComponents(payload.choices, target.userId),
      allowed_mentions: { parse: settings.mentions, replied_user: settings.pingAuthor },
      ...(files.length > 0 || isEdit ? { attachments: files.map(({ name }, id) => ({ id, filename: name })) } : {}),
      ...(route.via === "follow-up" && isPrivate ? { flags: EPHEMERAL } : {}),
      ...(quotes ? { message_reference: { message_id: target.replyTo, fail_if_not_exists: false } } : {}),
      ...(route.via === "channel" && !isEdit ? { nonce: nonceOf(context.account, key), enforce_nonce: true } : {}),
    };
    return { body, files };
  };

  /** Whether it worked; false where the interaction is over or the message is gone. */
  const byToken = async (work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (thrown) {
      if (!isOver(discord, thrown)) throw thrown;
      return false;
    }
  };

  const put = async (outgoing: Outgoing<DiscordPayload>, route: Route): Promise<string> => {
    const { signal } = outgoing;
    const request = { ...(await bodyOf(outgoing, route, false)), signal };
    if (route.via === "channel")
      return Sent.parse(await rest.post(Routes.channelMessages(route.channelId), request)).id;
    if (route.via === "follow-up" && route.clears === true)
      await byToken(
        async () => await rest.delete(Routes.webhookMessage(applicationId, route.token, "@original"), { auth: false }),
      );
    if (route.via === "follow-up")
      return Sent.parse(await rest.post(Routes.webhook(applicationId, route.token), { ...request, auth: false })).id;
    const original = Routes.webhookMessage(applicationId, route.token, "@original");
    return Sent.parse(await rest.patch(original, { ...request, auth: false })).id;
  };

  return {
    send: async (outgoing) =>
      await call(outgoing.payload.plain, async () => {
        const { target, payload } = outgoing;
        const route = await routeOf(outgoing);
        try {
          return { messageId: await put(outgoing, route) };
        } catch (thrown) {
          if (route.via === "channel" || !isOver(discord, thrown)) throw thrown;
          const reference = Reference.parse(target.reference ?? {});
          const instead = await byChannel(target, reference, payload.isPrivate || reference.isPrivate);
          return { messageId: await put(outgoing, instead) };
        }
      }),
    edit: async (outgoing, messageId) =>
      await call(outgoing.payload.plain, async () => {
        const { target, signal, payload } = outgoing;
        const reference = Reference.parse(target.reference ?? {});
        if (payload.isPrivate && reference.interaction === undefined)
          throw new PermanentSendError("discord", "what everybody saw cannot become private; it is said anew");
        const route = await routeOf(outgoing);
        const request = { ...(await bodyOf(outgoing, route, true)), signal };
        if (route.via !== "channel") {
          const address = Routes.webhookMessage(applicationId, route.token, messageId);
          if (await byToken(async () => await rest.patch(address, { ...request, auth: false }))) return;
        }
        const channelId = route.via === "channel" ? route.channelId : await channelOf(target, reference);
        await rest.patch(Routes.channelMessage(channelId, messageId), request);
      }),
    remove: async (target, messageId) =>
      await call(true, async () => {
        const reference = Reference.parse(target.reference ?? {});
        const { interaction, isPrivate } = reference;
        if (interaction !== undefined && (isPrivate || interaction.kind === "deferred")) {
          const address = Routes.webhookMessage(applicationId, interaction.token, messageId);
          if (await byToken(async () => await rest.delete(address, { auth: false }))) return;
        }
        const channelId = await channelOf(target, reference);
        // A message that is gone already is what was asked for.
        await byToken(async () => await rest.delete(Routes.channelMessage(channelId, messageId)));
      }),
    react: async (target, messageId, emoji) =>
      await call(true, async () => {
        const channelId = await channelOf(target, Reference.parse(target.reference ?? {}));
        await rest.put(Routes.channelMessageOwnReaction(channelId, messageId, encodeURIComponent(emoji)));
      }),
    typing: async ({ chat, thread, reference }, on) =>
      await call(true, async () => {
        const { interaction, threadName, isPrivate } = Reference.parse(reference ?? {});
        // "is thinking…" stands there already, or nobody else shall notice.
        if (!on || isPrivate || interaction?.kind === "deferred") return;
        const isOpen =
          thread !== undefined && (threadName === undefined || threads.has(thread) || options.hasThread(thread));
        await rest.post(Routes.channelTyping(isOpen ? thread : chat));
      }),
  };
}

function isQuoted({ replyTo, reference }: ReplyTarget, { quote }: DiscordSettings): boolean {
  if (replyTo === undefined || !/^\d+$/.test(replyTo) || quote === "never") return false;
  return quote === "always" || !Reference.parse(reference ?? {}).isDirect;
}

function isOver(discord: Discord, thrown: unknown): boolean {
  return thrown instanceof discord.DiscordAPIError && OVER.has(thrown.code);
}

/** At most 25 characters; the same for each try of one message. */
function nonceOf(account: string, key: string): string {
  return createHash("sha256").update(`${account}\n${key}`).digest("base64url").slice(0, 25);
}

/** The files that fit, and a line for each that does not. */
async function readFiles(
  { files }: DiscordPayload,
  openFile: (key: string) => Promise<AsyncIterable<Uint8Array>>,
): Promise<{
  readonly files: { name: string; data: Buffer; contentType: string }[];
  readonly notes: readonly string[];
}> {
  const read: { name: string; data: Buffer; contentType: string }[] = [];
  const notes: string[] = [];
  for (const { name, mediaType, spoolKey } of files) {
    const data = await readFile(await openOrNothing(openFile, spoolKey));
    if (data === undefined) notes.push(`-# ${shortLabel(name)} is no longer available.`);
    else if (data.byteLength <= MAX_FILE_BYTES) read.push({ name, data, contentType: mediaType });
    else notes.push(`-# ${shortLabel(name)} is too large for Discord.`);
  }
  return { files: read, notes };
}

async function openOrNothing(
  openFile: (key: string) => Promise<AsyncIterable<Uint8Array>>,
  key: string,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  try {
    return await openFile(key);
  } catch (thrown) {
    if (thrown instanceof ParleyError && !thrown.retryable) return undefined;
    throw new TransientSendError("discord", "a file could not be read", thrown);
  }
}

/** The bytes, up to a little more than can be sent. */
async function readFile(bytes: AsyncIterable<Uint8Array> | undefined): Promise<Buffer | undefined> {
  if (bytes === undefined) return undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > MAX_FILE_BYTES) break;
  }
  return Buffer.concat(chunks);
}

function withNotes(content: string, notes: readonly string[]): string {
  const whole = [content, ...notes].filter((line) => line !== "").join("\n");
  return whole.length <= MAX_CONTENT ? whole : content;
}

const BUTTON_STYLES = { primary: 1, default: 2, danger: 4 } as const;

/** Buttons, or a menu where they are many and alike. Both name the person who may press them without being told off. */
export function toComponents(choices: readonly Choice[], requesterId: string): readonly Row[] {
  const known = [...new Map(choices.map((choice) => [choice.id, choice])).values()];
  const alike = known.every(({ style = "default" }) => style === "default");
  if (known.length > ROW && alike) {
    const options = known.map(({ id, label }) => ({ label: shortLabel(label, 100), value: id }));
    return [
      { type: 1, components: [{ type: 3, custom_id: customIdOf("", requesterId), placeholder: "Choose…", options }] },
    ];
  }
  const buttons = known.map(({ id, label, style = "default" }): APIButtonComponent => ({
    type: 2,
    style: BUTTON_STYLES[style],
    label: shortLabel(label),
    custom_id: customIdOf(id, requesterId),
  }));
  const rows = Array.from({ length: Math.ceil(buttons.length / ROW) }, (_, row) =>
    buttons.slice(row * ROW, (row + 1) * ROW),
  );
  return rows.map((components) => ({ type: 1, components }));
}

const Components = z.array(z.looseObject({ components: z.array(z.looseObject({ custom_id: z.string().optional() })) }));
const Options = z.array(z.looseObject({ value: z.string() }));

/** The same buttons, to be looked at only; the chosen one keeps its colour. */
export function spentComponents(
  components: readonly unknown[],
  pressedId: string,
  values: readonly string[] = [],
): readonly unknown[] {
  return Components.parse(components).map((row) => ({
    ...row,
    components: row.components.map((one) => {
      const { custom_id: customId, style } = one;
      if ("options" in one) {
        const options = Options.parse(one["options"]).map((option) => ({
          ...option,
          default: values.includes(option.value),
        }));
        return { ...one, options, disabled: true };
      }
      return { ...one, disabled: true, style: customId === pressedId ? style : BUTTON_STYLES.default };
    }),
  }));
}

const REFUSED_CONNECTION = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;

/** What an error of the library means for a message. Its own errors hold the request, so they are not passed on. */
export function toSendError(discord: Discord, thrown: unknown, plain: boolean): Error {
  if (thrown instanceof ParleyError) return thrown;
  if (thrown instanceof discord.RateLimitError)
    return new RateLimitedError("discord", Math.max(1, Math.ceil(thrown.retryAfter)));
  if (thrown instanceof discord.DiscordAPIError)
    return fromApiError(thrown.status, thrown.code, thrown.rawError, plain);
  if (thrown instanceof discord.HTTPError)
    return new TransientSendError("discord", `Discord answered ${thrown.status}`);
  const code = codeOf(thrown);
  if (code !== undefined && REFUSED_CONNECTION.test(code)) return new TransientSendError("discord", code);
  // The library forgets a token that was refused, and then says so before it sends anything.
  if (thrown instanceof Error && thrown.message.startsWith("Expected token"))
    return new TransientSendError("discord", "the token is not valid any more");
  return thrown instanceof z.ZodError || code !== undefined || isAbort(thrown)
    ? new AmbiguousSendError("discord")
    : asError(thrown);
}

function fromApiError(status: number, code: number | string, raw: unknown, plain: boolean): Error {
  const words = typeof raw === "object" && raw !== null && "message" in raw ? String(raw.message) : "no reason given";
  const detail = `${words}, code ${code}`;
  if (status === 401 || status === 429) return new TransientSendError("discord", detail);
  if (code === 50035 && !plain) return new MarkupRefusedError("discord");
  return new PermanentSendError("discord", detail);
}

function codeOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined;
  if ("code" in thrown && typeof thrown.code === "string") return thrown.code;
  return thrown.cause === undefined ? undefined : codeOf(thrown.cause);
}

function isAbort(thrown: unknown): boolean {
  return thrown instanceof Error && (thrown.name === "AbortError" || thrown.name === "TimeoutError");
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new AmbiguousSendError("discord", thrown);
}
