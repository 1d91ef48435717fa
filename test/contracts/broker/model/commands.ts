/** The commands of the model-based test: each does one thing to the broker and to the model, and compares. */
import { type AsyncCommand, type Arbitrary, boolean, constantFrom, integer, tuple } from "fast-check";
import { expect } from "vitest";
import type { Quarantine } from "../../../../core/broker/retry-policy.ts";
import { textOf } from "../../../../core/event.ts";
import { deleteEvent, editEvent, messageEvent, replyTo } from "../../../support/events.ts";
import type { BrokerUnderTest } from "../under-test.ts";
import {
  acquit,
  afterDeath,
  append,
  type Model,
  type ModelConversation,
  reachable,
  release,
  resetHead,
} from "./state.ts";

type Command = AsyncCommand<Model, BrokerUnderTest>;
type Step = (conversation: ModelConversation, real: BrokerUnderTest, model: Model) => Promise<void>;

const LONG_MS = 600_000;
const SHORT_MS = 120;
const BATCH = 3;

function command(name: string, index: 0 | 1, step: Step): Command {
  return {
    check: () => true,
    run: async (model, real) => {
      const conversation = model.conversations[index];
      await step(conversation, real, model);
      await compare(conversation, real);
    },
    toString: () => `${name}@${index}`,
  };
}

async function compare(conversation: ModelConversation, { broker }: BrokerUnderTest): Promise<void> {
  const { waiting } = await broker.mailbox(conversation.id);
  expect(waiting).toEqual(conversation.events.map(({ sequence, id, type }) => ({ sequence, eventId: id, type })));
}

function accept(index: 0 | 1): Command {
  return command("accept", index, async (conversation, { broker }, model) => {
    model.count += 1;
    const messageId = `m${model.count}`;
    const event = messageEvent({ conversation: conversation.id, messageId, text: `text ${model.count}` });
    expect(await broker.accept(event)).toEqual({ status: "accepted", sequence: conversation.sequence + 1 });
    append(conversation, { id: event.id, messageId, type: "message", text: event.text });
    conversation.messageIds.push(messageId);
    conversation.keys.push(event.key);
  });
}

function acceptAgain(index: 0 | 1, pick: number): Command {
  return command("duplicate", index, async (conversation, { broker }) => {
    const key = conversation.keys[pick % Math.max(1, conversation.keys.length)];
    if (key === undefined) return;
    const event = messageEvent({ conversation: conversation.id, key });
    expect(await broker.accept(event)).toEqual({ status: "duplicate" });
  });
}

function edit(index: 0 | 1, pick: number): Command {
  return command("edit", index, async (conversation, { broker }, model) => {
    const messageId = conversation.messageIds[pick % Math.max(1, conversation.messageIds.length)];
    if (messageId === undefined) return;
    model.count += 1;
    const text = `edited ${model.count}`;
    const event = editEvent({ conversation: conversation.id, messageId, text });
    const result = await broker.accept(event);
    const [target] = reachable(conversation, messageId);
    // While it is open whether an expired claim still protects what it read, either answer is right.
    const appended = target === undefined || (conversation.expired && result.status === "accepted");
    if (appended) {
      expect(result).toEqual({ status: "accepted", sequence: conversation.sequence + 1 });
      append(conversation, { id: event.id, messageId, type: "edit", text });
      return;
    }
    expect(result).toEqual({ status: "replaced", eventId: target.id });
    conversation.events = conversation.events.map((waiting) => (waiting === target ? { ...target, text } : waiting));
  });
}

function remove(index: 0 | 1, pick: number): Command {
  return command("delete", index, async (conversation, { broker }) => {
    const messageId = conversation.messageIds[pick % Math.max(1, conversation.messageIds.length)];
    if (messageId === undefined) return;
    const event = deleteEvent({
      conversation: conversation.id,
      messageId,
      key: `delete ${messageId} ${Math.random()}`,
    });
    const result = await broker.accept(event);
    const targets = reachable(conversation, messageId);
    const original = targets.find(({ type }) => type === "message");
    if (original === undefined || (conversation.expired && result.status === "accepted")) {
      expect(result).toEqual({ status: "accepted", sequence: conversation.sequence + 1 });
      append(conversation, { id: event.id, messageId, type: "delete", text: "" });
      return;
    }
    expect(result).toEqual({ status: "cancelled", eventId: original.id });
    const headIsGone = targets.some((target) => target === conversation.events[0]);
    conversation.events = conversation.events.filter((waiting) => !targets.includes(waiting));
    if (headIsGone) {
      resetHead(conversation);
      if (conversation.state === "free") conversation.delayed = false;
    }
  });
}

function begin(index: 0 | 1, quarantine?: Quarantine): Command {
  return command(`begin ${quarantine ?? ""}`, index, async (conversation, real) => {
    await beginNow(conversation, real, { leaseMs: LONG_MS, quarantine });
  });
}

interface Beginning {
  readonly leaseMs: number;
  readonly quarantine: Quarantine | undefined;
}

async function beginNow(
  conversation: ModelConversation,
  real: BrokerUnderTest,
  { leaseMs, quarantine }: Beginning,
): Promise<boolean> {
  const given = quarantine === undefined ? {} : { quarantine };
  const begun = await real.mailboxes.begin(conversation.id, { leaseMs, batch: BATCH, ...given });
  const refusals = refusalsOf(conversation);
  if (begun.status !== "claimed" && begun.status !== "suspect") {
    expect(refusals).toContain(begun.status);
    return false;
  }
  if (conversation.state === "running") afterDeath(conversation, false);
  const needs = neededBy(conversation);
  const isRefused = RANKS.indexOf(needs) > RANKS.indexOf(quarantine);
  expect(begun.status === "suspect" ? begun.needs : undefined).toBe(isRefused ? needs : undefined);
  if (begun.status === "suspect") return false;
  expect(refusals).toEqual([]);
  const handedOut = conversation.events.slice(0, BATCH);
  expect(begun.waiting.map(({ sequence, event }) => ({ sequence, text: textOf(event) }))).toEqual(
    handedOut.map(({ sequence, text }) => ({ sequence, text })),
  );
  expect(begun.epoch).toBeGreaterThan(conversation.epoch);
  expect([begun.attempt, begun.failures]).toEqual([conversation.attempts + 1, conversation.failures]);
  expect(begun.suspicion).toEqual({ crashes: conversation.crashes, deaths: conversation.deaths });
  conversation.alone = quarantine === "alone";
  conversation.state = "running";
  conversation.expired = false;
  conversation.delayed = false;
  conversation.epoch = begun.epoch;
  conversation.attempts = begun.attempt;
  conversation.taken = handedOut.at(-1)?.sequence ?? 0;
  return true;
}

const RANKS = [undefined, "few", "singly", "alone"] as const;

/** The rule, said a second time. */
function neededBy({ crashes, deaths }: ModelConversation): Quarantine | undefined {
  if (crashes === 0) return undefined;
  if (deaths > 0) return "alone";
  return RANKS[Math.min(crashes, 3)];
}

/** Every answer other than a claim that is right now; none when it must be a claim. */
function refusalsOf(conversation: ModelConversation): readonly string[] {
  const refusals: string[] = [];
  if (conversation.events.length === 0) refusals.push("empty");
  if (conversation.state === "running" && !conversation.expired) refusals.push("busy");
  if (conversation.paused) refusals.push("paused");
  if (conversation.delayed) refusals.push("waiting");
  return refusals;
}

/** Whether a call under this epoch must be honoured, must be refused, or may be either. */
function expectation(conversation: ModelConversation, epoch: number): "honoured" | "refused" | "either" {
  if (conversation.state !== "running" || epoch !== conversation.epoch) return "refused";
  return conversation.expired ? "either" : "honoured";
}

function agree(conversation: ModelConversation, epoch: number, honoured: boolean): boolean {
  const expected = expectation(conversation, epoch);
  if (expected !== "either") expect(honoured).toBe(expected === "honoured");
  return honoured;
}

const ENDED = { status: "committed", remaining: 0, ended: true } as const;

function commit(index: 0 | 1, reach: number, how: { readonly stale: boolean; readonly isLast: boolean }): Command {
  const { stale, isLast } = how;
  const name = `commit+${reach}${stale ? " stale" : ""}${isLast ? " last" : ""}`;
  return command(name, index, async (conversation, { mailboxes }, model) => {
    const epoch = conversation.epoch - (stale ? 1 : 0);
    const through = (conversation.events[0]?.sequence ?? conversation.sequence) + reach;
    model.count += 1;
    const reply = replyTo(messageEvent({ conversation: conversation.id }), `reply ${model.count}`);
    const given = { through, replies: [reply], leaseMs: LONG_MS, isLast };
    const result = await mailboxes.commit(conversation.id, epoch, given);
    const left = conversation.events.filter(({ sequence }) => sequence > through);
    if (isLast && isOver(conversation, epoch) && left.length === conversation.events.length) {
      // As if it were asked again for a commit that ended its claim.
      return expect(result).toEqual(ENDED);
    }
    if (!agree(conversation, epoch, result.status === "committed")) return;
    const ends = isLast && left.length === 0;
    expect(result).toEqual(ends ? ENDED : { status: "committed", remaining: left.length });
    conversation.expired = false;
    answerWith(conversation, left, reply.reply.text);
    if (ends) release(conversation);
  });
}

function isOver({ state, epoch }: ModelConversation, claimed: number): boolean {
  return state !== "running" && epoch === claimed && epoch > 0;
}

function answerWith(conversation: ModelConversation, left: ModelConversation["events"], reply: string): void {
  if (left.length === conversation.events.length) return;
  conversation.events = left;
  conversation.replies.push(reply);
  conversation.attempts = left.length > 0 ? 1 : 0;
  conversation.failures = 0;
  acquit(conversation);
}

function peek(index: 0 | 1): Command {
  return command("peek", index, async (conversation, { mailboxes }) => {
    const waiting = await mailboxes.peek(conversation.id, BATCH);
    const handedOut = conversation.events.slice(0, BATCH);
    expect(waiting.map(({ event }) => textOf(event))).toEqual(handedOut.map(({ text }) => text));
    if (conversation.state !== "running") return;
    conversation.taken = Math.max(conversation.taken, handedOut.at(-1)?.sequence ?? 0);
  });
}

function renew(index: 0 | 1, stale: boolean): Command {
  return command(`renew${stale ? " stale" : ""}`, index, async (conversation, { mailboxes }) => {
    const epoch = conversation.epoch - (stale ? 1 : 0);
    if (agree(conversation, epoch, await mailboxes.renew(conversation.id, epoch, LONG_MS))) {
      conversation.expired = false;
    }
  });
}

function retry(index: 0 | 1, delayed: boolean, stale: boolean): Command {
  return command(
    `retry${delayed ? " later" : ""}${stale ? " stale" : ""}`,
    index,
    async (conversation, { mailboxes }) => {
      if (conversation.events.length === 0) return;
      const epoch = conversation.epoch - (stale ? 1 : 0);
      if (
        !agree(conversation, epoch, await mailboxes.retry(conversation.id, epoch, { delayMs: delayed ? LONG_MS : 0 }))
      )
        return;
      conversation.failures += 1;
      acquit(conversation);
      release(conversation, delayed);
    },
  );
}

function bury(index: 0 | 1, stale: boolean): Command {
  return command(`bury${stale ? " stale" : ""}`, index, async (conversation, { mailboxes }) => {
    const [head] = conversation.events;
    if (head === undefined) return;
    const epoch = conversation.epoch - (stale ? 1 : 0);
    const burial = { reason: "model", attempts: conversation.attempts, replies: [] };
    if (!agree(conversation, epoch, await mailboxes.bury(conversation.id, epoch, burial))) return;
    conversation.events = conversation.events.slice(1);
    conversation.dead.push(head);
    resetHead(conversation);
    release(conversation);
  });
}

function finish(index: 0 | 1, stale: boolean): Command {
  return command(`finish${stale ? " stale" : ""}`, index, async (conversation, { mailboxes }) => {
    const epoch = conversation.epoch - (stale ? 1 : 0);
    const result = await mailboxes.finish(conversation.id, epoch);
    if (!agree(conversation, epoch, result !== "fenced")) return;
    expect(result).toBe(conversation.events.length === 0 ? "idle" : "more");
    conversation.attempts = Math.max(0, conversation.attempts - 1);
    release(conversation);
  });
}

function hang(index: 0 | 1, quarantine?: Quarantine): Command {
  return command(`hang ${quarantine ?? ""}`, index, async (conversation, real) => {
    if (!(await beginNow(conversation, real, { leaseMs: SHORT_MS, quarantine }))) return;
    await real.advance(SHORT_MS + 30);
    conversation.expired = true;
  });
}

/** The process that holds all claims dies, and another one finds it so. */
function die(): Command {
  return command("die", 0, async (_conversation, real, model) => {
    await real.register.evict(real.process);
    const held = model.conversations.filter(({ state }) => state === "running");
    for (const conversation of held) afterDeath(conversation, held.length === 1);
  });
}

function sweep(index: 0 | 1): Command {
  return command("sweep", index, async (_conversation, real) => {
    await real.sweep();
  });
}

function pause(index: 0 | 1, paused: boolean): Command {
  return command(paused ? "pause" : "resume", index, async (conversation, { broker }) => {
    await broker[paused ? "pause" : "resume"]({ conversation: conversation.id });
    conversation.paused = paused;
  });
}

function resubmit(index: 0 | 1): Command {
  return command("resubmit", index, async (conversation, { broker }) => {
    const letters = await broker.deadLetters.list({ limit: 1_000 });
    const letter = letters.find((dead) => dead.conversation === conversation.id);
    const expected = conversation.dead.pop();
    expect(letter?.event.id).toBe(expected?.id);
    if (letter === undefined || expected === undefined) return;
    expect(await broker.deadLetters.resubmit(letter.id)).toBe(true);
    append(conversation, expected);
  });
}

const conversations = constantFrom<(0 | 1)[]>(0, 1);
const picks = integer({ min: 0, max: 20 });
const quarantines = constantFrom<(Quarantine | undefined)[]>(undefined, "few", "singly", "alone");
/** One call in six comes from a worker that lost its claim. */
const stales = integer({ min: 0, max: 5 }).map((number) => number === 0);

/** All commands; those that drive the flow forward appear more often. */
export const commandArbitraries: Arbitrary<Command>[] = [
  conversations.map(accept),
  conversations.map(accept),
  tuple(conversations, picks).map(([index, pick]) => acceptAgain(index, pick)),
  tuple(conversations, picks).map(([index, pick]) => edit(index, pick)),
  tuple(conversations, picks).map(([index, pick]) => remove(index, pick)),
  conversations.map((index) => begin(index)),
  tuple(conversations, quarantines).map(([index, quarantine]) => begin(index, quarantine)),
  tuple(conversations, integer({ min: 0, max: 2 }), stales, boolean()).map(([index, reach, stale, isLast]) =>
    commit(index, reach, { stale, isLast }),
  ),
  conversations.map(peek),
  tuple(conversations, stales).map(([index, stale]) => renew(index, stale)),
  tuple(conversations, integer({ min: 0, max: 3 }), stales).map(([index, rare, stale]) =>
    retry(index, rare === 0, stale),
  ),
  tuple(conversations, stales).map(([index, stale]) => bury(index, stale)),
  tuple(conversations, stales).map(([index, stale]) => finish(index, stale)),
  tuple(conversations, quarantines).map(([index, quarantine]) => hang(index, quarantine)),
  integer().map(die),
  conversations.map(sweep),
  tuple(conversations, boolean()).map(([index, paused]) => pause(index, paused)),
  conversations.map(resubmit),
];
