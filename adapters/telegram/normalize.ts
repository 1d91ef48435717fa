import type { Normalized } from "../../core/adapter.ts";
import type { EventDraft } from "../../core/event.ts";
import { readChoiceData } from "./render.ts";
import type { Entity, Me, Membership, Message, Place, SentPoll, Update, User } from "./update.ts";
import { attachmentsOf, TelegramRaw, wordsOf } from "./update.ts";

/** One update of the Bot API as an event. */
export function normalizeTelegram(raw: unknown): Normalized {
  const parsed = TelegramRaw.safeParse(raw);
  if (!parsed.success) return { ignored: "not an update in a shape that is known" };
  const { me, update, at, poll } = parsed.data;
  if (update.message !== undefined) return fromMessage(update.message, me);
  if (update.edited_message !== undefined) return fromEdit(update.edited_message, me, update.update_id);
  if (update.callback_query !== undefined) return fromPress(update.callback_query, at);
  if (update.message_reaction !== undefined) return fromReaction(update.message_reaction, update.update_id);
  if (update.my_chat_member !== undefined) return fromMembership(update.my_chat_member, update.update_id);
  if (update.poll_answer !== undefined) return fromVote(update.poll_answer, poll, { updateId: update.update_id, at });
  return { ignored: "a kind of update that is not used" };
}

function fromMessage(message: Message, me: Me): Normalized {
  const common = commonOf(message, me);
  if ("ignored" in common) return common;
  const { text, entities } = wordsOf(message);
  const command = commandOf(text, entities, me);
  if (command === "another bot's") return { ignored: "a command for another bot", ...idsOf(message) };
  const key = `message:${message.chat.id}:${message.message_id}`;
  if (command === undefined) return { event: { ...common, type: "message", key, text: spoken(text, me) } };
  const { mentions: _mentions, replyTo: _replyTo, ...rest } = common;
  return { event: { ...rest, type: "command", key, ...command } };
}

/** An edit is known by its update: two of them may fall into one second. */
function fromEdit(message: Message, me: Me, updateId: number): Normalized {
  const common = commonOf(message, me);
  if ("ignored" in common) return common;
  if (message.location !== undefined) return { ignored: "a live location that moved", ...idsOf(message) };
  const { text } = wordsOf(message);
  const timestamp = isoTime(message.edit_date ?? message.date);
  const key = `edit:${message.chat.id}:${message.message_id}:${updateId}`;
  return { event: { ...common, type: "edit", key, timestamp, text: spoken(text, me) } };
}

const idsOf = ({ message_id: id, chat }: Pick<Message, "message_id" | "chat">) => ({
  messageId: String(id),
  chat: String(chat.id),
});

function commonOf(message: Message, me: Me) {
  if (message.chat.type === "channel") return { ignored: "a post in a channel", ...idsOf(message) };
  if (message.is_automatic_forward === true)
    return { ignored: "a channel's post that Telegram forwarded", ...idsOf(message) };
  const user = senderOf(message, me);
  const attachments = attachmentsOf(message);
  const { text, entities } = wordsOf(message);
  if (user === undefined) return { ignored: "a message without a sender", ...idsOf(message) };
  if (text === "" && attachments.length === 0)
    return { ignored: "a message without words or files", ...idsOf(message) };
  const replyTo = replyOf(message, me);
  return {
    messageId: String(message.message_id),
    chat: chatOf(message),
    user,
    timestamp: isoTime(message.date),
    attachments,
    mentions: mentionsOf(text, entities, me),
    ...(replyTo === undefined ? {} : { replyTo }),
  };
}

function chatOf({ chat, message_thread_id: thread, is_topic_message: isTopic }: Place): EventDraft["chat"] {
  return {
    id: String(chat.id),
    type: chat.type === "private" ? "direct" : "group",
    // Outside topics the same field only numbers a chain of answers.
    ...(isTopic === true && thread !== undefined ? { thread: String(thread) } : {}),
    ...(chat.title === undefined ? {} : { title: chat.title }),
  };
}

/** An anonymous administrator writes as the group, a channel as itself; `from` is a stand-in then. */
function senderOf({ from, sender_chat: sender }: Message, me: Me): EventDraft["user"] | undefined {
  if (sender !== undefined)
    return { id: String(sender.id), ...(sender.title === undefined ? {} : { name: sender.title }) };
  return from === undefined ? undefined : { ...userOf(from), isSelf: from.id === me.id };
}

function userOf({
  id,
  is_bot: isBot,
  first_name: first,
  last_name: last,
  language_code: locale,
}: User): EventDraft["user"] {
  const name = [first, last].filter((part) => part !== undefined && part !== "").join(" ");
  return { id: String(id), isBot, ...(name === "" ? {} : { name }), ...(locale === undefined ? {} : { locale }) };
}

/** In a topic, a message that answers nothing "answers" the message that opened the topic. */
function replyOf(
  { reply_to_message: original, quote, message_thread_id: thread, is_topic_message: isTopic }: Message,
  me: Me,
) {
  if (original === undefined || original.forum_topic_created !== undefined) return undefined;
  if (isTopic === true && original.message_id === thread) return undefined;
  const text = quote?.text ?? original.text ?? original.caption;
  return {
    messageId: String(original.message_id),
    isSelf: original.from?.id === me.id,
    ...(original.from === undefined ? {} : { userId: String(original.from.id) }),
    ...(text === undefined ? {} : { text: text.slice(0, 4_000) }),
  };
}

function mentionsOf(text: string, entities: readonly Entity[], me: Me) {
  return entities.flatMap(({ type, offset, length, user }) => {
    const name = text.slice(offset, offset + length);
    if (type === "text_mention" && user !== undefined) {
      return [{ userId: String(user.id), name, isSelf: user.id === me.id }];
    }
    if (type !== "mention") return [];
    const isSelf = isMe(name.slice(1), me);
    return [{ userId: isSelf ? String(me.id) : name, name, isSelf }];
  });
}

const isMe = (username: string, me: Me): boolean => username.toLowerCase() === me.username?.toLowerCase();

/** `/name@bot words` at the start of a message. */
function commandOf(text: string, entities: readonly Entity[], me: Me) {
  const entity = entities.find(({ type, offset }) => type === "bot_command" && offset === 0);
  if (entity === undefined) return undefined;
  const [name = "", bot] = text.slice(1, entity.length).split("@");
  if (bot !== undefined && !isMe(bot, me)) return "another bot's";
  return { name: name.toLowerCase(), text: text.slice(entity.length).trim() };
}

/** What is said to the bot, without its own name in front. */
function spoken(text: string, { username }: Me): string {
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
  const { chat, message_id: id, user, date, old_reaction: before, new_reaction: now } = reaction;
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
      user: userOf(user),
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
  if (option === undefined || vote.user === undefined) return { ignored: "a vote that was taken back, or of nobody" };
  const choiceId = poll.choiceIds[option];
  if (choiceId === undefined) return { ignored: "a vote for an option that the poll did not have" };
  return {
    event: {
      type: "action",
      key: `vote:${updateId}`,
      messageId: poll.messageId,
      chat: {
        id: poll.chat,
        type: poll.isGroup ? "group" : "direct",
        ...(poll.thread === null ? {} : { thread: poll.thread }),
      },
      user: userOf(vote.user),
      timestamp: isoTime(at / 1_000),
      choiceId,
    },
  };
}

const isoTime = (seconds: number): string => new Date(Math.round(seconds * 1_000)).toISOString();
