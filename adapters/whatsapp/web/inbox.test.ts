import { describe, expect, it } from "vitest";
import type { AdapterContext, Normalized } from "../../../core/adapter.ts";
import { ParleyError } from "../../../core/errors.ts";
import type { Json } from "../../../core/json.ts";
import { quietContext } from "../../../core/testing/index.ts";
import { createInbox } from "./inbox.ts";
import { createPolls } from "./polls.ts";

const NOW = Date.parse("2026-11-28T12:00:00.000Z");
const message = (id: string, ageSeconds = 0): object => ({
  kind: "message",
  own: false,
  phones: {},
  data: {
    id: { fromMe: false, remote: "1555@c.us", id, _serialized: `false_1555@c.us_${id}` },
    type: "chat",
    body: id,
    t: NOW / 1_000 - ageSeconds,
  },
});
const unavailable = new ParleyError("broker/unavailable", "down", { retryable: true });

function setup(accept: AdapterContext<unknown>["accept"], values = new Map<string, Json>()) {
  const context = quietContext("whatsapp", {
    accept,
    environment: { clock: () => NOW, newId: () => "id", random: () => 0 },
    values: {
      get: async (key) => values.get(key),
      set: async (key, value) => {
        values.set(key, value);
      },
    },
  });
  const polls = createPolls(context.values);
  return { inbox: createInbox(context, polls, 24), polls, values };
}

const keyOf = (normalized: Normalized): string => ("event" in normalized ? normalized.event.key : normalized.ignored);

describe("the inbox", () => {
  it("loses nothing while the queue is down, and keeps the order", async () => {
    const failures = { left: 2 };
    const taken: string[] = [];
    const { inbox } = setup(async (normalized) => {
      if ((failures.left -= 1) >= 0) throw unavailable;
      taken.push(keyOf(normalized));
      return undefined;
    });
    await Promise.all([inbox.take(message("one")), inbox.take(message("two")), inbox.take(message("three"))]);
    expect(taken).toEqual(["message:1555:one", "message:1555:two", "message:1555:three"]);
  });

  it("goes on after a message that can never be taken", async () => {
    const taken: string[] = [];
    const { inbox } = setup(async (normalized) => {
      if (keyOf(normalized).endsWith("one")) throw new ParleyError("event/text-too-long", "too long");
      taken.push(keyOf(normalized));
      return undefined;
    });
    await inbox.take(message("one"));
    await inbox.take(message("two"));
    expect(taken).toEqual(["message:1555:two"]);
  });

  it("looks back to what was durable last, and a little before; never past the configured time", async () => {
    const { inbox, values } = setup(async () => undefined);
    expect(await inbox.since()).toBe(NOW / 1_000);
    await inbox.take(message("one", 60));
    await inbox.close();
    expect(await setup(async () => undefined, values).inbox.since()).toBe(NOW / 1_000 - 660);
    values.set("cursor", 1);
    expect(await setup(async () => undefined, values).inbox.since()).toBe(NOW / 1_000 - 86_400);
  });

  it("does not move on past what is not durable: after a stop in an outage it is asked for again", async () => {
    const { inbox, values } = setup(async () => await Promise.reject(unavailable));
    const taking = inbox.take(message("one"));
    await inbox.close();
    await taking;
    expect(values.get("cursor")).toBeUndefined();
  });

  it("a vote counts after a restart, for the bot's own polls only", async () => {
    const taken: Normalized[] = [];
    const { inbox, polls } = setup(async (normalized) => {
      taken.push(normalized);
      return undefined;
    });
    await polls.remember("1555", "POLL", ["confirm:p1", "cancel:p1"]);
    const vote = (id: string): object => ({
      kind: "vote",
      message: { fromMe: true, remote: "1555@c.us", id, _serialized: `true_1555@c.us_${id}` },
      voter: "1555@c.us",
      options: [1],
      at: NOW,
    });
    await inbox.take(vote("POLL"));
    await inbox.take(vote("OTHER"));
    expect(taken[0]).toMatchObject({ event: { type: "action", choiceId: "cancel:p1", user: { id: "1555" } } });
    expect(taken[1]).toMatchObject({ ignored: "a vote on a poll that is not the bot's" });
  });
});
