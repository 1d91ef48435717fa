/** Commands, presses and forms on their way: three seconds for the first answer, fifteen minutes for the rest. */
import { z } from "zod";
import type { ApiCall as Call } from "../../../testing.ts";
import { change, FLAGS, post, readMessage } from "./posting.ts";
import { type ApiError, CallbackBody, isApiError, ModalBody, validate } from "./validate.ts";
import { addMessage, findMessage, removeMessage, type StoredChannel, type StoredMessage, type World } from "./world.ts";

const FIRST_ANSWER_MS = 3_000;
const TOKEN_MS = 15 * 60_000;

/** What the client of the person who pressed is told first. */
export interface FirstAnswer {
  /** 4 message, 5 deferred message, 6 deferred update, 7 update, 8 suggestions, 9 form. */
  readonly type: number;
  readonly message?: StoredMessage;
  readonly modal?: ModalBody;
}

interface Pending {
  readonly id: string;
  readonly token: string;
  readonly userId: string;
  readonly channel: StoredChannel;
  readonly createdAt: number;
  /** The message that carried what was pressed. */
  readonly source: StoredMessage | undefined;
  answered: boolean;
  original?: StoredMessage;
  readonly onAnswer: (answer: FirstAnswer) => void;
}

export interface Opened {
  readonly id: string;
  readonly token: string;
  /** The first answer; undefined when none came in time. */
  readonly answer: Promise<FirstAnswer | undefined>;
}

/** What became of a call of the bot. */
export type Outcome =
  | { readonly message?: StoredMessage; readonly isNew?: boolean; readonly removed?: boolean }
  | ApiError;

export interface Interactions {
  readonly open: (userId: string, channel: StoredChannel, source?: StoredMessage) => Opened;
  readonly callback: (id: string, token: string, call: Call) => Outcome;
  readonly followUp: (token: string, call: Call) => Outcome;
  /** `messageId` is an id or `@original`. */
  readonly editMessage: (token: string, messageId: string, call: Call) => Outcome;
  readonly removeMessage: (token: string, messageId: string) => Outcome;
  readonly findMessage: (token: string, messageId: string) => Outcome;
}

const unknownInteraction: ApiError = { status: 404, code: 10062, message: "Unknown interaction" };
const unknownWebhook: ApiError = { status: 404, code: 10015, message: "Unknown Webhook" };
const unknownMessage: ApiError = { status: 404, code: 10008, message: "Unknown Message" };
const invalidToken: ApiError = { status: 401, code: 50027, message: "Invalid Webhook Token" };
const alreadyAnswered: ApiError = { status: 400, code: 40060, message: "Interaction has already been acknowledged." };

interface Registry {
  readonly world: World;
  readonly firstAnswerMs: number;
  readonly pending: Map<string, Pending>;
}

export function createInteractions(world: World, firstAnswerMs: number = FIRST_ANSWER_MS): Interactions {
  const registry: Registry = { world, firstAnswerMs, pending: new Map() };
  return {
    open: (userId, channel, source) => openInteraction(registry, { userId, channel, source }),
    callback: (id, token, call) => {
      const one = registry.pending.get(token);
      if (one === undefined || one.id !== id) return unknownInteraction;
      if (one.answered) return alreadyAnswered;
      if (world.clock() - one.createdAt > firstAnswerMs) return unknownInteraction;
      const body = validate(CallbackBody, call.body);
      return isApiError(body) ? body : answerFirst(world, one, { ...call, body: body.data ?? {} }, body.type);
    },
    followUp: (token, call) => {
      const one = usable(registry, token);
      if (isApiError(one)) return one;
      const body = readMessage(call);
      if (isApiError(body)) return body;
      // The first follow-up takes the place of "is thinking…", and is seen by whoever saw that.
      const waiting = one.channel.messages.find((message) => message === one.original && message.loading);
      if (waiting === undefined)
        return post(world, one.channel, { body, files: call.files, ...seenBy(one, body.flags ?? 0) });
      change(world, waiting, body, call.files);
      return { message: waiting };
    },
    editMessage: (token, messageId, call) => {
      const message = target(registry, token, messageId);
      if (isApiError(message)) return message;
      const body = readMessage(call, true);
      if (isApiError(body)) return body;
      change(world, message, body, call.files);
      return { message };
    },
    removeMessage: (token, messageId) => {
      const message = target(registry, token, messageId);
      if (isApiError(message)) return message;
      removeMessage(world, message);
      return { message, removed: true };
    },
    findMessage: (token, messageId) => {
      const message = target(registry, token, messageId);
      return isApiError(message) ? message : { message };
    },
  };
}

function openInteraction(
  { world, firstAnswerMs, pending }: Registry,
  facts: Pick<Pending, "userId" | "channel" | "source">,
): Opened {
  const id = world.newId();
  const token = `interaction-token-${id}`;
  const answer = new Promise<FirstAnswer | undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), firstAnswerMs);
    const onAnswer = (first: FirstAnswer): void => {
      clearTimeout(timer);
      resolve(first);
    };
    pending.set(token, { ...facts, id, token, createdAt: world.clock(), answered: false, onAnswer });
  });
  return { id, token, answer };
}

function usable({ world, pending }: Registry, token: string): Pending | ApiError {
  const found = pending.get(token);
  if (found === undefined || !found.answered) return unknownWebhook;
  return world.clock() - found.createdAt > TOKEN_MS ? invalidToken : found;
}

function target(registry: Registry, token: string, messageId: string): StoredMessage | ApiError {
  const one = usable(registry, token);
  if (isApiError(one)) return one;
  const message = messageId === "@original" ? one.original : findMessage(registry.world, messageId);
  return message === undefined || !one.channel.messages.includes(message) ? unknownMessage : message;
}

const Flags = z.object({ flags: z.number().int().default(0) });

function answerFirst(world: World, one: Pending, call: Call, type: number): Outcome {
  const first = firstAnswer(world, one, call, type);
  if (isApiError(first)) return first;
  one.answered = true;
  if (first.message !== undefined) one.original = first.message;
  one.onAnswer(first);
  // A deferred update changes nothing yet.
  return first.message === undefined || type === 6 ? {} : { message: first.message, isNew: type === 4 };
}

function firstAnswer(world: World, one: Pending, call: Call, type: number): FirstAnswer | ApiError {
  switch (type) {
    case 4:
      return answerByMessage(world, one, call);
    case 5: {
      const { flags } = Flags.parse(call.body);
      const draft = { author: world.bot, content: "", type: 20, flags, loading: true, ...seenBy(one, flags) };
      return { type, message: addMessage(world, one.channel, draft) };
    }
    case 6:
      return { type, ...(one.source === undefined ? {} : { message: one.source }) };
    case 7:
      return answerByUpdate(world, one, call);
    case 9: {
      const modal = validate(ModalBody, call.body);
      return isApiError(modal) ? modal : { type, modal };
    }
    default:
      return { type };
  }
}

function answerByMessage(world: World, one: Pending, call: Call): FirstAnswer | ApiError {
  const body = readMessage(call);
  if (isApiError(body)) return body;
  const posted = post(world, one.channel, { body, files: call.files, type: 20, ...seenBy(one, body.flags ?? 0) });
  return isApiError(posted) ? posted : { type: 4, message: posted.message };
}

function answerByUpdate(world: World, { source }: Pending, call: Call): FirstAnswer | ApiError {
  const body = readMessage(call, true);
  if (isApiError(body)) return body;
  if (source === undefined) return unknownMessage;
  change(world, source, body, call.files);
  return { type: 7, message: source };
}

function seenBy({ userId }: Pending, flags: number): { readonly visibleTo?: string } {
  return (flags & FLAGS.ephemeral) === 0 ? {} : { visibleTo: userId };
}
