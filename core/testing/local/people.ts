/** People at their clients: what they do goes to the ledger first, then to the bot. */
import { InvalidInputError } from "../../errors.ts";
import type { Acknowledgement, CompletePerson, LocalFile, SayOptions, SeenFile } from "../local-platform.ts";
import type { Author, Ledger, LedgerChoice, LedgerMessage } from "./ledger.ts";

/** How what a person did reaches the bot. What resolves tells whether it was acknowledged; never rejects. */
export interface Reach {
  readonly said: (message: LedgerMessage) => Promise<boolean>;
  readonly edited: (message: LedgerMessage) => void;
  readonly removed: (message: LedgerMessage) => void;
  readonly reacted: (message: LedgerMessage, person: string, emoji: string) => void;
  readonly chose: (message: LedgerMessage, person: CompletePerson, choice: LedgerChoice) => Promise<boolean>;
  /** The chat in which this person and the bot are alone. */
  readonly directChat: (person: string) => string;
  readonly newId: (chat: string, author: string) => string;
  /** How clients write a mention of the bot before a text, and the bot's own id. */
  readonly self: string;
  /** Opens a thread under a message; gives its id. Left out where there are none. */
  readonly openThread?: (message: LedgerMessage) => string;
}

/** A person at their client. */
export function createPerson(
  ledger: Ledger,
  reach: Reach,
  who: { readonly id: string; readonly name: string },
): CompletePerson {
  const { id, name } = who;
  const direct = reach.directChat(id);
  if (!ledger.chats().some((chat) => chat.id === direct))
    ledger.addChat({ id: direct, type: "direct", title: name }, [id]);
  const speak = (text: string, options: SayOptions = {}): Spoken =>
    speakIn(ledger, reach, { author: { id, name, isBot: false }, chat: options.chat ?? direct, text, options });
  const person: CompletePerson = {
    id,
    name,
    say: async (text, options) => speak(text, options).id,
    edit: async (messageId, text) => {
      const message = ownMessage(ledger, messageId, id);
      ledger.change(message, { text, edited: true });
      reach.edited(message);
    },
    remove: async (messageId) => {
      const message = ownMessage(ledger, messageId, id);
      ledger.change(message, { removed: true });
      reach.removed(message);
    },
    react: async (messageId, emoji) => {
      const message = shownMessage(ledger, messageId);
      ledger.react(message, id, emoji);
      reach.reacted(message, id, emoji);
    },
    press: async (messageId, label) => {
      const message = shownMessage(ledger, messageId);
      const choice = choiceOf(message, label);
      return await timed(ledger, async () => await reach.chose(message, person, choice));
    },
    command: async (command, text = "", options = {}) =>
      await timed(ledger, async () => await speak(`/${command} ${text}`.trim(), options).taken),
    sees: (chat = direct) => ledger.seen(chat),
    seesTyping: (chat = direct) => ledger.isTyping(chat),
    ...(reach.openThread && {
      openThread: async (messageId) => reach.openThread?.(shownMessage(ledger, messageId)) ?? messageId,
    }),
  };
  return person;
}

interface Spoken {
  readonly id: string;
  readonly taken: Promise<boolean>;
}

interface Speech {
  readonly author: Author;
  readonly chat: string;
  readonly text: string;
  readonly options: SayOptions;
}

function speakIn(ledger: Ledger, reach: Reach, { author, chat, text, options }: Speech): Spoken {
  const mentions = options.mentionBot === true ? [reach.self] : [];
  const message = ledger.add({
    id: reach.newId(chat, author.id),
    chat,
    author,
    text: mentions.length === 0 ? text : `@${reach.self} ${text}`,
    files: (options.files ?? []).map(seenFile),
    thread: options.thread,
    replyTo: options.replyTo,
    mentions,
  });
  return { id: message.id, taken: reach.said(message) };
}

function shownMessage(ledger: Ledger, messageId: string): LedgerMessage {
  const message = ledger.find(messageId);
  if (message !== undefined && !message.removed) return message;
  throw new InvalidInputError("local-platform/no-message", `There is no message ${messageId} to be seen.`);
}

function ownMessage(ledger: Ledger, messageId: string, person: string): LedgerMessage {
  const message = shownMessage(ledger, messageId);
  if (message.author.id === person) return message;
  throw new InvalidInputError("local-platform/not-own", "People can change their own messages only.");
}

function choiceOf({ choices }: LedgerMessage, label: string): LedgerChoice {
  const choice = choices.find((one) => one.label === label);
  if (choice !== undefined) return choice;
  const shown = choices.map((one) => one.label).join(", ");
  throw new InvalidInputError("local-platform/no-choice", `There is no "${label}" below this message, but: ${shown}`);
}

async function timed(ledger: Ledger, work: () => Promise<boolean>): Promise<Acknowledgement> {
  const start = ledger.now();
  const acknowledged = await work();
  return { acknowledged, withinMs: ledger.now() - start };
}

/** A file as it is seen. */
export function seenFile({ name, mediaType, bytes }: LocalFile): SeenFile {
  return { name, mediaType, sizeBytes: bytes.length, bytes };
}
