/**
 * Hands conversations over to people and gives them back. The state lies in the store (`Controls`); people are told through
 * the durable outbox, under ids that follow from what they are told of, so that a repeated turn tells it once.
 */
import { createHash } from "node:crypto";
import type { Broker } from "../broker/broker.ts";
import { accountOf, type ConversationId, conversationParts } from "../conversation-id.ts";
import type { Environment } from "../environment.ts";
import { InvalidInputError } from "../errors.ts";
import type { Reply } from "../reply.ts";
import type { ConversationRecord, HandedOver, HandOver, HandOverCause, Store } from "../store/store.ts";
import type { Telemetry } from "../telemetry.ts";
import type { HandOverPolicy } from "./policy.ts";

/** The part of a bot's configuration that decides about hand-overs. */
export interface HandOverBot {
  readonly id: string;
  readonly policies: { readonly handOver?: HandOverPolicy | undefined };
}

export interface HandOverDeskOptions {
  readonly store: Pick<Store, "controls" | "conversations" | "history">;
  readonly broker: Pick<Broker, "send">;
  readonly environment: Environment;
  readonly telemetry: Pick<Telemetry, "log" | "metrics">;
}

/** Why and by whom a conversation is handed over. */
export interface HandingOver {
  readonly conversation: ConversationId;
  readonly cause: HandOverCause;
  /** A user of the platform, an admin. */
  readonly by: string;
  /** The event in answer to which the person is told; left out: they are told when they write next. */
  readonly eventId?: string;
  readonly note?: string;
}

export interface HandOverDesk {
  /** Begins it, or goes on with the one that stands, and tells the people who are to be told. */
  readonly begin: (bot: HandOverBot, handing: HandingOver) => Promise<HandOver>;
  /** The person writes while people have the conversation: they are told of it, every few minutes at most. */
  readonly heard: (bot: HandOverBot, conversation: ConversationId, standing: HandOver) => Promise<void>;
  /** Notes that the person is told in answer to this event. */
  readonly tell: (conversation: ConversationId, eventId: string) => Promise<void>;
  /** What a person of the bot's side says: kept in the history and sent, at most once. Throws `hand-over/not-taken`. */
  readonly say: (bot: HandOverBot, conversation: ConversationId, text: string) => Promise<void>;
  /** A note for the others who have it; it takes the place of the one before. Throws `hand-over/not-taken`. */
  readonly note: (bot: HandOverBot, conversation: ConversationId, text: string) => Promise<void>;
  /** The bot answers again; false where it did already. */
  readonly giveBack: (conversation: ConversationId) => Promise<boolean>;
  readonly list: () => Promise<readonly HandedOver[]>;
}

/** People hear of further messages of one conversation once in so long. */
const HEARD_EVERY_MS = 5 * 60_000;

/** Makes the desk; it keeps nothing itself. */
export function createHandOverDesk(options: HandOverDeskOptions): HandOverDesk {
  const { store, environment, telemetry } = options;
  const now = (): string => iso(environment.clock());

  const notify = async ({ policies: { handOver } }: HandOverBot, id: string, text: string): Promise<void> => {
    const to = handOver?.notify;
    if (to !== undefined) await send(options, { id, to, reply: replyOf(id, text, "none"), repeat: "once" });
  };

  return {
    begin: async (bot, { conversation, cause, by, eventId, note }) => {
      const since = now();
      const begun = { since, until: untilOf(bot, environment), cause, by, note, told: eventId };
      const standing = await store.controls.handOver(conversation, { kind: "handed-over", ...begun }, since);
      await notify(bot, idOf(conversation, standing.since), begunNote(bot.id, conversation, standing));
      if (standing.since === since) {
        telemetry.metrics.handOver({ bot: bot.id, cause });
        telemetry.log.info({ bot: bot.id, conversation, cause }, "a conversation was handed over to people");
      }
      return standing;
    },
    heard: async (bot, conversation, { since }) => {
      const period = Math.floor((environment.clock() - Date.parse(since)) / HEARD_EVERY_MS);
      if (period > 0) await notify(bot, idOf(conversation, `${since}+${period}`), `New words in ${conversation}.`);
    },
    tell: async (conversation, eventId) => void (await store.controls.change(conversation, { told: eventId })),
    say: async (bot, conversation, text) => {
      await keepOn(options, bot, conversation);
      const { session, userIds } = await knownConversation(store, conversation);
      const id = environment.newId();
      const reply = replyOf(id, text, "person");
      const [at, userId] = [now(), userIds.at(-1) ?? ""];
      const turn = { conversation, sequence: 0, session, eventId: id, userId, text: "", replies: [reply] };
      await store.history.write({ ...turn, at, answeredAt: at });
      await send(options, { id, to: conversation, userId, reply, repeat: "never" });
    },
    note: async (bot, conversation, note) => await keepOn(options, bot, conversation, { note }),
    giveBack: async (conversation) => {
      const isGiven = await store.controls.giveBack(conversation);
      if (isGiven) telemetry.log.info({ conversation }, "a conversation was given back to the bot");
      return isGiven;
    },
    list: async () => await store.controls.handedOver(now()),
  };
}

interface Sent {
  readonly id: string;
  readonly to: ConversationId;
  readonly userId?: string;
  readonly reply: Reply;
  readonly repeat: "never" | "once";
}

async function send({ broker, environment }: HandOverDeskOptions, { id, to, userId, reply, repeat }: Sent) {
  const { chat, thread } = conversationParts(to);
  await broker.send({
    id: `${id}.0`,
    conversation: to,
    account: accountOf(to),
    eventId: id,
    index: 0,
    count: 1,
    target: { chat, userId: userId ?? chat, ...(thread !== undefined && { thread }) },
    reply,
    repeat,
    createdAt: iso(environment.clock()),
  });
}

/** People did something: the bot waits anew. Throws `hand-over/not-taken` where they do not have the conversation. */
async function keepOn(
  { store, environment }: HandOverDeskOptions,
  bot: HandOverBot,
  conversation: ConversationId,
  change: { readonly note?: string } = {},
): Promise<void> {
  const standing = await store.controls.get(conversation, iso(environment.clock()));
  const until = untilOf(bot, environment);
  const isTaken =
    standing?.kind === "handed-over" &&
    (await store.controls.change(conversation, { ...change, ...(until !== undefined && { until }) }));
  if (isTaken) return;
  throw new InvalidInputError(
    "hand-over/not-taken",
    `The bot has this conversation. Take it first: parley hand-over take ${conversation}`,
  );
}

const iso = (ms: number): string => new Date(ms).toISOString();

function untilOf({ policies: { handOver } }: HandOverBot, { clock }: Environment): string | undefined {
  const minutes = handOver === undefined ? DEFAULT_SILENCE_MINUTES : handOver.silenceMinutes;
  return minutes === null ? undefined : iso(clock() + minutes * 60_000);
}

const DEFAULT_SILENCE_MINUTES = 24 * 60;

/** The conversation that is to be taken or spoken in. Throws `hand-over/unknown-conversation`. */
export async function knownConversation(
  { conversations }: Pick<Store, "conversations">,
  conversation: ConversationId,
): Promise<ConversationRecord> {
  const record = await conversations.get(conversation);
  if (record !== undefined) return record;
  throw new InvalidInputError(
    "hand-over/unknown-conversation",
    `No conversation ${conversation} is open. Its id stands in: parley why`,
  );
}

/** What an admin reads. Not the person's words: whoever forgets the person could not take them back from there. */
function begunNote(bot: string, conversation: ConversationId, { cause, since }: HandOver): string {
  return [
    `${bot}: a conversation is handed over to you (${cause}, since ${since}).`,
    `Read it: parley hand-over show ${conversation}`,
    `Answer: parley hand-over say ${conversation} "…"`,
    `Give it back to the bot: parley hand-over give-back ${conversation}`,
  ].join("\n\n");
}

const idOf = (conversation: ConversationId, moment: string): string =>
  `hand-over.${createHash("sha256").update(`${conversation}\n${moment}`).digest("base64url")}`;

function replyOf(id: string, text: string, model: string): Reply {
  return { id, text, sources: [], disclaimers: [], confidence: 1, model, processingTimeMs: 0 };
}
