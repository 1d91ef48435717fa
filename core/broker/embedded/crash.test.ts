import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ulid } from "ulid";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { messageEvent, testConversation } from "../../../test/support/events.ts";
import { eventually } from "../../../test/support/eventually.ts";
import { accountOf } from "../../conversation-id.ts";
import type { InboundEvent } from "../../event.ts";
import { silentTelemetry } from "../../silent-telemetry.ts";
import type { Broker } from "../broker.ts";
import { BrokerUnavailableError } from "../errors.ts";
import { openEmbeddedBroker } from "./embedded-broker.ts";

const child = fileURLToPath(new URL("../../../test/support/embedded-worker-process.ts", import.meta.url));
const LEASE_MS = 1_500;
const CHATS = 8;
const EVENTS = 30;

/** As a platform does: what was refused because others held the file for too long is given again, as the same event. */
async function acceptInTheEnd(broker: Broker, event: InboundEvent): Promise<void> {
  for (;;) {
    try {
      await broker.accept(event);
      return;
    } catch (thrown) {
      if (!(thrown instanceof BrokerUnavailableError)) throw thrown;
    }
  }
}

describe("the embedded broker when its processes are killed", () => {
  let folder = "";
  const children = new Set<ChildProcess>();

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "parley-crash-"));
  });
  afterEach(() => {
    for (const worker of children) worker.kill("SIGKILL");
    children.clear();
    rmSync(folder, { recursive: true, force: true });
  });

  async function startWorker(path: string): Promise<ChildProcess> {
    const worker = spawn(process.execPath, ["--import", "tsx", child, path, String(LEASE_MS)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.add(worker);
    if (worker.stdout !== null) await once(worker.stdout, "data");
    return worker;
  }

  it("loses, repeats and reorders nothing", async () => {
    const path = join(folder, "broker.db");
    const { broker, outboxes } = openEmbeddedBroker({
      path,
      environment: { clock: Date.now, newId: () => ulid(), random: Math.random },
      telemetry: silentTelemetry,
    });
    const chats = Array.from({ length: CHATS }, (_, index) => testConversation(`crash-${index}`));
    const workers = [await startWorker(path), await startWorker(path)];
    const feed = (async () => {
      for (let index = 0; index < EVENTS; index += 1) {
        await Promise.all(
          chats.map((conversation) => acceptInTheEnd(broker, messageEvent({ conversation, text: String(index) }))),
        );
        await sleep(60);
      }
    })();
    for (let kill = 0; kill < 4; kill += 1) {
      await sleep(200 + 200 * Math.random());
      workers[kill % 2]?.kill("SIGKILL");
      workers[kill % 2] = await startWorker(path);
    }
    await feed;
    await eventually(async () => expect((await broker.counts()).waiting).toBe(0));
    const options = { count: 1_000, waitMs: 0, signal: new AbortController().signal };
    const entries = await outboxes.read(accountOf(testConversation("crash-0")), "", options);
    await broker.close();
    const expected = Array.from({ length: EVENTS }, (_, index) => String(index));
    for (const chat of chats) {
      const texts = entries.filter(({ conversation }) => conversation === chat).map(({ reply }) => reply.text);
      expect(texts).toEqual(expected);
    }
  });
});
