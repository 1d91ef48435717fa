/** Commands, presses and forms on their way: three seconds for the first answer, fifteen minutes for the rest. */
import { z } from "zod";
import type { Answered, ApiCall as Call } from "../../../core/testing/index.ts";
import { createWaiting } from "../../../core/testing/index.ts";
import { change, FLAGS, post } from "./posting.ts";
import { CallbackBody, ModalBody, refuse, validate } from "./validate.ts";
import { addMessage, findMessage, type StoredChannel, type StoredMessage, type World } from "./world.ts";

export const FIRST_ANSWER_MS = 3_000;
const TOKEN_MS = 15 * 60_000;

/** What the client of the person who pressed is told first. */
export interface FirstAnswer {
  /** 4 message, 5 deferred message, 6 deferred update, 7 update, 8 suggestions, 9 form. */
  readonly type: number;
  readonly message?: StoredMessage | undefined;
  readonly modal?: ModalBody;
}

interface Pending {
  readonly id: string;
  readonly userId: string;
  readonly channel: StoredChannel;
  readonly createdAt: number;
  /** The message that carried what was pressed. */
  readonly source?: StoredMessage | undefined;
  answered: boolean;
  original?: StoredMessage | undefined;
}

export interface Opened {
  readonly id: string;
  readonly token: string;
  /** The first answer; undefined when none came in time. */
  readonly answer: Promise<Answered<FirstAnswer> | undefined>;
}

/** What became of a call of the bot. */
export interface Outcome {
  readonly message?: StoredMessage | undefined;
  readonly isNew?: boolean;
}

const unknownMessage = (): never => refuse(404, 10008, "Unknown Message");

export type Interactions = ReturnType<typeof createInteractions>;

export function createInteractions(world: World) {
  const pending = new Map<string, Pending>();
  const waiting = createWaiting<FirstAnswer>();
  const usable = (token: string): Pending => {
    const found = pending.get(token);
    if (found === undefined || !found.answered) return refuse(404, 10015, "Unknown Webhook");
    return world.clock() - found.createdAt > TOKEN_MS ? refuse(401, 50027, "Invalid Webhook Token") : found;
  };
  /** `messageId` is an id or `@original`. */
  const find = (token: string, messageId: string): StoredMessage => {
    const { original, channel } = usable(token);
    const message = messageId === "@original" ? original : findMessage(world, messageId);
    return message === undefined || !channel.messages.includes(message) ? unknownMessage() : message;
  };
  return {
    find,
    /** The first answer; undefined when none came in time. */
    open: (facts: Pick<Pending, "userId" | "channel" | "source">): Opened => {
      const id = world.newId();
      const token = `interaction-token-${id}`;
      pending.set(token, { ...facts, id, createdAt: world.clock(), answered: false });
      return { id, token, answer: waiting.wait(id, FIRST_ANSWER_MS) };
    },
    callback: (id: string, token: string, call: Call): Outcome => {
      const one = pending.get(token);
      if (one === undefined || one.id !== id) return refuse(404, 10062, "Unknown interaction");
      if (one.answered) refuse(400, 40060, "Interaction has already been acknowledged.");
      if (world.clock() - one.createdAt > FIRST_ANSWER_MS) refuse(404, 10062, "Unknown interaction");
      const { type, data: body = {} } = validate(CallbackBody, call.body);
      const first = firstAnswer(world, one, { ...call, body }, type);
      one.answered = true;
      one.original = first.message;
      waiting.answer(id, first);
      // A deferred update changes nothing yet.
      return first.message === undefined || type === 6 ? {} : { message: first.message, isNew: type === 4 };
    },
    followUp: (token: string, call: Call): Outcome => {
      const one = usable(token);
      // The first follow-up takes the place of "is thinking…", and is seen by whoever saw that.
      const { loading = false, id } = one.original ?? {};
      const original = one.channel.messages.find((message) => loading && message.id === id);
      if (original !== undefined) return { message: change(world, original, call) };
      return post(world, one.channel, call, { visibleTo: seenBy(one, call.body) });
    },
  };
}

const Flags = z.object({ flags: z.number().int().default(0) });

function firstAnswer(world: World, one: Pending, call: Call, type: number): FirstAnswer {
  const visibleTo = seenBy(one, call.body);
  const { channel, source } = one;
  switch (type) {
    case 4:
      return { type, message: post(world, channel, call, { type: 20, visibleTo }).message };
    case 5: {
      const { flags } = Flags.parse(call.body);
      const draft = { author: world.bot, content: "", type: 20, flags, loading: true, visibleTo };
      return { type, message: addMessage(world, channel, draft) };
    }
    case 6:
      return { type, message: source };
    case 7:
      return { type, message: change(world, source ?? unknownMessage(), call) };
    case 9:
      return { type, modal: validate(ModalBody, call.body) };
    default:
      return { type };
  }
}

function seenBy({ userId }: Pending, body: unknown): string | undefined {
  const { flags = 0 } = Flags.safeParse(body).data ?? {};
  return (flags & FLAGS.ephemeral) === 0 ? undefined : userId;
}
