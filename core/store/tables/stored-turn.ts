/** Turns at rest: short names, and times as distances. Texts lie inside JSON, which every engine keeps as it is. */
import { z } from "zod";
import { ConversationId } from "../../conversation-id.ts";
import { Dialogue } from "../../dialogue.ts";
import { Reply } from "../../reply.ts";
import { jsonText } from "../rows.ts";
import type { TurnRecord } from "../store.ts";

const Body = z.object({
  /** The sequence. */
  q: z.number().int(),
  /** The person's id and name. */
  u: z.string(),
  n: z.string().exactOptional(),
  /** The platform's id of the message. */
  i: z.string().exactOptional(),
  /** The answered messages, each with its fingerprint. */
  m: z.array(z.tuple([z.string(), z.string()])).exactOptional(),
  /** The words. */
  w: z.string(),
  r: z.array(Reply),
  /** Where the person's requests stood. */
  d: Dialogue.exactOptional(),
  /** How many turns in a row were not understood, and how many angry. */
  s: z.tuple([z.number(), z.number()]).exactOptional(),
  /** The summary: its words, the last event that it covers, and when the first one was. */
  y: z.tuple([z.string(), z.string(), z.string()]).exactOptional(),
  /** ms from `at` to the answer. */
  a: z.number(),
});

const StoredBody = jsonText(Body);

/** A row that has a body. */
export const TurnRow = z.object({
  id: z.number().int(),
  conversation: ConversationId,
  eventId: z.string(),
  session: z.number().int(),
  at: z.number(),
  body: z.string(),
});

/** The columns of a turn. */
export function toStoredTurn({ eventId, conversation, session, at, ...turn }: TurnRecord) {
  const start = Date.parse(at);
  const body: z.input<typeof Body> = {
    q: turn.sequence,
    u: turn.userId,
    ...(turn.userName === undefined ? {} : { n: turn.userName }),
    ...(turn.messageId === undefined ? {} : { i: turn.messageId }),
    ...(turn.messages === undefined ? {} : { m: turn.messages.map(({ id, fingerprint }) => [id, fingerprint]) }),
    w: turn.text,
    r: turn.replies.map(withoutEmpty),
    ...(turn.dialogue === undefined ? {} : { d: turn.dialogue }),
    ...(turn.strain === undefined ? {} : { s: [turn.strain.misunderstood, turn.strain.angry] }),
    ...(turn.summary === undefined ? {} : { y: [turn.summary.text, turn.summary.through, turn.summary.since] }),
    a: Date.parse(turn.answeredAt) - start,
  };
  return { eventId, conversation, session, at: start, body: JSON.stringify(body) };
}

/** What reading puts back. */
function withoutEmpty({ sources, disclaimers, ...reply }: Reply): z.input<typeof Reply> {
  return {
    ...reply,
    ...(sources.length === 0 ? {} : { sources }),
    ...(disclaimers.length === 0 ? {} : { disclaimers }),
  };
}

/** The turn as everybody else knows it. */
export function fromStoredTurn({ conversation, eventId, session, at, body }: z.infer<typeof TurnRow>): TurnRecord {
  const { q, u, n, i, m, w, r, d, s, y, a } = StoredBody.parse(body);
  return {
    conversation,
    sequence: q,
    session,
    eventId,
    userId: u,
    ...(n === undefined ? {} : { userName: n }),
    ...(i === undefined ? {} : { messageId: i }),
    ...(m === undefined ? {} : { messages: m.map(([id, fingerprint]) => ({ id, fingerprint })) }),
    text: w,
    replies: r,
    ...(d === undefined ? {} : { dialogue: d }),
    ...(s === undefined ? {} : { strain: { misunderstood: s[0], angry: s[1] } }),
    ...(y === undefined ? {} : { summary: { text: y[0], through: y[1], since: y[2] } }),
    at: new Date(at).toISOString(),
    answeredAt: new Date(at + a).toISOString(),
  };
}

/** By what the turn is found besides its event. */
export function messagesOf({ messageId, messages = [] }: TurnRecord): readonly string[] {
  return [...(messageId === undefined ? [] : [messageId]), ...messages.map(({ id }) => id)];
}

/** The same of a column. */
export const BodyMessages = jsonText(
  Body.pick({ i: true, m: true }).transform(({ i, m = [] }) => [
    ...(i === undefined ? [] : [i]),
    ...m.map(([id]) => id),
  ]),
);

/** Who wrote, of a column. */
export const BodyUser = jsonText(Body.pick({ u: true }).transform(({ u }) => u));
