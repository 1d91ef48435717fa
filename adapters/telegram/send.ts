/** Calls to the Bot API: what is sent, and what its refusals mean. */
import type { Api } from "grammy";
import type { ReactionTypeEmoji } from "grammy/types";
import { z } from "zod";
import type { AdapterContext, AdapterSession, Outgoing, ReplyTarget, SendReceipt } from "../../adapter.ts";
import { PermanentSendError } from "../../adapter.ts";
import { refusalIn, toLibrarySignal } from "./probe.ts";
import { fileErrorOf, isFileRefusal, isGroup, isReplyGone, toSendError } from "./send-errors.ts";
import { type RichSupport, richOrMarked } from "./rich-or-marked.ts";
import type { TelegramPayload } from "./render.ts";
import { keyboardOf } from "./render.ts";
import type { TelegramSettings } from "./settings.ts";
import type { SentPoll } from "./update.ts";

export interface SenderOptions {
  readonly api: Api;
  readonly settings: TelegramSettings;
  readonly openFile: AdapterContext<TelegramSettings>["openFile"];
  /** Keeps what a vote in this poll will mean. */
  readonly rememberPoll: (pollId: string, poll: SentPoll) => Promise<void>;
  /** Notes that a group has another id now. */
  readonly moved: (before: string, now: string) => Promise<void>;
}

interface Parts extends SenderOptions {
  readonly rich: RichSupport;
}

type Sender = Required<
  Pick<AdapterSession<TelegramPayload>, "send" | "edit" | "remove" | "react" | "typing" | "preview">
>;

/** Everything that an account can say and do in its chats. */
export function createSender(given: SenderOptions): Sender {
  const { api, settings } = given;
  const rich: RichSupport = { possible: settings.richMessages };
  const options = { ...given, rich };
  const drafts = { possible: settings.drafts };
  return {
    send: async (outgoing) => {
      try {
        return await sendToChat(outgoing, options);
      } catch (thrown) {
        return await sendAgain(thrown, outgoing, options).catch((again: unknown) => {
          throw toSendError(again, outgoing);
        });
      }
    },
    edit: async (outgoing, messageId) => {
      const { payload } = outgoing;
      if (payload.file !== undefined || payload.poll || isForOne(messageId)) {
        throw new PermanentSendError("telegram", "only words can be edited into a message");
      }
      await translated(async () => await editWords(outgoing, messageId, options), /message is not modified/u);
    },
    remove: async (target, messageId) =>
      await translated(async () => {
        const { chat, userId } = target;
        const [, kind, id = messageId] = FOR_ONE.exec(messageId) ?? [];
        if (kind === "ephemeral") await api.raw.deleteEphemeralMessage(ephemeralOf(id, target));
        else await api.deleteMessage(Number(kind === "private" ? userId : chat), Number(id));
      }, /message to delete not found/u),
    react: async (target, messageId, emoji) =>
      await translated(async () => {
        const reaction = { type: "emoji" as const, emoji: Emoji.parse(emoji.replaceAll("\uFE0F", "")) };
        await api.setMessageReaction(Number(target.chat), Number(messageId), [reaction]);
      }),
    typing: async ({ chat, thread }, on) => {
      if (!on) return;
      const place = thread === undefined ? {} : { message_thread_id: Number(thread) };
      await translated(async () => void (await api.sendChatAction(Number(chat), "typing", place)));
    },
    preview: async (outgoing) => {
      const { target, payload, eventId } = outgoing;
      if (!drafts.possible || isGroup(target.chat) || payload.text === "") return false;
      const { text, entities } = wordsOf(outgoing);
      const place = target.thread === undefined ? {} : { message_thread_id: Number(target.thread) };
      const call = { chat_id: Number(target.chat), draft_id: draftIdOf(eventId), text, entities, ...place };
      try {
        await api.raw.sendMessageDraft(call, toLibrarySignal(outgoing.signal));
        return true;
      } catch (thrown) {
        const code = refusalIn(thrown)?.error_code;
        if (code !== 404 && code !== 400) throw toSendError(thrown);
        // A Bot API server that has no drafts: from now on text streams by edits.
        drafts.possible = false;
        return false;
      }
    },
  };
}

async function editWords(outgoing: Outgoing<TelegramPayload>, messageId: string, { api, rich }: Parts): Promise<void> {
  const { payload, target, signal } = outgoing;
  const one = { chat_id: Number(target.chat), message_id: Number(messageId) };
  await richOrMarked<unknown>(rich, payload, {
    rich: async (blocks) => {
      const call = { ...one, rich_message: { blocks }, ...markupOf(payload, target) };
      return await api.raw.editMessageText(call, toLibrarySignal(signal));
    },
    marked: async () => await api.raw.editMessageText({ ...one, ...wordsOf(outgoing) }, toLibrarySignal(signal)),
  });
}

/** Which emojis are reactions is Telegram's to say: it refuses the others. */
const Emoji = z.custom<ReactionTypeEmoji["emoji"]>((value) => typeof value === "string" && value !== "");

/** Ids of messages that one person of a group sees: an ephemeral one, or one in that person's own chat. */
const FOR_ONE = /^(ephemeral|private)-(\d+)$/u;
const isForOne = (messageId: string): boolean => FOR_ONE.test(messageId);

function ephemeralOf(id: string, { chat, userId }: ReplyTarget) {
  return { chat_id: Number(chat), receiver_user_id: Number(userId), ephemeral_message_id: Number(id) };
}

/** A number that is the same for all pieces of one answer. */
function draftIdOf(eventId: string): number {
  let hash = 7;
  for (const character of eventId) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 2_147_483_629;
  return hash + 1;
}

/** Does it, with failures in the framework's words. `fine`: a refusal that says that it is done already. */
async function translated<Result>(work: () => Promise<Result>): Promise<Result>;
async function translated(work: () => Promise<void>, fine: RegExp): Promise<void>;
async function translated(work: () => Promise<unknown>, fine?: RegExp): Promise<unknown> {
  try {
    return await work();
  } catch (thrown) {
    if (fine?.test(refusalIn(thrown)?.description ?? "") === true) return undefined;
    throw toSendError(thrown);
  }
}

/** A send that failed because its place has changed goes to the place as it is now; any other failure is thrown on. */
async function sendAgain(thrown: unknown, outgoing: Outgoing<TelegramPayload>, options: Parts): Promise<SendReceipt> {
  const moved = refusalIn(thrown)?.parameters.migrate_to_chat_id;
  const { replyTo, ...target } = outgoing.target;
  if (replyTo !== undefined && isReplyGone(thrown)) return await sendToChat({ ...outgoing, target }, options);
  if (moved === undefined) throw thrown;
  // The group became a supergroup: it goes on under another id.
  await options.moved(target.chat, String(moved));
  return await sendToChat({ ...outgoing, target: { ...target, chat: String(moved) } }, options);
}

/** What the Bot API says of a message that it has sent. */
interface Sent {
  readonly message_id: number;
  readonly ephemeral_message_id?: number;
}

async function sendToChat(outgoing: Outgoing<TelegramPayload>, options: Parts): Promise<SendReceipt> {
  const { payload, target } = outgoing;
  if (payload.requesterOnly && isGroup(target.chat)) return await sendToRequester(outgoing, options);
  return { messageId: String((await sendMessage(outgoing, options)).message_id) };
}

/** Seen by one person of a group alone; where that cannot be, in that person's own chat. Never by all. */
async function sendToRequester(outgoing: Outgoing<TelegramPayload>, options: Parts): Promise<SendReceipt> {
  const { chat, userId } = outgoing.target;
  try {
    const sent = await sendMessage(outgoing, options);
    if (sent.ephemeral_message_id !== undefined) return { messageId: `ephemeral-${sent.ephemeral_message_id}` };
    // A server that does not know the word has shown it to everybody.
    await options.api.deleteMessage(Number(chat), sent.message_id);
  } catch (thrown) {
    if (refusalIn(thrown)?.error_code !== 400) throw thrown;
  }
  const sent = await sendMessage({ ...outgoing, target: { chat: userId, userId } }, options);
  return { messageId: `private-${sent.message_id}` };
}

async function sendMessage(outgoing: Outgoing<TelegramPayload>, options: Parts): Promise<Sent> {
  const { payload, signal } = outgoing;
  if (payload.file !== undefined) return await sendFile(outgoing, options);
  if (payload.poll) return await sendPollOf(outgoing, options);
  const { api, rich } = options;
  return await richOrMarked<Sent>(rich, payload, {
    rich: async (blocks) => {
      const call = { ...placeOf(outgoing), rich_message: { blocks }, ...markupOf(payload, outgoing.target) };
      return await api.raw.sendRichMessage(call, toLibrarySignal(signal));
    },
    marked: async () =>
      await api.raw.sendMessage({ ...placeOf(outgoing), ...wordsOf(outgoing) }, toLibrarySignal(signal)),
  });
}

const PressedButton = z.object({ callbackQueryId: z.string() });

/** Where it goes: the chat and its topic; in a group, as an answer to the message that asked. */
function placeOf({ target, payload, part, replyIndex }: Outgoing<TelegramPayload>) {
  const { chat, thread, replyTo, userId, reference } = target;
  const query = PressedButton.safeParse(reference);
  return {
    chat_id: Number(chat),
    ...(thread === undefined ? {} : { message_thread_id: Number(thread) }),
    ...(isGroup(chat) && replyTo !== undefined && part === 0 && replyIndex === 0 && !payload.requesterOnly
      ? { reply_parameters: { message_id: Number(replyTo), allow_sending_without_reply: true } }
      : {}),
    ...(payload.requesterOnly && isGroup(chat)
      ? {
          ephemeral_message_parameters: {
            receiver_user_id: Number(userId),
            ...(query.success ? { callback_query_id: query.data.callbackQueryId } : {}),
          },
        }
      : {}),
  };
}

function wordsOf({ payload, target }: Outgoing<TelegramPayload>) {
  return {
    text: payload.text,
    entities: [...payload.entities],
    link_preview_options: { is_disabled: !payload.linkPreviews },
    ...markupOf(payload, target),
  };
}

function markupOf({ choices }: TelegramPayload, { userId }: ReplyTarget) {
  if (choices.length === 0) return {};
  return { reply_markup: { inline_keyboard: keyboardOf(choices, userId).map((row) => [...row]) } };
}

async function sendPollOf(outgoing: Outgoing<TelegramPayload>, options: SenderOptions): Promise<Sent> {
  const { payload, target, signal } = outgoing;
  const { text, choices } = payload;
  const call = {
    ...placeOf(outgoing),
    question: text,
    options: choices.map(({ label }) => ({ text: label })),
    is_anonymous: false,
  };
  const sent = await options.api.raw.sendPoll(call, toLibrarySignal(signal));
  await options.rememberPoll(sent.poll.id, {
    chat: target.chat,
    isGroup: isGroup(target.chat),
    thread: target.thread ?? null,
    messageId: String(sent.message_id),
    choiceIds: choices.map(({ id }) => id),
  });
  return sent;
}

async function sendFile(outgoing: Outgoing<TelegramPayload>, options: SenderOptions): Promise<Sent> {
  const mediaType = outgoing.payload.file?.mediaType ?? "";
  const method = FILE_METHODS[mediaType] ?? "sendDocument";
  try {
    return await sendFileAs(method, outgoing, options);
  } catch (thrown) {
    // A picture that Telegram cannot show (too large, too long, broken) still goes as a file.
    if (method === "sendDocument" || !isFileRefusal(thrown)) throw fileErrorOf(thrown);
    return await sendFileAs("sendDocument", outgoing, options).catch((refused: unknown) => {
      throw fileErrorOf(refused);
    });
  }
}

type FileMethod = "sendPhoto" | "sendVoice" | "sendAudio" | "sendVideo" | "sendDocument";
/** Media that have a view of their own in the client. */
const FILE_METHODS: Readonly<Record<string, FileMethod>> = {
  "image/jpeg": "sendPhoto",
  "image/png": "sendPhoto",
  "image/webp": "sendPhoto",
  "audio/ogg": "sendVoice",
  "audio/mpeg": "sendAudio",
  "video/mp4": "sendVideo",
};

async function sendFileAs(
  method: FileMethod,
  outgoing: Outgoing<TelegramPayload>,
  { api, openFile }: SenderOptions,
): Promise<Sent> {
  const { payload, target } = outgoing;
  const { file, text, entities } = payload;
  const grammy = await import("grammy");
  const input = new grammy.InputFile(await openFile(file?.spoolKey ?? ""), file?.name ?? "file");
  const signal = toLibrarySignal(outgoing.signal);
  const call = { ...placeOf(outgoing), caption: text, caption_entities: [...entities], ...markupOf(payload, target) };
  return await {
    sendPhoto: async () => await api.raw.sendPhoto({ ...call, photo: input }, signal),
    sendVoice: async () => await api.raw.sendVoice({ ...call, voice: input }, signal),
    sendAudio: async () => await api.raw.sendAudio({ ...call, audio: input }, signal),
    sendVideo: async () => await api.raw.sendVideo({ ...call, video: input }, signal),
    sendDocument: async () => await api.raw.sendDocument({ ...call, document: input }, signal),
  }[method]();
}
