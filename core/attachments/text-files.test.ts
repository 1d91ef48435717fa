import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { createSpool } from "./spool.ts";
import { Attachment } from "../event.ts";
import { directoryFiles } from "../files/directory-files.ts";
import { messageEvent, testConversation } from "../../test/support/events.ts";
import { textFilesOf } from "./text-files.ts";

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

async function place() {
  const folder = await mkdtemp(join(tmpdir(), "parley-text-files-"));
  onTestFinished(async () => await rm(folder, { recursive: true, force: true }));
  const environment = { clock: Date.now, newId: randomUUID };
  const spool = createSpool({ files: directoryFiles(folder), incoming: join(folder, "incoming"), environment });
  const known = new Map<string, string>();
  const broker = {
    remember: async (key: string, value: string) => void known.set(key, value),
    recall: async (key: string) => known.get(key),
  };
  return { spool, files: textFilesOf(broker, spool) };
}

it("finds a table in the turn that brings it, and in later ones of the same person there", async () => {
  const { spool, files } = await place();
  const long = `a,b\n${"1,2\n".repeat(5_000)}`;
  const { key } = await spool.put(once(long), { name: "sums.csv" });
  const attachments = [Attachment.parse({ id: "1", kind: "document", name: "sums.csv", spoolKey: key })];
  const conversation = testConversation("c1");
  const sent = { ...messageEvent({ conversation, userId: "anna" }), attachments };
  const [file] = await files([sent]);
  expect(file?.name).toBe("sums.csv");
  // Whole: a prompt would get only its beginning.
  expect((await file?.read())?.trim()).toBe(long.trim());

  const later = await files([messageEvent({ conversation, userId: "anna" })]);
  expect(later.map(({ name }) => name)).toEqual(["sums.csv"]);
  expect(await files([messageEvent({ conversation, userId: "ben" })])).toEqual([]);
  expect(await files([messageEvent({ conversation: testConversation("c2"), userId: "anna" })])).toEqual([]);

  await spool.remove(key);
  expect(await later[0]?.read()).toBeUndefined();
});
