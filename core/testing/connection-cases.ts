import assert from "node:assert/strict";
import type { AdapterContext, AdapterSession, Outgoing } from "../adapter.ts";
import type { SealedPayload } from "../adapter-binding.ts";
import { accountId } from "../conversation-id.ts";
import { ParleyError } from "../errors.ts";
import type { InboundEvent } from "../event.ts";
import { textOf } from "../event.ts";
import { completeEvent } from "../intake/intake.ts";
import type { Reply } from "../reply.ts";
import { quietContext } from "./adapter-context.ts";
import { targetOf } from "../turn/outbox-drafts.ts";
import { sampleReplies } from "./sample-replies.ts";
import type { ConformanceCase, ConformanceSubject, ConnectedSubject } from "./subject.ts";

interface Connected {
  readonly session: AdapterSession<SealedPayload>;
  readonly person: ConnectedSubject;
  readonly events: readonly InboundEvent[];
  readonly fail: (failing: boolean) => void;
  readonly reply: (event: InboundEvent, reply: Reply) => Promise<readonly string[]>;
}

/** Over a real connection to the local platform. */
export function connectionCases(subject: ConformanceSubject): readonly ConformanceCase[] {
  const { manifest } = subject.adapter;
  const withConnection = (work: (connected: Connected) => Promise<void>) => async () =>
    await connectAndRun(subject, work);
  const connected = (name: string, work: (connected: Connected) => Promise<void>): ConformanceCase => ({
    group: "connection",
    name,
    run: withConnection(work),
  });
  return [
    connected("is live once connected", async ({ session }) => {
      assert.equal(session.health().state, "live");
      await Promise.resolve();
    }),
    connected("hands in what a person says, in order", async ({ person, events }) => {
      await person.say("first");
      await person.say("second");
      assert.deepEqual(events.map(textOf), ["first", "second"]);
    }),
    connected("shows a reply whole, with an id for every part", async ({ person, events, reply }) => {
      await person.say("hello");
      const ids = await reply(firstOf(events), sampleReplies["plain"] ?? assert.fail());
      assert.ok(ids.length > 0 && ids.every((id) => id !== ""));
      assert.ok(
        person.seen().some((text) => text.includes("Your card is on its way.")),
        "the reply was not seen",
      );
    }),
    connected("shows every sentence of a long reply", async ({ person, events, reply }) => {
      await person.say("tell me everything");
      await reply(firstOf(events), sampleReplies["long"] ?? assert.fail());
      const seen = person.seen().join("\n").replaceAll(/\s+/gu, " ");
      for (let index = 0; index < 900; index += 1)
        assert.ok(seen.includes(`number ${index} of`), `sentence ${index} is missing`);
    }),
    connected("survives a refused event: nothing is lost of the connection", async ({ person, events, fail }) => {
      fail(true);
      await person.say("during an outage").catch(() => undefined);
      fail(false);
      await person.say("after it");
      assert.equal(textOf(events.at(-1) ?? assert.fail("nothing arrived")), "after it");
    }),
    connected("offers exactly the methods that its manifest declares", async ({ session }) => {
      const { edit, remove, react, reconcile } = manifest.capabilities;
      const declared = { edit, remove, react, reconcile };
      for (const [name, expected] of Object.entries(declared)) {
        assert.equal(Object.hasOwn(session, name) && Reflect.get(session, name) !== undefined, expected, name);
      }
      await Promise.resolve();
    }),
    connected("closes twice without harm", async ({ session }) => {
      await session.close();
      await session.close();
      assert.notEqual(session.health().state, "live");
    }),
  ];
}

async function connectAndRun(
  subject: ConformanceSubject,
  work: (connected: Connected) => Promise<void>,
): Promise<void> {
  const platform = await subject.open();
  const bound = subject.adapter.bind(platform.settings);
  const events: InboundEvent[] = [];
  const outage = { failing: false };
  const context = conformanceContext(subject, events, outage);
  const session = await bound.connect(context);
  try {
    const person = await platform.connected(context);
    const reply = async (event: InboundEvent, answer: Reply): Promise<readonly string[]> => {
      const { parts } = bound.render(answer, { capabilities: subject.adapter.manifest.capabilities, plain: false });
      const ids: string[] = [];
      for (const [part, payload] of parts.entries()) {
        ids.push((await session.send(outgoing(event, payload, { part, partCount: parts.length }))).messageId);
      }
      return ids;
    };
    await work({ session, person, events, fail: (failing) => (outage.failing = failing), reply });
  } finally {
    await session.close();
    await platform.close();
  }
}

function outgoing(
  event: InboundEvent,
  payload: SealedPayload,
  position: { readonly part: number; readonly partCount: number },
): Outgoing<SealedPayload> {
  return {
    conversation: event.conversation,
    target: targetOf(event),
    payload,
    key: `${event.id}.0.${position.part}`,
    eventId: event.id,
    replyIndex: 0,
    replyCount: 1,
    ...position,
    signal: new AbortController().signal,
  };
}

function conformanceContext(
  { adapter }: ConformanceSubject,
  events: InboundEvent[],
  outage: { readonly failing: boolean },
): Omit<AdapterContext<never>, "settings"> {
  const account = accountId(adapter.manifest.platform, "main");
  let count = 0;
  const environment = { clock: () => Date.now(), newId: () => `id-${(count += 1)}`, random: Math.random };
  return quietContext(adapter.manifest.platform, {
    bot: { id: "conformance", name: "Conformance" },
    environment,
    accept: async (normalized) => {
      await Promise.resolve();
      if ("ignored" in normalized) return undefined;
      if (outage.failing)
        throw new ParleyError("broker/unavailable", "The broker is down (by the suite).", {
          retryable: true,
          status: 503,
        });
      const event = completeEvent(normalized.event, { account, bot: "conformance", environment });
      events.push(event);
      return { status: "accepted", sequence: events.length, eventId: event.id, conversation: event.conversation };
    },
  });
}

function firstOf(events: readonly InboundEvent[]): InboundEvent {
  return events[0] ?? assert.fail("the event was not handed in");
}
