import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { directoryFiles } from "./directory-files.ts";
import { type Files, readWhole } from "./files.ts";
import type { S3Options } from "./s3-client.ts";
import { s3Files } from "./s3-files.ts";
import { type S3Server, type S3ServerOptions, startS3 } from "../../test/support/s3-server.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-files-"));
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

const bytes = (text: string): Uint8Array => Buffer.from(text);
const text = (content: Uint8Array | undefined): string | undefined => content && Buffer.from(content).toString();
const MIB = 1024 * 1024;

async function keysOf(files: Files, prefix = ""): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of files.list(prefix)) keys.push(key);
  return keys.toSorted();
}

const servers: S3Server[] = [];
afterEach(async () => await Promise.all(servers.splice(0).map(async (server) => await server.stop())));

/** A bucket in which others have files of their own. */
async function bucket(options: S3ServerOptions & { readonly timeoutMs?: number } = {}) {
  const server = await startS3({ pageSize: 3, ...options });
  servers.push(server);
  const { endpoint, bucket: name, credentials, objects } = server;
  objects.set("other/file", { content: Buffer.from("not ours"), modifiedAt: 0, metadata: [] });
  const open = (given: Partial<S3Options> = {}): Files =>
    s3Files({
      bucket: name,
      prefix: "parley/one",
      endpoint,
      credentials,
      forcePathStyle: true,
      timeoutMs: options.timeoutMs ?? 9_000,
      ...given,
    });
  return { server, open };
}

describe.each([
  { name: "a directory", open: async () => directoryFiles(join(folder, "data")) },
  { name: "a bucket", open: async () => (await bucket()).open() },
  {
    name: "a bucket that refuses conditional puts",
    open: async () => (await bucket({ conditions: "refuses" })).open(),
    isRacy: true,
  },
  {
    name: "a bucket that ignores the condition of puts",
    open: async () => (await bucket({ conditions: "ignores" })).open(),
    isRacy: true,
  },
])("files in $name", ({ open, isRacy = false }) => {
  let files: Files;
  beforeEach(async () => {
    files = await open();
  });
  afterEach(async () => await files.close());

  it("gives back what it was given, and the newest of several", async () => {
    expect(await files.get("a/b.txt")).toBeUndefined();
    expect(await files.stat("a/b.txt")).toBeUndefined();
    expect(await files.put("a/b.txt", bytes("first"))).toBe(true);
    expect(await files.put("a/b.txt", bytes("second one"))).toBe(true);
    expect(text(await files.get("a/b.txt"))).toBe("second one");
    const found = await files.stat("a/b.txt");
    expect(found).toMatchObject({ key: "a/b.txt", bytes: 10 });
    expect(Math.abs((found?.modifiedAt ?? 0) - Date.now())).toBeLessThan(60_000);
    await files.put("empty", bytes(""));
    expect(await files.get("empty")).toHaveLength(0);
  });

  it("opens the beginning of a file alone, and tells its whole length", async () => {
    await files.put("a", bytes("0123456789"));
    await files.put("empty", bytes(""));
    const opened = await files.open("a", { first: 4 });
    expect(opened).toMatchObject({ key: "a", bytes: 10 });
    expect(text(await readWhole(opened))).toBe("0123");
    expect(text(await readWhole(await files.open("a", { first: 40 })))).toBe("0123456789");
    const nothing = await files.open("empty", { first: 4 });
    expect(nothing?.bytes).toBe(0);
    expect(await readWhole(nothing)).toHaveLength(0);
    expect(await files.open("none", { first: 4 })).toBeUndefined();
  });

  it.skipIf(isRacy)("has one winner among many who put where nothing was", async () => {
    const puts = await Promise.all(
      Array.from({ length: 12 }, async (_, index) => await files.put("key", bytes(`${index}`), { ifAbsent: true })),
    );
    expect(puts.filter(Boolean)).toHaveLength(1);
    expect(text(await files.get("key"))).toBe(String(puts.indexOf(true)));
  });

  it("puts where nothing was, once", async () => {
    expect(await files.put("key", bytes("first"), { ifAbsent: true })).toBe(true);
    expect(await files.put("key", bytes("late"), { ifAbsent: true })).toBe(false);
    expect(text(await files.get("key"))).toBe("first");
  });

  it("removes, also what is not there", async () => {
    await files.put("a/b", bytes("x"));
    await files.remove("a/b");
    await files.remove("a/b");
    expect(await files.get("a/b")).toBeUndefined();
    expect(await keysOf(files)).toEqual([]);
  });

  it("lists by the beginning of the key", async () => {
    for (const key of ["a/1", "a/b/2", "ab/3", "c"]) await files.put(key, bytes(key));
    expect(await keysOf(files)).toEqual(["a/1", "a/b/2", "ab/3", "c"]);
    expect(await keysOf(files, "a/")).toEqual(["a/1", "a/b/2"]);
    expect(await keysOf(files, "a")).toEqual(["a/1", "a/b/2", "ab/3"]);
    expect(await keysOf(files, "a/b")).toEqual(["a/b/2"]);
    expect(await keysOf(files, "none/")).toEqual([]);
    for await (const { key, bytes: length } of files.list("ab")) expect([key, length]).toEqual(["ab/3", 4]);
  });

  it("takes a file of this machine, a big one too", async () => {
    const content = randomBytes(30 * MIB);
    const from = join(folder, "incoming");
    await writeFile(from, content);
    await files.take("big/file", from);
    await expect(stat(from)).rejects.toMatchObject({ code: "ENOENT" });
    expect((await files.stat("big/file"))?.bytes).toBe(30 * MIB);
    expect(content.equals((await files.get("big/file")) ?? bytes(""))).toBe(true);
    await files.put("big/file", content.subarray(1));
    expect(content.subarray(1).equals((await files.get("big/file")) ?? bytes(""))).toBe(true);
  });

  it("lets go of a file whose reader leaves early", async () => {
    await files.put("big", randomBytes(4 * MIB));
    for (let round = 0; round < 60; round += 1) {
      const opened = await files.open("big");
      for await (const part of opened?.content ?? []) {
        expect(part.length).toBeGreaterThan(0);
        break;
      }
    }
    expect((await files.stat("big"))?.bytes).toBe(4 * MIB);
  });

  it.each([
    "",
    "/",
    "/a",
    "a/",
    "a//b",
    "..",
    "a/../b",
    "a/..",
    ".hidden",
    "a/.b",
    "a\\b",
    "a b",
    "ä",
    "a\0",
    "a\n",
    "-a",
  ])("refuses the key %j", async (key) => {
    const refused = { code: "files/key" };
    await expect(async () => await files.put(key, bytes("x"))).rejects.toMatchObject(refused);
    await expect(async () => await files.get(key)).rejects.toMatchObject(refused);
    await expect(async () => await files.remove(key)).rejects.toMatchObject(refused);
  });

  it("refuses keys that are too long, and strange beginnings", async () => {
    await expect(async () => await files.get("a".repeat(513))).rejects.toMatchObject({ code: "files/key" });
    await expect(async () => await keysOf(files, "../")).rejects.toMatchObject({ code: "files/key" });
  });

  it("is found fine by doctor, and keeps nothing of it", async () => {
    expect(await files.check()).toEqual([{ name: "files", status: "ok", detail: files.place }]);
    expect(await keysOf(files)).toEqual([]);
  });
});

describe("files in a directory", () => {
  it("are readable by their owner only", async () => {
    const files = directoryFiles(join(folder, "data"));
    await files.put("a/b", bytes("x"));
    expect((await stat(join(folder, "data", "a", "b"))).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, "data", "a"))).mode & 0o777).toBe(0o700);
  });

  it("are whole after a kill in the middle of a put, and what it left is removed a day later", async () => {
    const writer = fileURLToPath(new URL("../../test/support/files-writer.ts", import.meta.url));
    const files = directoryFiles(folder);
    for (let round = 0; round < 4; round += 1) {
      const child = spawn(process.execPath, ["--import", "tsx", writer, folder], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      await once(child.stdout, "data");
      await sleep(round * 7);
      child.kill("SIGKILL");
      await once(child, "exit");
      const content = (await files.get("models/big")) ?? bytes("");
      expect(content).toHaveLength(8 * MIB);
      expect(new Set(content).size).toBe(1);
      expect(await keysOf(files)).toEqual(["models/big"]);
    }
    const draft = join(folder, "models", ".big.left.new");
    await writeFile(draft, "half");
    await keysOf(files, "models/");
    expect(await readdir(join(folder, "models"))).toContain(".big.left.new");
    await utimes(draft, 0, 0);
    await keysOf(files, "models/");
    expect(await readdir(join(folder, "models"))).not.toContain(".big.left.new");
  });
});

describe("files in a bucket", () => {
  it("stay below their prefix, and survive who opened them", async () => {
    const { server, open } = await bucket();
    const files = open();
    await files.put("a/b", bytes("x"));
    await files.close();
    expect([...server.objects.keys()]).toEqual(["other/file", "parley/one/a/b"]);
    expect(text(await open().get("a/b"))).toBe("x");
  });

  it.each(["hang", "busy", "lose"] as const)(
    "fail by name within the time when the server does this: %s",
    async (fault) => {
      const { server, open } = await bucket({ timeoutMs: 600 });
      const files = open();
      server.faults.always = fault;
      const unavailable = { code: "files/unavailable", retryable: true, message: expect.stringContaining(files.place) };
      await expect(files.put("a", bytes("x"))).rejects.toMatchObject(unavailable);
      await expect(files.put("a", bytes("x"), { ifAbsent: true })).rejects.toMatchObject(unavailable);
      await expect(files.get("a")).rejects.toMatchObject(unavailable);
      await expect(files.stat("a")).rejects.toMatchObject(unavailable);
      await expect(files.remove("a")).rejects.toMatchObject(unavailable);
      await expect(keysOf(files)).rejects.toMatchObject(unavailable);
    },
  );

  it("fail by name when nobody listens, and when the server stops in the middle of a file", async () => {
    const { server, open } = await bucket({ timeoutMs: 600 });
    const files = open();
    await files.put("big", randomBytes(4 * MIB));
    server.faults.next = ["hang-midway"];
    await expect(files.get("big")).rejects.toMatchObject({ code: "files/unavailable" });
    await server.stop();
    servers.length = 0;
    await expect(files.get("big")).rejects.toMatchObject({ code: "files/unavailable" });
  });

  it("keep the old file when the connection breaks in the middle of a put", async () => {
    const { server, open } = await bucket({ timeoutMs: 1_500 });
    const files = open();
    await files.put("a", bytes("old"));
    server.faults.always = "cut";
    await expect(files.put("a", randomBytes(4 * MIB))).rejects.toMatchObject({ code: "files/unavailable" });
    server.faults.always = undefined;
    expect(text(await files.get("a"))).toBe("old");
  });

  it("get over what passes", async () => {
    const { server, open } = await bucket();
    const files = open();
    server.faults.next = ["busy", "lose"];
    await files.put("a", bytes("x"));
    server.faults.next = ["lose"];
    expect(text(await files.get("a"))).toBe("x");
  });

  it("know their own conditional put again whose answer was lost", async () => {
    const { server, open } = await bucket({ timeoutMs: 3_000 });
    const files = open();
    server.faults.next = ["none", "lose"];
    expect(await files.put("key", bytes("mine"), { ifAbsent: true })).toBe(true);
    expect(await files.put("key", bytes("theirs"), { ifAbsent: true })).toBe(false);
  });

  it.each([
    [
      { credentials: { accessKeyId: "AKIANONE", secretAccessKey: "s3cr3t-key" } },
      /InvalidAccessKeyId.*files\.credentials/u,
    ],
    [
      { credentials: { accessKeyId: "AKIATEST", secretAccessKey: "s3cr3t-key" } },
      /SignatureDoesNotMatch.*files\.credentials/u,
    ],
    [{ bucket: "none" }, /NoSuchBucket.*files\.bucket/u],
  ])("say what refuses them, and no credential: %o", async (given, says) => {
    const { open } = await bucket();
    const failed = await open(given)
      .put("a", bytes("x"))
      .catch((thrown: unknown) => thrown);
    expect(failed).toMatchObject({ code: "files/refused", retryable: false, message: expect.stringMatching(says) });
    expect(String(failed)).not.toMatch(/s3cr3t|AKIA|secret detail/u);
  });

  it("work with a clock that is wrong, and doctor says that it is", async () => {
    const { open } = await bucket({ clock: () => Date.now() + 40 * 60_000 });
    expect(await open().check()).toMatchObject([
      { status: "ok" },
      { status: "warning", detail: expect.stringContaining("40 minutes behind") },
    ]);
  });
});
