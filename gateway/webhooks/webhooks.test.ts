import { rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { pauseFor } from "../../core/timing/sleep.ts";
import { eventually } from "../../test/support/eventually.ts";
import { temporaryFolder } from "../../test/support/tool-pack.ts";
import {
  CONVERSATION,
  messageEvent,
  NOON,
  type OpenOptions,
  openTestWebhooks,
} from "../../test/support/webhook-place.ts";
import { type Received, type WebhookReceiver, webhookReceiver } from "../../test/support/webhook-receiver.ts";
import { MOST_ATTEMPTS } from "./schedule.ts";
import { verifyWebhook } from "./verify.ts";
import type { Webhooks } from "./webhooks.ts";

const HOUR_MS = 3_600_000;
const draft = { bot: "harbour", events: ["message.received"], description: "" } as const;
let folder: string;
let clock: { now: number };
let receiver: WebhookReceiver;
beforeEach(async () => {
  folder = await temporaryFolder();
  clock = { now: NOON };
  receiver = await webhookReceiver();
});

async function open(given: OpenOptions = {}, works = true) {
  const opened = await openTestWebhooks(folder, clock, given);
  const running = works ? opened.webhooks.start() : undefined;
  let ended: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    ended ??= (async () => {
      await running?.close();
      await opened.end();
    })();
    await ended;
  };
  onTestFinished(end);
  return { ...opened, end };
}
const verified = ({ headers, body }: Received, secret: string | readonly string[]) =>
  verifyWebhook({ headers, body }, secret, { clock: () => clock.now });
const newest = async (webhooks: Webhooks, endpoint: string) => {
  const [row] = await webhooks.deliveries.page(endpoint, { limit: 1 });
  if (row === undefined) throw new Error("There is no delivery yet.");
  return row;
};
/** Lets time pass until the newest delivery is in that state: slowly, so that no lease ends while a call is in hand. */
const untilDelivery = async (webhooks: Webhooks, endpoint: string, state: object): Promise<void> =>
  await eventually(async () => {
    await pauseFor(40);
    clock.now += 5_000;
    expect(await newest(webhooks, endpoint)).toMatchObject(state);
  });

describe("an event", () => {
  it("reaches those that want it, signed, with ids and without anybody's words", async () => {
    const { webhooks } = await open();
    const { secret } = await webhooks.endpoints.create({ ...draft, url: receiver.url });
    await webhooks.endpoints.create({ ...draft, url: receiver.url, events: ["reply.sent"] });
    await webhooks.endpoints.create({ ...draft, url: receiver.url, bot: "other" });
    await webhooks.tell(messageEvent("1"));
    await eventually(() => expect(receiver.got).toHaveLength(1));
    const [got] = receiver.got;
    if (got === undefined) throw new Error("nothing came");
    expect(verified(got, secret)).toEqual({
      id: expect.stringMatching(/^msg_[\da-f]{32}$/u),
      type: "message.received",
      timestamp: "2026-12-01T11:59:59.000Z",
      bot: "harbour",
      data: { conversation: CONVERSATION, account: "web:main", eventId: "event-1", kind: "message" },
    });
    expect(got.headers).toMatchObject({
      "content-type": "application/json; charset=utf-8",
      "user-agent": expect.stringMatching(/^Parley-Webhooks\/\d/u),
      "webhook-timestamp": String(NOON / 1000),
    });
  });

  it("told twice is one call", async () => {
    const { webhooks } = await open();
    const { endpoint } = await webhooks.endpoints.create({ ...draft, url: receiver.url });
    await webhooks.tell(messageEvent("1"));
    await untilDelivery(webhooks, endpoint.id, { status: "delivered" });
    await webhooks.tell(messageEvent("1"));
    await webhooks.tell(messageEvent("2"));
    await eventually(() => expect(receiver.got).toHaveLength(2));
    expect(receiver.got.map(({ body }) => JSON.parse(body).data.eventId)).toEqual(["event-1", "event-2"]);
  });

  it("costs nothing where nobody wants it", async () => {
    const { webhooks, topics } = await open({}, false);
    await webhooks.tell(messageEvent("1"));
    expect(await topics.counts("webhook-events")).toEqual({ waiting: 0, dead: 0 });
  });

  it("waits over a restart", async () => {
    const first = await open({}, false);
    await first.webhooks.endpoints.create({ ...draft, url: receiver.url });
    await first.webhooks.tell(messageEvent("1"));
    await first.end();
    await open();
    await eventually(() => expect(receiver.got).toHaveLength(1));
  });

  it("of another shape is refused where it is told", async () => {
    const { webhooks } = await open({}, false);
    const event = messageEvent("1");
    await expect(webhooks.tell({ ...event, at: "yesterday" })).rejects.toThrow();
    const documents = { source: "1", bot: "harbour", at: event.at, type: "document.changed" } as const;
    await expect(
      webhooks.tell({ ...documents, data: { document: "a".repeat(501), change: "added" } }),
    ).rejects.toThrow();
  });
});

describe("a receiver that fails", () => {
  it("gets the same message again, with the same id and a new time, when it asks for it", async () => {
    const { webhooks } = await open();
    const { endpoint, secret } = await webhooks.endpoints.create({ ...draft, url: receiver.url });
    receiver.reactions.next.push(500, [503, { "retry-after": "1800" }]);
    await webhooks.tell(messageEvent("1"));
    await eventually(async () => {
      expect(await newest(webhooks, endpoint.id)).toMatchObject({
        status: "waiting",
        attempts: 1,
        dueAt: NOON + 5_000,
      });
    });
    await untilDelivery(webhooks, endpoint.id, { attempts: 2 });
    expect((await newest(webhooks, endpoint.id)).dueAt).toBeGreaterThanOrEqual(NOON + 5_000 + 1_800_000);
    clock.now += 1_800_000;
    await untilDelivery(webhooks, endpoint.id, { status: "delivered", attempts: 3 });
    const calls = receiver.got.map(({ headers }) => headers["webhook-id"]);
    expect(new Set(calls).size).toBe(1);
    const times = receiver.got.map(({ headers }) => Number(headers["webhook-timestamp"]));
    expect(times).toEqual(times.toSorted((left, right) => left - right));
    const last = receiver.got.at(-1);
    if (last !== undefined)
      expect(verifyWebhook(last, secret, { clock: () => (times.at(-1) ?? 0) * 1000 }).id).toBe(calls[0]);
    expect(await webhooks.endpoints.find(endpoint.id)).toMatchObject({ failures: 0 });
  });

  it("is tried ten times over three days, disabled with an alert, and gets what is sent again by hand", async () => {
    const { webhooks, alerts } = await open({ disableAfterDays: 3 });
    receiver.reactions.always = 500;
    const { endpoint } = await webhooks.endpoints.create({ ...draft, url: receiver.url });
    await webhooks.tell(messageEvent("1"));
    // From one attempt to the next, however long each takes here. The queue notes its pause a moment after the table: where
    // it counted from the new time, it comes later.
    let looks = 0;
    const untried = async (): Promise<boolean> => {
      const { status, dueAt } = await newest(webhooks, endpoint.id);
      looks = dueAt > clock.now ? 0 : looks + 1;
      if (looks === 0) await pauseFor(100);
      clock.now = Math.max(clock.now + (looks > 0 && looks % 50 === 0 ? HOUR_MS : 100), dueAt);
      return status === "waiting";
    };
    await eventually(async () => expect(await newest(webhooks, endpoint.id)).toMatchObject({ attempts: 1 }));
    while (await untried()) await pauseFor(40);
    expect(await newest(webhooks, endpoint.id)).toMatchObject({ status: "failed", attempts: MOST_ATTEMPTS });
    expect(clock.now - NOON).toBeGreaterThan(75 * HOUR_MS);
    expect(await webhooks.endpoints.find(endpoint.id)).toMatchObject({ active: false, disabledFor: "failing" });
    await eventually(() => expect(alerts).toEqual([{ bot: "harbour", endpoint: endpoint.id, reason: "failing" }]));
    const { id } = await newest(webhooks, endpoint.id);
    expect((await webhooks.deliveries.inspect(id))?.log.map(({ error }) => error)).toEqual(
      Array.from({ length: MOST_ATTEMPTS }, () => "answered 500"),
    );
    receiver.reactions.always = 204;
    await webhooks.endpoints.update(endpoint.id, { active: true });
    expect(await webhooks.resend(id)).toMatchObject({ round: 2, status: "waiting" });
    await untilDelivery(webhooks, endpoint.id, { status: "delivered", attempts: MOST_ATTEMPTS + 1 });
    expect(await webhooks.resend("dlv_none")).toBeUndefined();
  });

  it("that is gone (410) is disabled at once; what waited for it is cancelled", async () => {
    const { webhooks, alerts } = await open();
    const { endpoint } = await webhooks.endpoints.create({ ...draft, url: receiver.url });
    receiver.reactions.next.push(500);
    await webhooks.tell(messageEvent("1"));
    await eventually(async () => expect(await newest(webhooks, endpoint.id)).toMatchObject({ attempts: 1 }));
    receiver.reactions.always = 410;
    await webhooks.tell(messageEvent("2"));
    await eventually(() => expect(alerts).toEqual([{ bot: "harbour", endpoint: endpoint.id, reason: "gone" }]));
    await eventually(async () => {
      clock.now += 5_000;
      const found = await webhooks.deliveries.page(endpoint.id, { limit: 9 });
      expect(found.map(({ status }) => status)).toEqual(["failed", "cancelled"]);
    });
    await webhooks.tell(messageEvent("3"));
    expect(await webhooks.deliveries.page(endpoint.id, { limit: 9 })).toHaveLength(2);
  });

  it("is told of until somebody was told", async () => {
    let isAway = true;
    const told: string[] = [];
    const { webhooks } = await open({
      alert: async ({ endpoint }) => {
        if (isAway) throw new Error("The mail server is away.");
        told.push(endpoint);
      },
    });
    receiver.reactions.always = 410;
    const { endpoint } = await webhooks.endpoints.create({ ...draft, url: receiver.url });
    await webhooks.tell(messageEvent("1"));
    await eventually(async () => expect(await webhooks.endpoints.toTell()).toHaveLength(1));
    isAway = false;
    await webhooks.sweep();
    await webhooks.sweep();
    expect(told).toEqual([endpoint.id]);
  });

  it("and hangs keeps nobody else waiting", async () => {
    const { webhooks } = await open({ timeoutMs: 600_000 });
    const stuck = await webhookReceiver(() => undefined);
    await webhooks.endpoints.create({ ...draft, url: stuck.url });
    await webhooks.endpoints.create({ ...draft, url: receiver.url });
    for (let count = 0; count < 70; count += 1) await webhooks.tell(messageEvent(`${count}`));
    await eventually(() => {
      clock.now += 50;
      expect(receiver.got).toHaveLength(70);
    });
    expect(stuck.got.length).toBeLessThanOrEqual(10);
    // Ends the calls in hand, so that nothing waits for them at the end.
    await stuck.stop();
  });
});

describe("secrets", () => {
  it("are two during a rotation: receivers with either of them go on", async () => {
    const { webhooks } = await open();
    const { endpoint, secret: before } = await webhooks.endpoints.create({ ...draft, url: receiver.url });
    const { secret: after } = await webhooks.rotate(endpoint.id, HOUR_MS);
    await webhooks.tell(messageEvent("1"));
    await eventually(() => expect(receiver.got).toHaveLength(1));
    const [during] = receiver.got;
    if (during === undefined) throw new Error("nothing came");
    expect([verified(during, before).id, verified(during, after).id]).toEqual([
      during.headers["webhook-id"],
      during.headers["webhook-id"],
    ]);
    clock.now += HOUR_MS;
    await webhooks.tell(messageEvent("2"));
    await eventually(() => expect(receiver.got).toHaveLength(2));
    const last = receiver.got[1];
    if (last === undefined) throw new Error("nothing came");
    expect(verified(last, after).type).toBe("message.received");
    expect(() => verified(last, before)).toThrow();
  });
});

describe("what is lost", () => {
  it("by the queue is put into it again from the table", async () => {
    const first = await open({}, false);
    const { endpoint } = await first.webhooks.endpoints.create({ ...draft, url: receiver.url });
    const running = first.webhooks.start();
    receiver.reactions.next.push(500);
    await first.webhooks.tell(messageEvent("1"));
    await untilDelivery(first.webhooks, endpoint.id, { attempts: 1 });
    await running.close();
    await first.end();
    for (const suffix of ["", "-wal", "-shm"]) await rm(join(folder, `topics.sqlite${suffix}`), { force: true });
    const second = await open();
    clock.now += 2 * HOUR_MS;
    await second.webhooks.sweep();
    await untilDelivery(second.webhooks, endpoint.id, { status: "delivered", round: 2 });
  });

  it("with its conversation is not sent any more", async () => {
    const { webhooks, topics } = await open();
    await webhooks.endpoints.create({ ...draft, url: receiver.url });
    receiver.reactions.always = 500;
    await webhooks.tell(messageEvent("1"));
    await eventually(() => expect(receiver.got).toHaveLength(1));
    await eventually(async () => expect(await webhooks.forget([CONVERSATION])).toBe(1));
    clock.now += HOUR_MS;
    await eventually(async () => expect(await topics.counts("webhook-deliveries")).toEqual({ waiting: 0, dead: 0 }));
    expect(receiver.got).toHaveLength(1);
  });
});
