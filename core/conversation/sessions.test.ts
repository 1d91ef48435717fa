import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSqliteStore } from "../../test/support/sqlite-store.ts";
import { storeEraser } from "../../test/support/store-eraser.ts";
import { accountId, conversationId } from "../conversation-id.ts";
import { InboundEvent } from "../event.ts";
import { LifecycleEvent } from "../lifecycle.ts";
import { silentTelemetry } from "../silent-telemetry.ts";
import type { Store } from "../store/store.ts";
import { createConversationLife } from "./sessions.ts";

describe("conversations", () => {
  let folder = "";
  let store: Store;
  let now = 0;
  let emitted: LifecycleEvent[] = [];
  let emitFails = false;
  let counted: string[] = [];
  let logged: object[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "parley-sessions-"));
    store = await openSqliteStore(folder);
    now = Date.UTC(2026, 0, 1);
    emitted = [];
    counted = [];
    logged = [];
    emitFails = false;
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  const withdrawn: string[] = [];
  const minutes = (count: number): number => count * 60_000;
  const conversations = () => {
    let ids = 0;
    return createConversationLife({
      store,
      broker: {
        emit: async (event) => {
          if (emitFails) throw new Error("stream down");
          emitted.push(await LifecycleEvent.parseAsync(event));
        },
      },
      environment: { clock: () => now, random: () => 0.5, newId: () => `id-${(ids += 1)}` },
      telemetry: {
        metrics: { ...silentTelemetry.metrics, session: ({ event }) => counted.push(event) },
        log: { ...silentTelemetry.log, info: (fields, line) => logged.push({ ...fields, message: line }) },
      },
      withdraw: async ({ id }) => withdrawn.push(id),
      erase: storeEraser(store),
    });
  };

  function message(chat: string, id: string): InboundEvent {
    return InboundEvent.parse({
      version: 1,
      type: "message",
      id,
      key: `${chat}/${id}`,
      bot: "bank",
      platform: "web",
      account: accountId("web", "main"),
      conversation: conversationId({ platform: "web", account: "main", chat }),
      chat: { id: chat, type: "direct" },
      user: { id: "ada" },
      timestamp: new Date(now).toISOString(),
      receivedAt: new Date(now).toISOString(),
      messageId: id,
      text: "Hi",
    });
  }

  it("tells of a conversation's creation once, and resumes it after a restart", async () => {
    const { record } = await conversations().resume(message("a", "1"));
    const resumed = await conversations().resume(message("a", "2"));
    expect(resumed).toMatchObject({ created: false, record: { session: record.session, messageCount: 2 } });
    expect(emitted).toMatchObject([{ type: "session.created", conversation: record.id, bot: "bank" }]);
  });

  it("tells of the creation again, under the same id, when the process died before it could", async () => {
    emitFails = true;
    await expect(conversations().resume(message("a", "1"))).rejects.toThrow("stream down");
    emitFails = false;
    await conversations().resume(message("a", "1"));
    await conversations().resume(message("a", "1"));
    expect(emitted.map(({ type }) => type)).toEqual(["session.created", "session.created"]);
    expect(new Set(emitted.map(({ id }) => id)).size).toBe(1);
  });

  it("ends with duration and message count, once, and starts the next session", async () => {
    const { record } = await conversations().resume(message("a", "1"));
    await conversations().resume(message("a", "2"));
    now += minutes(5);
    await Promise.all([conversations().end(record.id, "reset"), conversations().end(record.id, "reset")]);
    expect(emitted.slice(1)).toMatchObject([
      { type: "session.ended", reason: "reset", durationMs: minutes(5), messageCount: 2 },
    ]);
    expect(counted).toEqual(["session.created", "session.ended"]);
    expect(logged).toMatchObject([
      { message: "session.created", bot: "bank" },
      { message: "session.ended", reason: "reset", durationMs: minutes(5), messageCount: 2 },
    ]);
    const next = await conversations().resume(message("a", "3"));
    expect(next).toMatchObject({ created: true, record: { session: record.session + 1, messageCount: 1 } });
  });

  it("makes void what waits for a confirmation when reset, and not when idle", async () => {
    withdrawn.length = 0;
    const { record } = await conversations().resume(message("a", "1"));
    now += minutes(120);
    await conversations().endIdle(60);
    expect(withdrawn).toEqual([]);
    await conversations().resume(message("a", "2"));
    await conversations().end(record.id, "reset");
    expect(withdrawn).toEqual([record.id]);
  });

  it("erases memory when forgotten, and not when reset", async () => {
    const { record } = await conversations().resume(message("a", "1"));
    const person = await store.people.personOf(record.account, "ada");
    const scope = { kind: "person", bot: "bank", person } as const;
    await store.memory.set(scope, { key: "city", value: "Rome", at: record.createdAt });
    await conversations().end(record.id, "reset");
    expect(await store.memory.list(scope)).toHaveLength(1);
    await conversations().resume(message("a", "2"));
    await conversations().end(record.id, "forgotten");
    expect(await store.memory.list(scope)).toEqual([]);
  });

  it("ends all idle ones and only those", async () => {
    const idle = Array.from({ length: 130 }, (_, index) => `idle-${index}`);
    await Promise.all(idle.map(async (chat) => await conversations().resume(message(chat, chat))));
    now += minutes(20);
    const { record } = await conversations().resume(message("busy", "1"));
    now += minutes(20);
    const counts = await Promise.all([conversations().endIdle(30), conversations().endIdle(30)]);
    expect(counts.reduce((sum, count) => sum + count)).toBe(130);
    expect(emitted.filter((event) => event.type === "session.ended" && event.reason === "idle")).toHaveLength(130);
    expect((await store.conversations.list({ limit: 999 })).map(({ id }) => id)).toEqual([record.id]);
  });
});
