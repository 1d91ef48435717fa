import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { createEmbeddedBroker } from "../../core/broker/embedded/embedded-broker.ts";
import { accountId } from "../../core/conversation-id.ts";
import type { LifecycleEvent } from "../../core/lifecycle.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { eventually } from "../../test/support/eventually.ts";
import { openSqliteStore } from "../../test/support/sqlite-store.ts";
import { temporaryFolder } from "../../test/support/tool-pack.ts";
import { CONVERSATION } from "../../test/support/webhook-place.ts";
import type { WebhookEvent } from "./event.ts";
import { followLifecycle, webhookEventOf } from "./lifecycle-events.ts";

let ids = 0;
const environment = { clock: Date.now, random: Math.random, newId: () => `id-${(ids += 1)}` };
const base = { version: 1, at: "2026-12-01T12:00:00.000Z", bot: "harbour", account: accountId("web", "main") } as const;
const received = (id: string): LifecycleEvent => ({
  ...base,
  id,
  conversation: CONVERSATION,
  type: "message-received",
  eventId: `event-${id}`,
  userId: "u1",
  kind: "message",
});

async function open(tell: (event: WebhookEvent) => Promise<void>) {
  const folder = await temporaryFolder();
  const broker = createEmbeddedBroker({ path: join(folder, "broker.sqlite"), environment, telemetry: silentTelemetry });
  const store = await openSqliteStore(folder);
  onTestFinished(async () => {
    await broker.close();
    await store.close();
  });
  const follow = (by = tell) =>
    followLifecycle({ broker, values: store.values, environment, telemetry: silentTelemetry, tell: by });
  return { broker, follow };
}

it("tells messages and replies, without who wrote them, and nothing else", () => {
  const { type, data } = webhookEventOf(received("1")) ?? {};
  expect(type).toBe("message.received");
  expect(JSON.stringify(data)).not.toContain("u1");
  const sent = {
    ...base,
    id: "2",
    conversation: CONVERSATION,
    type: "reply-sent",
    eventId: "e",
    outcome: "delivered",
  } as const;
  expect(webhookEventOf({ ...sent, messageIds: ["m1"] })).toMatchObject({
    type: "reply.sent",
    source: "2",
    data: { messageIds: ["m1"] },
  });
  expect(webhookEventOf({ ...base, id: "3", conversation: CONVERSATION, type: "session.created" })).toBeUndefined();
});

it("goes on where it stopped, and tells again what could not be noted, in order", async () => {
  const told: string[] = [];
  let failures = 1;
  const { broker, follow } = await open(async ({ source }) => {
    if (source === "2" && failures-- > 0) throw new Error("The queue is away.");
    told.push(source);
  });
  const first = follow();
  // It follows from when it holds the stream: what comes before is nobody's.
  await eventually(async () => {
    if (told.length === 0) await broker.emit(received("1"));
    expect(told.length).toBeGreaterThan(0);
  });
  told.length = 0;
  await broker.emit(received("2"));
  await broker.emit(received("3"));
  await eventually(() => expect(told.filter((source) => source !== "1")).toEqual(["2", "3"]));
  await first.close();
  await broker.emit(received("4"));
  const later: string[] = [];
  const second = follow(async ({ source }) => void later.push(source));
  await eventually(() => expect(later.at(-1)).toBe("4"));
  // What was told last may be told once more; nothing is left out.
  expect(["3,4", "4"]).toContain(later.join(","));
  await second.close();
});
