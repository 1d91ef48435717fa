/** What a local platform keeps: chats and messages, and how people see them. */
import { type Changes, createChanges } from "./changes.ts";
import type { Shown } from "./shown.ts";
import type { LocalChat, SeenChoice, SeenFile, SeenMessage } from "../local-platform.ts";

export interface Author {
  readonly id: string;
  readonly name: string;
  readonly isBot: boolean;
}

/** Something below a message that can be pressed or voted for; `id` is what the bot gets. */
export interface LedgerChoice extends SeenChoice {
  readonly id: string;
}

export interface LedgerMessage {
  readonly id: string;
  readonly chat: string;
  readonly thread?: string | undefined;
  readonly author: Author;
  /** In the platform's own markup. */
  text: string;
  readonly choices: readonly LedgerChoice[];
  readonly files: readonly SeenFile[];
  readonly replyTo?: string | undefined;
  /** Ids of the accounts that are mentioned. */
  readonly mentions: readonly string[];
  readonly at: number;
  edited: boolean;
  removed: boolean;
  /** By person. */
  readonly reactions: Map<string, string>;
}

export type NewMessage = Pick<LedgerMessage, "id" | "chat" | "author" | "text"> &
  Partial<Pick<LedgerMessage, "choices" | "files" | "thread" | "replyTo" | "mentions">>;

export interface Ledger extends Pick<Changes, "onChange"> {
  readonly now: () => number;
  /** Moves the clock on. */
  readonly passTime: (ms: number) => void;
  readonly addChat: (chat: LocalChat, members: readonly string[]) => void;
  readonly chats: () => readonly LocalChat[];
  readonly membersOf: (chat: string) => readonly string[];
  readonly add: (message: NewMessage) => LedgerMessage;
  readonly find: (id: string) => LedgerMessage | undefined;
  /** Changes a message and tells everybody. */
  readonly change: (
    message: LedgerMessage,
    changed: Partial<Pick<LedgerMessage, "text" | "edited" | "removed">>,
  ) => void;
  readonly react: (message: LedgerMessage, person: string, emoji: string) => void;
  readonly messagesOf: (chat: string) => readonly LedgerMessage[];
  readonly all: () => readonly LedgerMessage[];
  readonly seen: (chat: string) => readonly SeenMessage[];
  readonly setTyping: (chat: string, forMs: number) => void;
  readonly isTyping: (chat: string) => boolean;
}

/** How the platform's clients show a message's text. */
export type Show = (text: string) => Shown;

/** An empty ledger. */
export function createLedger(show: Show): Ledger {
  const chats = new Map<string, { readonly chat: LocalChat; readonly members: readonly string[] }>();
  const typing = new Map<string, number>();
  const { changed, onChange } = createChanges();
  let skew = 0;
  const now = (): number => Date.now() + skew;
  return {
    now,
    passTime: (ms) => {
      skew += ms;
    },
    addChat: (chat, members) => {
      chats.set(chat.id, { chat, members });
      changed();
    },
    chats: () => [...chats.values()].map(({ chat }) => chat),
    membersOf: (chat) => chats.get(chat)?.members ?? [],
    ...createMessages({ now, show }, (message) => {
      if (message.author.isBot) typing.delete(message.chat);
      changed();
    }),
    setTyping: (chat, forMs) => {
      if (forMs > 0) typing.set(chat, now() + forMs);
      else typing.delete(chat);
      changed();
    },
    isTyping: (chat) => (typing.get(chat) ?? 0) > now(),
    onChange,
  };
}

type Messages = Pick<Ledger, "add" | "find" | "change" | "react" | "messagesOf" | "all" | "seen">;

function createMessages(
  { now, show }: { readonly now: () => number; readonly show: Show },
  changed: (message: LedgerMessage) => void,
): Messages {
  const messages = new Map<string, LedgerMessage>();
  const messagesOf = (chat: string): readonly LedgerMessage[] =>
    [...messages.values()].filter((message) => message.chat === chat);
  return {
    add: (message) => {
      const empty = { choices: [], files: [], mentions: [], edited: false, removed: false };
      const stored: LedgerMessage = { ...empty, ...message, at: now(), reactions: new Map() };
      messages.set(stored.id, stored);
      changed(stored);
      return stored;
    },
    find: (id) => messages.get(id),
    change: (message, fields) => {
      Object.assign(message, fields);
      changed(message);
    },
    react: (message, person, emoji) => {
      if (emoji === "") message.reactions.delete(person);
      else message.reactions.set(person, emoji);
      changed(message);
    },
    messagesOf,
    all: () => [...messages.values()],
    seen: (chat) =>
      messagesOf(chat)
        .filter(({ removed }) => !removed)
        .map((message) => seenOf(message, show)),
  };
}

function seenOf(message: LedgerMessage, show: Show): SeenMessage {
  const { id, chat, thread, author, text, choices, files, replyTo, edited, reactions, at } = message;
  return {
    id,
    chat,
    ...(thread === undefined ? {} : { thread }),
    author,
    ...show(text),
    choices: choices.map(({ id: _id, ...choice }) => choice),
    files,
    ...(replyTo === undefined ? {} : { replyTo }),
    edited,
    reactions: [...reactions.values()],
    ephemeral: false,
    at: new Date(at).toISOString(),
  };
}
