/** What a local platform keeps: chats and messages, and how people see them. */
import { createChanges } from "./changes.ts";
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

/** How the platform's clients show a message's text. */
export type Show = (text: string) => Shown;

export type Ledger = ReturnType<typeof createLedger>;

/** An empty ledger. */
export function createLedger(show: Show) {
  const chats = new Map<string, { readonly chat: LocalChat; readonly members: readonly string[] }>();
  const messages = new Map<string, LedgerMessage>();
  const typing = new Map<string, number>();
  const { changed, onChange } = createChanges();
  let skew = 0;
  const now = (): number => Date.now() + skew;
  const messagesOf = (chat: string): readonly LedgerMessage[] =>
    [...messages.values()].filter((message) => message.chat === chat);
  const noteChange = (message: LedgerMessage): void => {
    if (message.author.isBot) typing.delete(message.chat);
    changed();
  };
  return {
    now,
    /** Moves the clock on. */
    passTime: (ms: number): void => {
      skew += ms;
    },
    addChat: (chat: LocalChat, members: readonly string[]): void => {
      chats.set(chat.id, { chat, members });
      changed();
    },
    chats: (): readonly LocalChat[] => [...chats.values()].map(({ chat }) => chat),
    membersOf: (chat: string): readonly string[] => chats.get(chat)?.members ?? [],
    add: (message: NewMessage): LedgerMessage => {
      const empty = { choices: [], files: [], mentions: [], edited: false, removed: false };
      const stored: LedgerMessage = { ...empty, ...message, at: now(), reactions: new Map() };
      messages.set(stored.id, stored);
      noteChange(stored);
      return stored;
    },
    find: (id: string): LedgerMessage | undefined => messages.get(id),
    /** Changes a message and tells everybody. */
    change: (message: LedgerMessage, fields: Partial<Pick<LedgerMessage, "text" | "edited" | "removed">>): void => {
      Object.assign(message, fields);
      noteChange(message);
    },
    /** No emoji takes the reaction back. */
    react: (message: LedgerMessage, person: string, emoji: string): void => {
      if (emoji === "") message.reactions.delete(person);
      else message.reactions.set(person, emoji);
      noteChange(message);
    },
    messagesOf,
    all: (): readonly LedgerMessage[] => [...messages.values()],
    seen: (chat: string): readonly SeenMessage[] =>
      messagesOf(chat)
        .filter(({ removed }) => !removed)
        .map((message) => seenOf(message, show)),
    setTyping: (chat: string, forMs: number): void => {
      if (forMs > 0) typing.set(chat, now() + forMs);
      else typing.delete(chat);
      changed();
    },
    isTyping: (chat: string): boolean => (typing.get(chat) ?? 0) > now(),
    onChange,
  };
}

function seenOf(message: LedgerMessage, show: Show): SeenMessage {
  const { id, chat, thread, author, text, choices, files, replyTo, edited, reactions, at } = message;
  return {
    id,
    chat,
    thread,
    author,
    ...show(text),
    choices: choices.map(({ id: _id, ...choice }) => choice),
    files,
    replyTo,
    edited,
    reactions: [...reactions.values()],
    ephemeral: false,
    at: new Date(at).toISOString(),
  };
}
