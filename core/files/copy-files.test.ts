import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type S3Server, startS3 } from "../../test/support/s3-server.ts";
import { copyFiles } from "./copy-files.ts";
import { directoryFiles } from "./directory-files.ts";
import type { Files, KeptFiles } from "./files.ts";
import { s3Files } from "./s3-files.ts";

const letters: KeptFiles = { name: "letters", prefix: "letters/", keys: /^letters\/[a-z0-9]+$/u };
const keys: KeptFiles = { name: "keys", prefix: "one.", keys: /^one\.key$/u };
const LETTERS = 12;

let folder: string;
let server: S3Server;
let from: Files;
let to: Files;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-copy-files-"));
  from = directoryFiles(folder);
  for (let index = 0; index < LETTERS; index += 1)
    await from.put(`letters/a${index}`, Buffer.from(`letter ${index}`.repeat(index)));
  await from.put("letters/half.written", Buffer.from("not kept"));
  await from.put("one.key", Buffer.from("secret"));
  await from.put("one.sqlite", Buffer.from("not kept"));
  server = await startS3({ pageSize: 5 });
  const { endpoint, bucket, credentials } = server;
  to = s3Files({ endpoint, bucket, credentials, prefix: "here", forcePathStyle: true });
});
afterEach(async () => {
  await to.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const copy = async (progress?: (name: string, done: number) => void) =>
  await copyFiles({ from, to, kept: [letters, keys], ...(progress && { progress }) });

/** Names and times of everything in the source. */
async function source(): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true });
  return await Promise.all(names.map(async (name) => `${name} ${(await stat(join(folder, name))).mtimeMs}`));
}

it("copies what is kept and nothing else, compares it, and leaves the source as it is", async () => {
  const before = await source();
  const counts = await copy();
  expect(counts).toMatchObject([
    { name: "letters", files: LETTERS },
    { name: "keys", files: 1, bytes: 6 },
  ]);
  expect(await source()).toEqual(before);
  expect(server.objects.size).toBe(LETTERS + 1);
  expect(Buffer.from((await to.get("letters/a3")) ?? []).toString()).toBe("letter 3letter 3letter 3");
  // The same is said when nothing is left to do.
  expect(await copy()).toEqual(counts);
});

it("goes on where it was cut off, and sends nothing twice", async () => {
  const cut = (_name: string, done: number): void => {
    if (done === 5) throw new Error("cut off");
  };
  await expect(copy(cut)).rejects.toThrow("cut off");
  await expect.poll(() => server.objects.size).toBeGreaterThanOrEqual(5);
  const sent = new Map(server.objects);
  expect((await copy()).map(({ files }) => files)).toEqual([LETTERS, 1]);
  for (const [key, object] of sent) expect(server.objects.get(key)).toBe(object);
});

it("mixes no two installations: foreign files and other contents are refused before anything is sent over them", async () => {
  await to.put("letters/foreign", Buffer.from("of somebody else"));
  await expect(copy()).rejects.toMatchObject({ code: "store/copy" });
  expect(server.objects.size).toBe(1);
  await to.remove("letters/foreign");
  await to.put("one.key", Buffer.from("another"));
  await expect(copy()).rejects.toThrow(/"one\.key" in s3:.* has another content there than here/u);
  expect(Buffer.from((await to.get("one.key")) ?? []).toString()).toBe("another");
});

it("says so where the storage does not give back what was written", async () => {
  const forgetful: Files = { ...to, put: async () => true };
  await expect(copyFiles({ from, to: forgetful, kept: [keys] })).rejects.toThrow(/did not come back/u);
});
