import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { silentTelemetry } from "../../silent-telemetry.ts";
import { migrate, openDatabase } from "./database.ts";
import { storeMigrations } from "./schema.ts";
import { createSqliteStore } from "./sqlite-store.ts";

const environment = { clock: Date.now, random: Math.random, newId: () => "id" };
const at = "2026-01-01T12:00:00.000Z";

describe("the store's tables", () => {
  let folder = "";
  let path = "";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "parley-schema-"));
    path = join(folder, "store.sqlite");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("keeps turns, traces, receipts and hits of an older file", async () => {
    const old = openDatabase(path);
    migrate(old, "store", storeMigrations.slice(0, 1));
    const trace = {
      version: 1,
      id: "e",
      conversation: "web:main:ada",
      bot: "bank",
      eventIds: ["e"],
      messageIds: ["in"],
    };
    const body = JSON.stringify({ ...trace, startedAt: at, outcome: "answered", steps: [] });
    old.exec(`
      INSERT INTO turns (conversation, event_id, sequence, session, user_id, text, replies, at, answered_at)
        VALUES ('web:main:ada', 'e', 1, 1, 'ada', 'Hello', '[]', '${at}', '${at}');
      INSERT INTO traces VALUES ('e', 'web:main:ada', '${at}', '${body}');
      INSERT INTO trace_references VALUES ('e', 'e'), ('in', 'e');
      INSERT INTO deliveries VALUES ('e.0', 'web:main:ada', 'web:main', 'e', 'unknown', '[]', 1, 0, '[]', NULL, '${at}');
      INSERT INTO delivery_messages VALUES ('out', 'e.0');
      INSERT INTO usage_hits VALUES ('user', 60000, 'hit', 1000);`);
    old.close();

    const store = await createSqliteStore({ path, environment, telemetry: silentTelemetry });
    const [conversation] = (await store.traces.list({ limit: 1 })).map((found) => found.conversation);
    if (conversation === undefined) throw new Error("The trace is gone");
    expect(await store.history.find(conversation, "e")).toMatchObject({ text: "Hello", sequence: 1 });
    for (const reference of ["e", "in", "out"]) expect(await store.traces.find(reference)).toMatchObject([{ id: "e" }]);
    expect(await store.deliveries.withOutcome("unknown", 9)).toMatchObject([{ id: "e.0" }]);
    const again = { id: "next", at: 2_000, windowMs: 60_000, limit: 1 };
    expect(await store.usage.hit("user", again)).toEqual({ allowed: false, retryAtMs: 61_000 });
    await store.close();
  });
});
