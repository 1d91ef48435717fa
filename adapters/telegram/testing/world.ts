/** What the local Telegram knows: people, chats, messages, files. Plain state; the rules are in the other files. */
import { createChanges } from "../../../core/testing/index.ts";
import type { LocalEntity } from "./entities.ts";
import type { LocalBlock } from "./rich.ts";

export interface LocalUser {
  readonly id: number;
  readonly is_bot: boolean;
  readonly first_name: string;
  readonly username?: string;
  readonly language_code?: string;
}

/** A chat: a person's own with the bot (its id is the person's), or a group. */
export interface Room {
  readonly id: number;
  readonly type: "private" | "supergroup";
  readonly title: string;
  readonly members: Set<number>;
  /** Names of its topics by thread id. A group with topics is a forum. */
  readonly topics: Map<number, string>;
  botIsMember: boolean;
  /** Topics in which only administrators may write, and whether files may be sent. */
  readonly closedTopics: Set<number>;
  filesForbidden?: boolean;
  /** The group became a supergroup with this id. */
  movedTo?: number;
}

export type FileKind = "photo" | "document" | "audio" | "voice" | "video";

export interface StoredFile {
  readonly id: string;
  readonly kind: FileKind;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

export interface InlineButton {
  readonly text: string;
  readonly callback_data?: string | undefined;
  readonly url?: string | undefined;
  readonly style?: "primary" | "success" | "danger" | undefined;
}

export interface StoredPoll {
  readonly id: string;
  readonly question: string;
  readonly options: readonly string[];
  /** Index of the option that a person voted for. */
  readonly votes: Map<number, number>;
}

export interface StoredMessage {
  readonly id: number;
  readonly room: Room;
  readonly thread?: number | undefined;
  readonly from: LocalUser;
  readonly at: number;
  readonly replyTo?: number | undefined;
  readonly file?: StoredFile | undefined;
  readonly poll?: StoredPoll;
  /** Fields of a service message: it is in the chat but says nothing. */
  readonly service?: Readonly<Record<string, unknown>>;
  /** An ephemeral message is seen by this person alone. */
  readonly onlyFor?: number | undefined;
  text: string;
  entities: readonly LocalEntity[];
  /** A rich message has blocks instead of a text. */
  rich?: readonly LocalBlock[] | undefined;
  buttons: readonly (readonly InlineButton[])[];
  readonly reactions: Map<number, readonly string[]>;
  editedAt?: number;
  removed: boolean;
}

/** A message before the world gives it its id and time. */
export type MessageDraft = Pick<StoredMessage, "room" | "from"> &
  Partial<Omit<StoredMessage, "id" | "at" | "room" | "from" | "reactions" | "removed">>;

export interface BotCommand {
  readonly command: string;
  readonly description: string;
}

export type World = ReturnType<typeof createWorld>;

interface Settings {
  menu: readonly BotCommand[];
  /** Whether messages for one person are known: an older server ignores the word, or refuses it. */
  ephemeral: "known" | "ignored" | "refused";
  /** An older server has no method for rich messages, and does not see them in an edit. */
  knowsRich: boolean;
  /** Why the next rich message is refused. */
  refusesRich?: string | undefined;
}

/** An empty Telegram with one bot. */
export function createWorld(botId: number) {
  const settings: Settings = { menu: [], ephemeral: "known", knowsRich: true };
  const bot = { id: botId, is_bot: true, first_name: "Parley", username: "parley_local_bot" };
  const changes = createChanges();
  const state = { id: 1_000 };
  const newId = (): number => (state.id += 1);
  const messages = new Map<number, StoredMessage>();
  const files = new Map<string, StoredFile>();
  return {
    ...settings,
    ...changes,
    bot,
    users: new Map<number, LocalUser>(),
    rooms: new Map<number, Room>(),
    messages,
    files,
    /** What streams into a private chat as a draft now, by chat. */
    drafts: new Map<number, string>(),
    /** Until when the bot is shown as typing, by chat, in ms. */
    typingUntil: new Map<number, number>(),
    /** When buttons were pressed, by the id of the press. */
    presses: new Map<string, number>(),
    newId,
    put: (draft: MessageDraft): StoredMessage => {
      const empty = { text: "", entities: [], buttons: [], removed: false };
      const message: StoredMessage = { ...empty, ...draft, id: newId(), at: Date.now(), reactions: new Map() };
      messages.set(message.id, message);
      changes.changed();
      return message;
    },
    keepFile: (file: Omit<StoredFile, "id">): StoredFile => {
      const kept = { ...file, id: `file-${newId()}` };
      files.set(kept.id, kept);
      return kept;
    },
  };
}

/** What kind of message a client makes of a file. */
export function fileKindOf(mediaType: string): FileKind {
  if (/^image\/(?:jpeg|png|webp)$/u.test(mediaType)) return "photo";
  if (mediaType === "audio/ogg") return "voice";
  if (mediaType.startsWith("audio/")) return "audio";
  return mediaType.startsWith("video/") ? "video" : "document";
}
