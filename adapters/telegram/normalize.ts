import type { EventDraft, Identity, NormalizeContext, Normalized } from "../../adapter.ts";
import type { Entity } from "./content.ts";
import { attachmentsOf, typedWords, wordsOf } from "./content.ts";
import { markWords } from "./mark-words.ts";
import { readChoiceData } from "./render.ts";
import type { Membership, Message, Place, SentPoll, Update } from "./update.ts";
import { TelegramRaw } from "./update.ts";
import { actorOf, authorOf, userOf } from "./who.ts";

/** One update of the Bot API as an event. */
export function normalizeTelegram(
  raw: unknown,
  { identity: me }: Pick<NormalizeContext<unknown>, "identity">,
): Normalized {
  const parsed = TelegramRaw.safeParse(raw);
  if (!parsed.success) return { ignored: "not an update in a shape that is known" };
  const { update, at, poll } = parsed.data;
  if (update.message !== undefined) return fromMessage(update.message, me);
  if (update.edited_message !== undefined) return fromEdit(update.edited_message, me, update.update_id);
  if (update.callback_query !== undefined) return fromPress(update.callback_query, at);
  if (update.message_reaction !== undefined) return fromReaction(update.message_reaction, update.update_id);
  if (update.my_chat_member !== undefined) return fromMembership(update.my_chat_member, update.update_id);
  if (update.poll_answer !== undefined) return fromVote(update.poll_answer, poll, { updateId: update.update_id, at });
  return { ignored: "a kind of update that is not used" };
}

function fromMessage(message: Message, me: Identity): Normalized {
  const { text, entities } = typedWords(message);
  const words = markWords(text, entities);
  const common = commonOf(message, { text, entities, words }, me);
  if ("ignored" in common) return common;
  const command = common.forwarded === undefined ? commandOf({ text, words }, entities, me) : undefined;
  if (command === "another bot's") return { ignored: "a command for another bot", ...idsOf(message) };
  const key = `message:${message.chat.id}:${message.message_id}`;
  if (command === undefined)
    return {
      event: {
        ...common,
        type: "message",
        key,
        text: common.forwarded === undefined ? spoken(words, me) : "",
        ...(message.media_group_id !== undefined && { album: message.media_group_id }),
      },
    };
  const { mentions: _mentions, unreadable: _unreadable, forwarded: _forwarded, ...rest } = common;
  return { event: { ...rest, type: "command", key, ...command } };
}

/** An edit is known by its update: two of them may fall into one second. */
function fromEdit(message: Message, me: Identity, updateId: number): Normalized {
  const { text, entities } = typedWords(message);
  const words = markWords(text, entities);
  const common = commonOf(message, { text, entities, words }, me);
  if ("ignored" in common) return common;
  if (message.location !== undefined) return { ignored: "a live location that moved", ...idsOf(message) };
  const timestamp = isoTime(message.edit_date ?? message.date);
  const key = `edit:${message.chat.id}:${message.message_id}:${updateId}`;
  return { event: { ...common, type: "edit", key, timestamp, text: common.forwarded ? "" : spoken(words, me) } };
}

const idsOf = ({ message_id: id, chat }: Pick<Message, "message_id" | "chat">) => ({
  messageId: String(id),
  chat: String(chat.id),
});

/** What a message says: as it was typed, with its marks, and as Markdown. */
type Said = ReturnType<typeof typedWords> & { readonly words: string };

function commonOf(message: Message, { text, entities, words }: Said, me: Identity) {
  if (message.chat.type === "channel") return { ignored: "a post in a channel", ...idsOf(message) };
  if (message.is_automatic_forward === true)
    return { ignored: "a channel's post that Telegram forwarded", ...idsOf(message) };
  // An anonymous administrator writes as the group, a channel as itself; `from` is a stand-in then.
  const user = actorOf(message.from, message.sender_chat);
  if (user === undefined) return { ignored: "a message without a sender", ...idsOf(message) };
  const attachments = attachmentsOf(message, message.message_id);
  const isEmpty = text === "" && attachments.length === 0;
  const unreadable = isEmpty ? UNREAD.find((kind) => message[kind] !== undefined) : undefined;
  if (isEmpty && unreadable === undefined) return { ignored: "a message without words or files", ...idsOf(message) };
  return {
    messageId: String(message.message_id),
    chat: chatOf(message),
    user,
    timestamp: isoTime(message.date),
    mentions: mentionsOf(text, entities, me),
    ...(unreadable === undefined ? {} : { unreadable }),
    ...relationsOf(message, { text: words, attachments: [...attachments] }, me),
  };
}

/** Whose words and files it holds, and what it answers. What was handed on is nobody's own. */
function relationsOf(
  message: Message,
  content: { readonly text: string; readonly attachments: ReturnType<typeof attachmentsOf>[number][] },
  me: Identity,
) {
  const { from, sender_chat: sender, forward_origin: origin } = message;
  const { reply_to_message: original, external_reply: external } = message;
  const replyTo = original === undefined ? external && elsewhereOf(external, message) : replyOf(original, message, me);
  return {
    ...(sender === undefined && isOwn(from, me) ? { echo: true } : {}),
    attachments: origin === undefined ? content.attachments : [],
    ...(origin !== undefined && { forwarded: [{ ...authorOf(origin), ...content }] }),
    ...(replyTo === undefined ? {} : { replyTo }),
  };
}

/** What a person can send and is not read here. What has none of these is Telegram's own note. */
const UNREAD = ["story", "paid_media", "giveaway", "invoice", "game", "checklist", "rich_message"] as const;

function chatOf({ chat, message_thread_id: thread, is_topic_message: isTopic }: Place): EventDraft["chat"] {
  return {
    id: String(chat.id),
    type: chat.type === "private" ? "direct" : "group",
    // Outside topics the same field only numbers a chain of answers.
    ...(isTopic === true && thread !== undefined ? { thread: String(thread) } : {}),
    ...(chat.title === undefined ? {} : { title: chat.title }),
  };
}

/** In a topic, a message that answers nothing "answers" the message that opened the topic. */
function replyOf(original: NonNullable<Message["reply_to_message"]>, message: Message, me: Identity) {
  const { message_thread_id: thread, is_topic_message: isTopic, reply_to_checklist_task_id: taskId } = message;
  // The line of a list that is answered.
  const task = taskId === undefined ? undefined : original.checklist?.tasks.find(({ id }) => id === taskId);
  const quote = message.quote ?? task;
  if (original.forum_topic_created !== undefined) return undefined;
  if (isTopic === true && original.message_id === thread) return undefined;
  const { from, sender_chat: chat, forward_origin: origin } = original;
  const speaker = origin === undefined ? speakerOf(actorOf(from, chat)) : { ...authorOf(origin), isForwarded: true };
  const text = wordsOf(original);
  return {
    messageId: String(original.message_id),
    isSelf: isOwn(from, me),
    ...speaker,
    ...(quote === undefined ? {} : { quote: quote.text }),
    ...(text === "" ? {} : { text }),
    attachments: [...attachmentsOf(original, original.message_id)],
  };
}

/** An answer to a message of another chat, of which Telegram shows the part that was quoted, and the files. */
function elsewhereOf(external: NonNullable<Message["external_reply"]>, { quote }: Message) {
  const { message_id: id, origin } = external;
  const text = wordsOf(external);
  return {
    ...authorOf(origin),
    ...(quote === undefined ? {} : { quote: quote.text }),
    isExternal: true,
    ...(id === undefined ? {} : { messageId: String(id) }),
    ...(text === "" ? {} : { text }),
    attachments: [...attachmentsOf(external, id ?? 0)],
  };
}

function speakerOf(user: EventDraft["user"] | undefined): { readonly userId?: string; readonly userName?: string } {
  if (user === undefined) return {};
  return { userId: user.id, ...(user.name === undefined ? {} : { userName: user.name }) };
}

function mentionsOf(text: string, entities: readonly Entity[], me: Identity) {
  return entities.flatMap(({ type, offset, length, user }) => {
    const name = text.slice(offset, offset + length);
    if (type === "text_mention" && user !== undefined)
      return [{ userId: String(user.id), name, isSelf: isOwn(user, me) }];
    if (type !== "mention") return [];
    const isSelf = isMe(name.slice(1), me);
    return [{ userId: isSelf ? (me.userIds[0] ?? name) : name, name, isSelf }];
  });
}

const isMe = (username: string, me: Identity): boolean => username.toLowerCase() === me.name?.toLowerCase();
const isOwn = (user: { readonly id: number } | undefined, me: Identity): boolean =>
  user !== undefined && me.userIds.includes(String(user.id));

/** `/name@bot words` at the start of a message. */
function commandOf(
  { text, words }: { readonly text: string; readonly words: string },
  entities: readonly Entity[],
  me: Identity,
) {
  const entity = entities.find(({ type, offset }) => type === "bot_command" && offset === 0);
  if (entity === undefined) return undefined;
  const [name = "", bot] = text.slice(1, entity.length).split("@");
  if (bot !== undefined && !isMe(bot, me)) return "another bot's";
  return { name: name.toLowerCase(), text: words.slice(entity.length).trim() };
}

/** What is said to the bot, without its own name in front. */
function spoken(text: string, { name: username }: Identity): string {
  if (username === undefined || !text.toLowerCase().startsWith(`@${username.toLowerCase()}`)) return text;
  const rest = text.slice(username.length + 1);
  return /^\w/u.test(rest) ? text : rest.replace(/^[\s,:]+/u, "");
}

function fromPress({ id, from, data, message }: NonNullable<Update["callback_query"]>, at: number): Normalized {
  if (message === undefined) return { ignored: "a button of a message that is no longer at hand" };
  const { choiceId } = readChoiceData(data ?? "");
  if (choiceId === "") return { ignored: "a button without a choice", ...idsOf(message) };
  return {
    event: {
      type: "action",
      key: `press:${id}`,
      messageId: String(message.message_id),
      chat: chatOf(message),
      user: userOf(from),
      timestamp: isoTime(at / 1_000),
      choiceId,
      reference: { callbackQueryId: id },
    },
  };
}

function fromReaction(reaction: NonNullable<Update["message_reaction"]>, updateId: number): Normalized {
  const { chat, message_id: id, date, old_reaction: before, new_reaction: now } = reaction;
  const user = actorOf(reaction.user, reaction.actor_chat);
  const added = now.find((emoji) => !before.includes(emoji));
  const emoji = added ?? before.find((one) => !now.includes(one));
  if (user === undefined || emoji === undefined)
    return { ignored: "a reaction without a person or a change", ...idsOf(reaction) };
  return {
    event: {
      type: "reaction",
      key: `reaction:${updateId}`,
      messageId: String(id),
      chat: chatOf({ chat, message_id: id }),
      user,
      timestamp: isoTime(date),
      emoji,
      added: added !== undefined,
    },
  };
}

function fromMembership(change: NonNullable<Update["my_chat_member"]>, updateId: number): Normalized {
  const { chat, from, date, old_chat_member: before, new_chat_member: now } = change;
  if (isIn(before) === isIn(now)) return { ignored: "a change of the bot's rights in a chat" };
  if (chat.type === "channel") return { ignored: "a channel that the bot was added to or removed from" };
  return {
    event: {
      type: "membership",
      key: `membership:${updateId}`,
      chat: chatOf({ chat, message_id: 0 }),
      user: userOf(from),
      timestamp: isoTime(date),
      change: isIn(now) ? "added" : "removed",
    },
  };
}

/** In a private chat, `kicked` is a person who blocked the bot. */
function isIn({ status, is_member: isMember }: Membership): boolean {
  return status === "restricted" ? isMember === true : status !== "left" && status !== "kicked";
}

function fromVote(
  vote: NonNullable<Update["poll_answer"]>,
  poll: SentPoll | undefined,
  { updateId, at }: { readonly updateId: number; readonly at: number },
): Normalized {
  const [option] = vote.option_ids;
  if (poll === undefined) return { ignored: "a vote in a poll that was not sent from here" };
  const user = actorOf(vote.user, vote.voter_chat);
  if (option === undefined || user === undefined) return { ignored: "a vote that was taken back, or of nobody" };
  const thread = poll.thread === null ? {} : { thread: poll.thread };
  const choiceId = poll.choiceIds[option];
  if (choiceId === undefined) return { ignored: "a vote for an option that the poll did not have" };
  return {
    event: {
      type: "action",
      key: `vote:${updateId}`,
      messageId: poll.messageId,
      chat: { id: poll.chat, type: poll.isGroup ? "group" : "direct", ...thread },
      user,
      timestamp: isoTime(at / 1_000),
      choiceId,
    },
  };
}

const isoTime = (seconds: number): string => new Date(Math.round(seconds * 1_000)).toISOString();
