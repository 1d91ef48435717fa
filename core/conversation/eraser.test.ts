import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, it, onTestFinished } from "vitest";
import { messageEvent, testConversation } from "../../test/support/events.ts";
import { openSqliteStore } from "../../test/support/sqlite-store.ts";
import { createSpool, textFilesOf } from "../attachments/index.ts";
import { createEmbeddedBroker } from "../broker/embedded/embedded-broker.ts";
import { Attachment } from "../event.ts";
import { directoryFiles } from "../files/directory-files.ts";
import { silentTelemetry } from "../silent-telemetry.ts";
import { createEraser } from "./eraser.ts";
import { createConversationLife } from "./sessions.ts";

async function place() {
  const folder = await mkdtemp(join(tmpdir(), "parley-eraser-"));
  const environment = { clock: Date.now, newId: randomUUID, random: Math.random };
  const path = join(folder, "broker.sqlite");
  const broker = createEmbeddedBroker({ path, environment, telemetry: silentTelemetry });
  const store = await openSqliteStore(folder);
  const spool = createSpool({ files: directoryFiles(folder), incoming: join(folder, "incoming"), environment });
  onTestFinished(async () => {
    await broker.close();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  const erase = createEraser({ store, broker, spool, keepersOf: () => [] });
  const life = createConversationLife({
    store,
    broker,
    environment,
    telemetry: silentTelemetry,
    erase,
    withdraw: async () => {},
  });
  return { broker, spool, erase, life, filesOfTurn: textFilesOf(broker, spool), path };
}

it("forgets the names of files that were sent, of everybody in the conversation and of nobody elsewhere", async () => {
  const { broker, spool, erase, life, filesOfTurn, path } = await place();
  const send = async (chat: string, userId: string, name: string) => {
    const { key } = await spool.put(Readable.from([Buffer.from(name)]), { name });
    const attachments = [Attachment.parse({ id: name, kind: "document", name, spoolKey: key })];
    const event = { ...messageEvent({ conversation: testConversation(chat), userId }), attachments };
    await life.resume(event);
    await filesOfTurn([event]);
  };
  const namesFor = async (chat: string, userId: string) =>
    (await filesOfTurn([messageEvent({ conversation: testConversation(chat), userId })])).map(({ name }) => name);
  await send("one", "anna", "anna-diary.txt");
  await send("one", "ben", "ben-diary.txt");
  await send("two", "eve", "eve-diary.txt");
  expect(await namesFor("one", "anna")).toEqual(["anna-diary.txt"]);
  expect(await namesFor("one", "ben")).toEqual(["ben-diary.txt"]);

  await erase(testConversation("one"));
  expect(await namesFor("one", "anna")).toEqual([]);
  expect(await namesFor("one", "ben")).toEqual([]);
  expect(await namesFor("two", "eve")).toEqual(["eve-diary.txt"]);

  // Closed, the file holds what its log held.
  await broker.close();
  const bytes = await readFile(path);
  expect(bytes.includes("eve-diary")).toBe(true);
  for (const word of ["anna-diary", "ben-diary"]) expect(bytes.includes(word)).toBe(false);
});
