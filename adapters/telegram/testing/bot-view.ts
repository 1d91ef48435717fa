/** The world as the Bot API shows it to the bot. */
import { toRichMessage } from "./rich.ts";
import type { LocalUser, Room, StoredFile, StoredMessage, StoredPoll, World } from "./world.ts";

type Fields = Readonly<Record<string, unknown>>;

const seconds = (ms: number): number => Math.floor(ms / 1_000);

/** The API's `Chat`. */
export function toChat(room: Room, world: World): Fields {
  if (room.type === "private") {
    const user = world.users.get(room.id);
    return { id: room.id, type: "private", first_name: user?.first_name, username: user?.username };
  }
  return { id: room.id, type: "supergroup", title: room.title, ...(room.topics.size > 0 ? { is_forum: true } : {}) };
}

/** The API's `Message`, with what it answers, one level deep. */
export function toMessage(message: StoredMessage, world: World): Fields {
  return { ...bare(message, world), ...repliedTo(message, world) };
}

/** A message in a topic that answers nothing still "replies" to the service message that opened the topic. */
function repliedTo(message: StoredMessage, world: World): Fields {
  const id = message.replyTo ?? message.thread;
  const original = id === undefined ? undefined : world.messages.get(id);
  return original === undefined || original.removed ? {} : { reply_to_message: bare(original, world) };
}

function bare(message: StoredMessage, world: World): Fields {
  const { id, from, room, at, editedAt, thread, text, entities, buttons, file, poll, rich, service, onlyFor } = message;
  const words = file === undefined ? { text, entities } : { caption: text, caption_entities: entities };
  const forOne = { message_id: 0, ephemeral_message_id: id, receiver_user: world.users.get(onlyFor ?? 0) };
  return {
    ...(onlyFor === undefined ? { message_id: id } : forOne),
    from: toUser(from),
    chat: toChat(room, world),
    date: seconds(at),
    edit_date: editedAt === undefined ? undefined : seconds(editedAt),
    message_thread_id: thread,
    is_topic_message: thread === undefined ? undefined : true,
    ...(text === "" ? {} : words),
    rich_message: rich && toRichMessage(rich),
    ...(file === undefined ? {} : toFile(file)),
    poll: poll && toPoll(poll),
    reply_markup: buttons.length === 0 ? undefined : { inline_keyboard: buttons },
    ...service,
  };
}

function toPoll({ id, question, options, votes }: StoredPoll): Fields {
  const counts = options.map((_, index) => [...votes.values()].filter((vote) => vote === index).length);
  return {
    id,
    question,
    options: options.map((text, index) => ({ text, voter_count: counts[index] })),
    total_voter_count: votes.size,
    is_closed: false,
    is_anonymous: false,
    type: "regular",
    allows_multiple_answers: false,
  };
}

/** The API's `User`. */
export function toUser(user: LocalUser): Fields {
  return { ...user };
}

function toFile({ id, kind, name, mediaType, bytes }: StoredFile): Fields {
  const common = { file_id: id, file_unique_id: `u-${id}`, file_size: bytes.byteLength };
  if (kind === "photo") {
    return {
      photo: [
        { ...common, file_id: `${id}-small`, file_unique_id: `u-${id}-small`, width: 90, height: 90 },
        { ...common, width: 800, height: 800 },
      ],
    };
  }
  const named = { ...common, file_name: name, mime_type: mediaType };
  if (kind === "document") return { document: named };
  return { [kind]: { ...(kind === "voice" ? { ...common, mime_type: mediaType } : named), duration: 3 } };
}
