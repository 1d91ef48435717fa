import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { messageEvent } from "../../test/support/events.ts";
import { Attachment, type InboundEvent } from "../event.ts";
import { directoryFiles } from "../files/directory-files.ts";
import { createAttachments } from "./attachments.ts";
import { readText } from "./read-text.ts";
import { createSpool } from "./spool.ts";

const directories: string[] = [];
afterEach(async () => {
  await Promise.all(directories.splice(0).map(async (path) => await rm(path, { recursive: true, force: true })));
});

const now = Date.parse("2026-01-05T09:00:00.000Z");
const never = new AbortController().signal;
const fileOf = (fields: Partial<Attachment> = {}): Attachment =>
  Attachment.parse({ id: "f1", kind: "document", name: "notes.md", ...fields });

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

async function setup(content = "# Notes") {
  const directory = await mkdtemp(join(tmpdir(), "attachments-"));
  directories.push(directory);
  const spool = createSpool({
    files: directoryFiles(directory),
    incoming: join(directory, "incoming"),
    environment: { clock: () => now, newId: randomUUID },
    maxBytes: 1_000,
  });
  const values = new Map<string, string>();
  const fetched: string[] = [];
  const kept: { readonly conversation: string; readonly key: string }[] = [];
  const broker = {
    remember: async (key: string, value: string) => {
      values.set(key, value);
    },
    recall: async (key: string) => values.get(key),
  };
  const process = (connected: boolean) =>
    createAttachments({
      spool,
      broker,
      keepFile: async (conversation, key) => {
        kept.push({ conversation, key });
      },
      clock: () => now,
      sessionOf: () =>
        connected
          ? {
              fetchAttachment: async (attachment) => {
                fetched.push(attachment.id);
                return once(content);
              },
            }
          : undefined,
    });
  return { spool, fetched, kept, attachments: process(true), elsewhere: process(false) };
}

const event: InboundEvent = messageEvent();

it("fetches a file once, for everybody who asks and in every process", async () => {
  const { attachments, elsewhere, spool, fetched } = await setup();
  const file = fileOf();
  const both = await Promise.all([attachments.ensure(event, file, never), attachments.ensure(event, file, never)]);
  expect(both.map(({ mediaType }) => mediaType)).toEqual(["text/markdown", "text/markdown"]);
  const there = await elsewhere.ensure(event, file, never);
  expect(await readText(spool, there.key)).toBe("# Notes");
  expect(fetched).toEqual(["f1"]);
});

it("opens a file that was spooled with the event", async () => {
  const { attachments, spool, fetched } = await setup();
  const { key } = await spool.put(once("upload"));
  const opened = await attachments.ensure(event, fileOf({ spoolKey: key }), never);
  expect(await readText(spool, opened.key)).toBe("upload");
  expect(fetched).toEqual([]);
});

it("gives no text of what is not plain text", async () => {
  const { attachments, spool } = await setup("%PDF-1.7");
  const opened = await attachments.ensure(event, fileOf({ name: "notes.txt" }), never);
  expect(opened.mediaType).toBe("application/pdf");
  expect(await readText(spool, opened.key, "notes.txt")).toBeUndefined();
  expect(await readText(spool, "0".repeat(64), "notes.txt")).toBeUndefined();
});

it.each([
  ["attachment/expired", { expiresAt: "2026-01-05T08:59:59.000Z" }],
  ["attachment/too-large", { sizeBytes: 2_000 }],
  ["attachment/unknown", { spoolKey: "0".repeat(64) }],
])("says %s before anything is fetched", async (code, fields) => {
  const { attachments, fetched } = await setup();
  await expect(attachments.ensure(event, fileOf(fields), never)).rejects.toMatchObject({ code });
  expect(fetched).toEqual([]);
});

it("needs the connection of the account for a file that is not here yet", async () => {
  const { elsewhere } = await setup();
  await expect(elsewhere.ensure(event, fileOf(), never)).rejects.toMatchObject({ code: "attachment/unknown" });
});

it("spools all files of an event before their links die, and reports those that failed", async () => {
  const { attachments, elsewhere } = await setup();
  const good = fileOf({ id: "good", expiresAt: "2026-01-05T09:00:01.000Z" });
  const dead = fileOf({ id: "dead", expiresAt: "2026-01-05T08:00:00.000Z" });
  const place = fileOf({ id: "place", kind: "location" });
  const errors = await attachments.spoolAll(
    { ...messageEvent({ id: event.id }), attachments: [good, dead, place] },
    never,
  );
  expect(errors.map((error) => error.code)).toEqual(["attachment/expired"]);
  expect((await elsewhere.ensure(event, good, never)).sizeBytes).toBe(7);
});

it("fetches again after a failure", async () => {
  const { attachments, fetched } = await setup("x".repeat(1_500));
  const fails = async (): Promise<unknown> => await attachments.ensure(event, fileOf(), never).catch(String);
  expect(await fails()).toContain("larger than 1000 bytes");
  expect(await fails()).toContain("larger than 1000 bytes");
  expect(fetched).toHaveLength(2);
});
