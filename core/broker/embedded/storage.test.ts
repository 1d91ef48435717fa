import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ulid } from "ulid";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { claim, during, echo, readAll } from "../../../test/contracts/broker/under-test.ts";
import { messageEvent, replyTo, testConversation } from "../../../test/support/events.ts";
import { eventually } from "../../../test/support/eventually.ts";
import { silentTelemetry } from "../../silent-telemetry.ts";
import { openSqlite } from "../../store/sqlite/driver.ts";
import { openEmbeddedBroker, type OpenedEmbeddedBroker } from "./embedded-broker.ts";

const conversation = testConversation("storage");

describe("the embedded broker's file", () => {
  let folder = "";
  let path = "";
  let now = 0;
  let opened: OpenedEmbeddedBroker;

  const open = (synchronous: "full" | "normal" = "full"): OpenedEmbeddedBroker =>
    openEmbeddedBroker({
      path,
      environment: { clock: () => now, newId: () => ulid(), random: Math.random },
      telemetry: silentTelemetry,
      synchronous,
    });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "parley-storage-"));
    path = join(folder, "deeper", "broker.db");
    now = Date.now();
    opened = open();
  });
  afterEach(async () => {
    await opened.broker.close();
    rmSync(folder, { recursive: true });
  });

  const tamper = (sql: string): void => {
    const database = openSqlite(path);
    database.exec(sql);
    database.close();
  };

  it("puts events that it cannot read into the dead letters and goes on", async () => {
    const { broker } = opened;
    for (const text of ["newer", "broken", "fine"]) await broker.accept(messageEvent({ conversation, text }));
    tamper(`UPDATE mailbox SET event = json_set(event, '$.version', 2) WHERE sequence = 1;
            UPDATE mailbox SET event = 'not json' WHERE sequence = 2`);
    const seen: string[] = [];
    await during(broker.work(echo(seen)), () => eventually(() => expect(seen).toEqual(["fine"])));
    const letters = await broker.deadLetters.list();
    expect(letters.map(({ sequence }) => sequence)).toEqual([2, 1]);
    expect(letters[0]?.reason).toContain("not JSON");
    expect(letters[1]?.reason).toContain("version");
    expect(letters[0]?.event.metadata).toEqual({ unreadable: "not json" });
  });

  it("gives an unreadable event back whole when it is resubmitted to a version that reads it", async () => {
    const { broker, mailboxes } = opened;
    const event = messageEvent({ conversation, text: "precious" });
    await broker.accept(event);
    tamper("UPDATE mailbox SET event = json_set(event, '$.version', 2)");
    expect(await mailboxes.begin(conversation, { leaseMs: 1000, batch: 5 })).toEqual({ status: "empty" });
    tamper("UPDATE dead SET payload = json_set(payload, '$.version', 1)");
    const [letter] = await broker.deadLetters.list();
    expect(await broker.deadLetters.resubmit(letter?.id ?? "")).toBe(true);
    expect((await claim(mailboxes, conversation)).waiting[0]?.event).toEqual(event);
  });

  it("puts replies that it cannot read into the dead letters and delivers the rest", async () => {
    const { broker, outboxes } = opened;
    const event = messageEvent({ conversation });
    await broker.send(replyTo(event, "broken", 0));
    await broker.send(replyTo(event, "fine", 1));
    tamper("UPDATE outbox SET entry = '{}' WHERE position = 1");
    expect((await readAll(outboxes, event.account)).map(({ reply }) => reply.text)).toEqual(["fine"]);
    expect(await broker.counts()).toMatchObject({ outbox: 1, dead: 1 });
  });

  it("keeps everything over a restart: order, sequence, keys, pauses, schedule", async () => {
    const event = messageEvent({ conversation, text: "one" });
    await opened.broker.accept(event);
    await opened.broker.pause("all");
    await opened.broker.schedule(messageEvent({ conversation }), now + 60_000);
    await opened.broker.close();
    opened = open();
    const { broker, mailboxes } = opened;
    expect(await broker.accept(event)).toEqual({ status: "duplicate" });
    expect(await broker.accept(messageEvent({ conversation }))).toEqual({ status: "accepted", sequence: 2 });
    expect(await mailboxes.begin(conversation, { leaseMs: 1000, batch: 5 })).toEqual({ status: "paused" });
    expect(await broker.counts()).toMatchObject({ waiting: 2, scheduled: 1 });
  });

  it("does not leave a claim stuck when the clock goes back", async () => {
    const { broker, mailboxes } = opened;
    await broker.accept(messageEvent({ conversation }));
    const dead = await claim(mailboxes, conversation, 10_000);
    now -= 60 * 60 * 1000;
    await opened.sweep();
    expect((await claim(mailboxes, conversation)).epoch).toBeGreaterThan(dead.epoch);
  });

  it("forgets old keys, dead letters and memories when it sweeps", async () => {
    const { broker, mailboxes, sweep } = opened;
    await broker.accept(messageEvent({ conversation }));
    const { epoch } = await claim(mailboxes, conversation);
    await mailboxes.bury(conversation, epoch, { reason: "x", attempts: 1, replies: [] });
    await broker.remember("key", "value", 1000);
    now += 31 * 24 * 60 * 60 * 1000;
    await sweep();
    const database = openSqlite(path, { readonly: true });
    const left = database
      .prepare("SELECT (SELECT count(*) FROM seen) + (SELECT count(*) FROM dead) + (SELECT count(*) FROM remembered)")
      .pluck()
      .get();
    database.close();
    expect(left).toBe(0);
  });

  it("refuses a file of a newer version", () => {
    tamper("PRAGMA user_version = 99");
    expect(() => open()).toThrow(expect.objectContaining({ code: "broker/newer-file" }));
  });

  it("warns in its check when a power loss could lose events", async () => {
    const { broker } = open("normal");
    const findings = await broker.check();
    await broker.close();
    expect(findings.find(({ name }) => name === "broker durability")).toMatchObject({ status: "warning" });
    expect((await opened.broker.check()).map(({ status }) => status)).toEqual(["ok", "ok", "ok", "ok", "ok"]);
  });
});
