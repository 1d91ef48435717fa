/** What the suite needs from an implementation, and how its tests watch a broker work. */
import { afterEach, beforeEach } from "vitest";
import type { Broker, Claim, ClaimHandler, Running, WorkOptions } from "../../../core/broker/broker.ts";
import type { OutboxEntry } from "../../../core/broker/outbox-entry.ts";
import type { ProcessRegister } from "../../../core/broker/presence.ts";
import type { Begin, Mailboxes, Outboxes } from "../../../core/broker/primitives.ts";
import type { AccountId, ConversationId } from "../../../core/conversation-id.ts";
import { type InboundEvent, textOf } from "../../../core/event.ts";
import { replyTo } from "../../support/events.ts";

/** A broker on storage of its own, and what is beneath it. */
export interface BrokerUnderTest {
  readonly broker: Broker;
  readonly mailboxes: Mailboxes;
  readonly outboxes: Outboxes;
  /** Who is there, and how `mailboxes` and `outboxes` are written down. */
  readonly register: ProcessRegister;
  readonly process: string;
  /** A further broker on the same storage, as another process would open it. `close` of the first closes it, too. */
  readonly another: () => Promise<BrokerUnderTest>;
  /** Does once, now, what the sweeper does from time to time. */
  readonly sweep: () => Promise<void>;
  /** Lets time pass for leases, delays, schedules and memory: moves an injected clock, or really waits. */
  readonly advance: (ms: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** How the suite opens an implementation. */
export interface BrokerContract {
  readonly name: string;
  /** Whether `advance` moves an injected clock, so that days can pass in a test. */
  readonly injectedClock: boolean;
  readonly open: (options?: { readonly maxWaiting?: number }) => Promise<BrokerUnderTest>;
}

/** The lease in tests: short where time really passes, and long enough for a slow machine. */
export const LEASE_MS = 2_000;

/** A new broker for each test of a `describe`. */
export function freshBroker(contract: BrokerContract): () => BrokerUnderTest {
  let current: BrokerUnderTest | undefined;
  beforeEach(async () => {
    current = await contract.open();
  });
  afterEach(async () => {
    await current?.close();
    current = undefined;
  });
  return () => {
    if (current === undefined) throw new Error("freshBroker is for use inside a test");
    return current;
  };
}

/** Claims a mailbox, whatever is held against its head, or fails the test. */
export async function claim(
  mailboxes: Mailboxes,
  conversation: ConversationId,
  leaseMs = 60_000,
): Promise<Extract<Begin, { status: "claimed" }>> {
  const begun = await mailboxes.begin(conversation, { leaseMs, batch: 20, quarantine: "alone" });
  if (begun.status !== "claimed") throw new Error(`expected a claim, got "${begun.status}"`);
  return begun;
}

/** A handler that commits one event per turn with one reply, and notes the texts in order. */
export function echo(seen: string[] = []): ClaimHandler {
  return async (held) => {
    const event = headOf(held);
    seen.push(textOf(event));
    await commitHead(held, [`echo ${textOf(event)}`]);
  };
}

export function headOf(held: Claim): InboundEvent {
  const head = held.waiting[0];
  if (head === undefined) throw new Error("a claim is never empty");
  return head.event;
}

/** Commits the head with these replies. */
export async function commitHead(held: Claim, texts: readonly string[] = []): Promise<void> {
  const head = held.waiting[0];
  if (head === undefined) throw new Error("a claim is never empty");
  await held.commit({
    through: head.sequence,
    replies: texts.map((text, index) => replyTo(head.event, text, index)),
  });
}

/** Short retries, so that tests need not wait. */
export const quickly: WorkOptions = {
  leaseMs: LEASE_MS,
  retry: { baseDelayMs: 10, maxDelayMs: 40 },
};

/** A promise that is resolved from outside. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  const resolvers: (() => void)[] = [];
  const opened = new Promise<void>((resolve) => void resolvers.push(resolve));
  return { opened, open: () => resolvers.forEach((resolve) => resolve()) };
}

/** Runs the work while the loop runs; the loop is closed in any case. */
export async function during<Result>(running: Running, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } finally {
    await running.close(0);
  }
}

/** The account's outbox as it stands. */
export async function readAll(outboxes: Outboxes, account: AccountId): Promise<readonly OutboxEntry[]> {
  return await outboxes.read(account, "", { count: 500, waitMs: 0, signal: new AbortController().signal });
}
