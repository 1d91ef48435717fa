/** Commands, presses and forms on their way: three seconds for the first answer, fifteen minutes for the rest. */
import { z } from "zod";
import type { Call } from "./calls.ts";
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

export function createInteractions(world: World, firstAnswerMs: number = FIRST_ANSWER_MS): Interactions {
  const pending = new Map<string, Pending>();

  const usable = (token: string): Pending | ApiError => {
    const found = pending.get(token);
    if (found === undefined || !found.answered) return unknownWebhook;
    return world.clock() - found.createdAt > TOKEN_MS ? invalidToken : found;
  };

  const target = (
    token: string,
    messageId: string,
  ): { readonly of: Pending; readonly message: StoredMessage } | ApiError => {
    const of = usable(token);
    if (isApiError(of)) return of;
    const message = messageId === "@original" ? of.original : findMessage(world, messageId);
    return message === undefined || !of.channel.messages.includes(message) ? unknownMessage : { of, message };
  };

  return {
    open: (userId, channel, source) => {
      const id = world.newId();
      let resolve: (answer: FirstAnswer | undefined) => void = () => undefined;
      const answer = new Promise<FirstAnswer | undefined>((settle) => {
        resolve = settle;
      });
      const timer = setTimeout(() => resolve(undefined), firstAnswerMs);
      const one: Pending = {
        id,
        token: `interaction-token-${id}`,
        userId,
        channel,
        createdAt: world.clock(),
        source,
        answered: false,
        onAnswer: (first) => {
          clearTimeout(timer);
          resolve(first);
        },
      };
      pending.set(one.token, one);
      return { id, token: one.token, answer };
    },
    callback: (id, token, call) => {
      const one = pending.get(token);
      if (one === undefined || one.id !== id) return unknownInteraction;
      if (one.answered) return alreadyAnswered;
      if (world.clock() - one.createdAt > firstAnswerMs) return unknownInteraction;
      const body = validate(CallbackBody, call.body);
      if (isApiError(body)) return body;
      return answerFirst(world, one, { ...call, body: body.data ?? {} }, body.type);
    },
    followUp: (token, call) => {
      const one = usable(token);
      if (isApiError(one)) return one;
      const body = readMessage(call);
      if (isApiError(body)) return body;
      // The first follow-up takes the place of "is thinking…", and is seen by whoever saw that.
      if (one.original?.loading === true) {
        change(world, one.original, body, call.files);
        return { message: one.original };
      }
      return post(world, one.channel, { body, files: call.files, ...seenBy(one, body.flags ?? 0) });
    },
    editMessage: (token, messageId, call) => {
      const found = target(token, messageId);
      if (isApiError(found)) return found;
      const body = readMessage(call, true);
      if (isApiError(body)) return body;
      change(world, found.message, body, call.files);
      return { message: found.message };
    },
    removeMessage: (token, messageId) => {
      const found = target(token, messageId);
      if (isApiError(found)) return found;
      removeMessage(world, found.message);
      return { message: found.message, removed: true };
    },
    findMessage: (token, messageId) => {
      const found = target(token, messageId);
      return isApiError(found) ? found : { message: found.message };
    },
  };
}

const Flags = z.object({ flags: z.number().int().default(0) });

function answerFirst(world: World, one: Pending, call: Call, type: number): Outcome {
  const answered = (answer: FirstAnswer): Outcome => {
    one.answered = true;
    if (answer.message !== undefined) one.original = answer.message;
    one.onAnswer(answer);
    return answer.message === undefined ? {} : { message: answer.message, isNew: type === 4 };
  };
  switch (type) {
    case 4: {
      const body = readMessage(call);
      if (isApiError(body)) return body;
      const posted = post(world, one.channel, { body, files: call.files, type: 20, ...seenBy(one, body.flags ?? 0) });
      return isApiError(posted) ? posted : answered({ type, message: posted.message });
    }
    case 5: {
      const { flags } = Flags.parse(call.body);
      const draft = { author: world.bot, content: "", type: 20, flags, loading: true, ...seenBy(one, flags) };
      return answered({ type, message: addMessage(world, one.channel, draft) });
    }
    case 6:
      return answered({ type, ...(one.source === undefined ? {} : { message: one.source }) });
    case 7: {
      const body = readMessage(call, true);
      if (isApiError(body) || one.source === undefined) return isApiError(body) ? body : unknownMessage;
      change(world, one.source, body, call.files);
      return answered({ type, message: one.source });
    }
    case 9: {
      const modal = validate(ModalBody, call.body);
      return isApiError(modal) ? modal : answered({ type, modal });
    }
    default:
      return answered({ type });
  }
}

function seenBy({ userId }: Pending, flags: number): { readonly visibleTo?: string } {
  return (flags & FLAGS.ephemeral) === 0 ? {} : { visibleTo: userId };
}
