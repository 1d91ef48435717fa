/** A person at their Telegram client. */
import type { Acknowledgement, CompletePerson, LocalFile, SayOptions, Waiting } from "../../../core/testing/index.ts";
import { isReaction } from "./account-methods.ts";
import { toChat, toMessage, toUser } from "./bot-view.ts";
import { findEntities } from "./entities.ts";
import { messagesFor } from "./screen.ts";
import type { Updates } from "./updates.ts";
import type { LocalUser, MessageDraft, Room, StoredMessage, World } from "./world.ts";
import { fileKindOf } from "./world.ts";

export interface PersonContext {
  readonly world: World;
  readonly updates: Updates;
  readonly presses: Waiting<string>;
}

/** How long a client shows a button as busy. */
const BUSY_MS = 15_000;

/** Nothing like this can be done in a Telegram client now. */
class ClientError extends Error {
  override readonly name = "ClientError";
}

export function createPerson(user: LocalUser, context: PersonContext): CompletePerson {
  const { world } = context;
  const me = { ...context, user };
  return {
    id: String(user.id),
    name: user.first_name,
    say: async (text, options) => say(text, options, me),
    edit: async (id, text) => edit(find(id, world), text, me),
    // The Bot API tells a bot nothing of a deleted message.
    remove: async (id) => {
      find(id, world).removed = true;
      world.changed();
    },
    react: async (id, emoji) => react(find(id, world), emoji, me),
    press: async (id, label) => await press(find(id, world), label, me),
    command: async (name, text = "", { chat } = {}): Promise<Acknowledgement> => {
      if (!world.menu.some(({ command }) => command === name)) throw new ClientError(`the menu has no /${name}`);
      const at = roomFor(chat, me).type === "private" ? "" : `@${world.bot.username}`;
      say(`/${name}${at} ${text}`.trim(), chat === undefined ? {} : { chat }, me);
      return { acknowledged: true, withinMs: 0 };
    },
    sees: (chat) => messagesFor(user.id, roomFor(chat, me), world),
    seesTyping: (chat) => {
      const { id } = roomFor(chat, me);
      return (world.typingUntil.get(id) ?? 0) > Date.now() || world.drafts.has(id);
    },
    openThread: async (id, title) => openTopic(find(id, world).room, title, me),
  };
}

interface Me extends PersonContext {
  readonly user: LocalUser;
}

function roomFor(chat: string | undefined, { user, world }: Me): Room {
  const room = world.rooms.get(chat === undefined ? user.id : Number(chat));
  if (room?.members.has(user.id) === true) return room;
  throw new ClientError(`${user.first_name} is in no chat ${chat}`);
}

function find(id: string, world: World): StoredMessage {
  const message = world.messages.get(Number(id));
  if (message === undefined || message.removed) throw new ClientError(`there is no message ${id}`);
  return message;
}

function post(draft: Omit<MessageDraft, "from">, { user, world, updates }: Me): StoredMessage {
  const message = world.put({ ...draft, from: user, entities: findEntities(draft.text ?? "") });
  if (reachesBot(message, world)) updates.add("message", toMessage(message, world));
  return message;
}

/** A message for each file, the words with the first. */
function say(text: string, options: SayOptions = {}, me: Me): string {
  const { chat, thread, replyTo, files = [], mentionBot = false } = options;
  const place = {
    room: roomFor(chat, me),
    thread: thread === undefined ? undefined : Number(thread),
    replyTo: replyTo === undefined ? undefined : Number(replyTo),
  };
  const words = mentionBot ? `@${me.world.bot.username} ${text}` : text;
  const [first, ...others] = files;
  const message = post({ ...place, text: words, file: first && upload(first, me.world) }, me);
  for (const one of others) post({ ...place, file: upload(one, me.world) }, me);
  return String(message.id);
}

function edit(message: StoredMessage, text: string, { user, world, updates }: Me): void {
  if (message.from.id !== user.id) throw new ClientError("only one's own messages can be edited");
  Object.assign(message, { text, entities: findEntities(text), editedAt: Date.now() });
  if (reachesBot(message, world)) updates.add("edited_message", toMessage(message, world));
  world.changed();
}

function react(message: StoredMessage, emoji: string, { user, world, updates }: Me): void {
  if (!isReaction(emoji)) throw new ClientError(`Telegram has no reaction ${emoji}`);
  const asTypes = (emojis: readonly string[]) => emojis.map((one) => ({ type: "emoji", emoji: one }));
  const before = message.reactions.get(user.id) ?? [];
  message.reactions.set(user.id, [emoji]);
  // In a group a bot hears of reactions as an administrator only, and here it is none.
  if (message.room.type === "private") {
    updates.add("message_reaction", {
      chat: toChat(message.room, world),
      message_id: message.id,
      user: toUser(user),
      date: Math.floor(Date.now() / 1_000),
      old_reaction: asTypes(before),
      new_reaction: asTypes([emoji]),
    });
  }
  world.changed();
}

/** A topic of a group; the group is a forum from then on. */
function openTopic(room: Room, title: string, { user, world, updates }: Me): string {
  if (room.type === "private") throw new ClientError("a private chat has no topics");
  const opened = world.put({
    room,
    from: user,
    service: { forum_topic_created: { name: title, icon_color: 7_322_096 } },
  });
  room.topics.set(opened.id, title);
  updates.add("message", { ...toMessage(opened, world), message_thread_id: opened.id, is_topic_message: true });
  return String(opened.id);
}

/** Privacy mode: in a group a bot gets commands, messages that name it, and answers to its own. */
function reachesBot({ room, text, entities, replyTo }: StoredMessage, world: World): boolean {
  if (!room.botIsMember) return false;
  if (room.type === "private") return true;
  const answered = replyTo === undefined ? undefined : world.messages.get(replyTo);
  return (
    answered?.from === world.bot ||
    entities.some(
      ({ type, offset, length }) =>
        (type === "bot_command" && offset === 0) ||
        (type === "mention" && text.slice(offset, offset + length).toLowerCase() === `@${world.bot.username}`),
    )
  );
}

function upload({ name, mediaType, bytes }: LocalFile, world: World): NonNullable<StoredMessage["file"]> {
  return world.keepFile({ kind: fileKindOf(mediaType), name, mediaType, bytes });
}

async function press(
  message: StoredMessage,
  label: string,
  { user, world, updates, presses }: Me,
): Promise<Acknowledgement> {
  const option = message.poll?.options.indexOf(label) ?? -1;
  if (message.poll !== undefined && option >= 0) {
    message.poll.votes.set(user.id, option);
    updates.add("poll_answer", { poll_id: message.poll.id, user: toUser(user), option_ids: [option] });
    world.changed();
    return { acknowledged: true, withinMs: 0 };
  }
  const button = message.buttons.flat().find(({ text }) => text === label);
  if (button?.callback_data === undefined) throw new ClientError(`message ${message.id} shows no button "${label}"`);
  const id = String(world.newId());
  world.presses.set(id, Date.now());
  const answered = presses.wait(id, BUSY_MS);
  updates.add("callback_query", {
    id,
    from: toUser(user),
    message: toMessage(message, world),
    chat_instance: String(message.room.id),
    data: button.callback_data,
  });
  const { withinMs = BUSY_MS, answer = "" } = (await answered) ?? {};
  return { acknowledged: withinMs < BUSY_MS, withinMs, notice: answer === "" ? undefined : answer };
}
