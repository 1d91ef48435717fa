import { mkdtemp, readdir, rm, stat, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomBytes, randomUUID } from "node:crypto";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { startS3 } from "../../test/support/s3-server.ts";
import { directoryFiles } from "../files/directory-files.ts";
import { s3Files } from "../files/s3-files.ts";
import { detectMediaType } from "./media-type.ts";
import { type SpoolOptions, createSpool } from "./spool.ts";

const directories: string[] = [];
afterEach(async () => {
  await Promise.all(directories.splice(0).map(async (path) => await rm(path, { recursive: true, force: true })));
});

async function setup(options: Partial<SpoolOptions> = {}) {
  const data = await mkdtemp(join(tmpdir(), "spool-"));
  directories.push(data);
  const directory = join(data, "spool");
  const files = directoryFiles(data);
  const place = { files, incoming: join(directory, "incoming") };
  let now = Date.parse("2026-01-05T09:00:00.000Z");
  const spool = createSpool({ ...place, environment: { clock: () => now, newId: randomUUID }, ...options });
  return { spool, place, directory, pass: (ms: number) => (now += ms) };
}

async function* chunks(...parts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}

async function readAll(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts);
}

const filesIn = async (directory: string): Promise<readonly string[]> =>
  (await readdir(directory, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describe("the spool", () => {
  it("gives back the bytes it was given, readable by the owner only", async () => {
    const { spool, directory } = await setup();
    const content = randomBytes(300_000);
    const file = await spool.put(chunks(content.subarray(0, 100_000), content.subarray(100_000)));
    expect(file.sizeBytes).toBe(300_000);
    expect((await readAll(await spool.open(file.key))).equals(content)).toBe(true);
    const [path = ""] = await filesIn(directory);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(directory)).mode & 0o077).toBe(0);
  });

  it("stores the same content once, also when it comes twice at the same time", async () => {
    const { spool, directory } = await setup();
    const files = await Promise.all([1, 2, 3].map(async () => await spool.put(chunks("the same"))));
    expect(new Set(files.map((file) => file.key)).size).toBe(1);
    expect(await filesIn(directory)).toHaveLength(1);
  });

  it("believes the bytes, not the name or the sender", async () => {
    const { spool } = await setup();
    const file = await spool.put(chunks("%PDF-1.7\n..."), { name: "photo.png", mediaType: "image/png" });
    expect(file.mediaType).toBe("application/pdf");
    expect((await spool.facts(file.key)).mediaType).toBe("application/pdf");
  });

  it("keeps an empty file as an empty file", async () => {
    const { spool } = await setup();
    const file = await spool.put(chunks());
    expect(file).toMatchObject({ sizeBytes: 0, mediaType: "application/x-empty" });
    expect(await readAll(await spool.open(file.key))).toHaveLength(0);
  });

  it("stops reading at the limit and leaves nothing behind", async () => {
    const { spool, directory } = await setup({ maxBytes: 1_000 });
    let read = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        read += 1;
        yield new Uint8Array(100);
      }
    }
    await expect(spool.put(endless())).rejects.toMatchObject({ code: "attachment/too-large", status: 413 });
    expect(read).toBe(11);
    expect(await filesIn(directory)).toEqual([]);
    expect((await spool.put(chunks(new Uint8Array(1_000)))).sizeBytes).toBe(1_000);
  });

  it("leaves nothing behind when the sender goes away", async () => {
    const { spool, directory } = await setup();
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(10);
      throw new Error("connection lost");
    }
    await expect(spool.put(broken())).rejects.toThrow("connection lost");
    expect(await filesIn(directory)).toEqual([]);
  });

  it("refuses what is over its quota until old files are swept", async () => {
    const { spool, pass } = await setup({ quotaBytes: 250 });
    await spool.put(chunks(randomBytes(100)));
    const twice = randomBytes(100);
    await spool.put(chunks(twice));
    await spool.put(chunks("small"));
    await expect(spool.put(chunks(randomBytes(100)))).rejects.toMatchObject({ code: "attachment/spool-full" });
    pass(8 * 24 * 60 * 60_000);
    expect(await spool.sweep()).toEqual({ removed: 3, bytes: 205 });
    expect((await spool.put(chunks(randomBytes(100)))).sizeBytes).toBe(100);
  });

  it("keeps what was sent again lately when it sweeps", async () => {
    const { spool, pass } = await setup({ retentionMs: 1_000 });
    const { key } = await spool.put(chunks("again"));
    await spool.put(chunks("once"));
    pass(1_500);
    await spool.put(chunks("again"));
    expect((await spool.sweep()).removed).toBe(1);
    expect((await readAll(await spool.open(key))).toString()).toBe("again");
  });

  it.each(["../../etc/passwd", "", "0".repeat(64), "A".repeat(64), `${"a".repeat(63)}/`])(
    "knows no file %j",
    async (key) => {
      const { spool } = await setup();
      await expect(spool.open(key)).rejects.toMatchObject({ code: "attachment/unknown" });
    },
  );

  it("counts what was there before it started", async () => {
    const { spool, place, directory } = await setup();
    const { key } = await spool.put(chunks("x"));
    await truncate(join(directory, key.slice(0, 2), key), 900);
    const later = createSpool({ ...place, environment: { clock: Date.now, newId: randomUUID }, quotaBytes: 1_000 });
    await expect(later.put(chunks(randomBytes(200)))).rejects.toMatchObject({ code: "attachment/spool-full" });
  });
});

describe("the spool in a bucket", () => {
  async function inBucket() {
    let now = Date.now();
    const server = await startS3({ clock: () => now });
    const files = s3Files({ ...server, forcePathStyle: true, timeoutMs: 600 });
    const { spool, directory, pass } = await setup({ files });
    onTestFinished(async () => {
      await files.close();
      await server.stop();
    });
    return {
      server,
      spool,
      directory,
      pass: (ms: number) => pass((now += ms) - Date.parse("2026-01-05T09:00:00.000Z")),
    };
  }

  it("keeps nothing here, stores the same content once, and believes its first bytes", async () => {
    const { server, spool, directory } = await inBucket();
    const content = Buffer.concat([Buffer.from("%PDF-1.7\n"), randomBytes(300_000)]);
    const files = await Promise.all([1, 2].map(async () => await spool.put(chunks(content), { name: "photo.png" })));
    const key = files[0]?.key ?? "";
    expect([...server.objects.keys()]).toEqual([`spool/${key.slice(0, 2)}/${key}`]);
    expect(await filesIn(directory)).toEqual([]);
    expect(await spool.facts(key)).toEqual({ key, sizeBytes: 300_009, mediaType: "application/pdf" });
    expect((await readAll(await spool.open(key))).equals(content)).toBe(true);
    await spool.remove(key);
    await expect(spool.open(key)).rejects.toMatchObject({ code: "attachment/unknown" });
    const empty = await spool.put(chunks());
    expect(await spool.facts(empty.key)).toMatchObject({ sizeBytes: 0, mediaType: "application/x-empty" });
  });

  it("sweeps what is old", async () => {
    const { server, spool, pass } = await inBucket();
    await spool.put(chunks("old"));
    pass(8 * 24 * 60 * 60_000);
    await spool.put(chunks("new"));
    expect(await spool.sweep()).toEqual({ removed: 1, bytes: 3 });
    expect(server.objects.size).toBe(1);
  });

  it("says that the storage does not answer, and leaves nothing here", async () => {
    const { server, spool, directory } = await inBucket();
    const { key } = await spool.put(chunks("x"));
    server.faults.always = "hang";
    await expect(spool.put(chunks("y"))).rejects.toMatchObject({ code: "files/unavailable", retryable: true });
    await expect(spool.facts(key)).rejects.toMatchObject({ code: "files/unavailable", retryable: true });
    expect(await filesIn(directory)).toEqual([]);
  });
});

describe("detectMediaType", () => {
  const bytes = (text: string): Uint8Array => Buffer.from(text, "latin1");

  it.each<readonly [string, Uint8Array, string]>([
    ["image/png", bytes("\u0089PNG\r\n\u001a\n\0\0\0\rIHDR"), "x.pdf"],
    ["image/jpeg", bytes("\u00ff\u00d8\u00ff\u00e0\0\u0010JFIF"), "x.txt"],
    ["image/webp", bytes("RIFF\u0010\0\0\0WEBPVP8 "), ""],
    ["application/pdf", bytes("%PDF-1.4 text only"), "x.txt"],
    ["application/zip", bytes("PK\u0003\u0004\u0014\0"), "x.pdf"],
    [
      "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
      bytes("PK\u0003\u0004\u0014\0[Content_Types].xml...word/document.xml"),
      "",
    ],
    ["application/vnd.microsoft.portable-executable", bytes("MZ\u0090\0\u0003\0"), "holiday.jpg"],
    ["text/plain", bytes("MZ is where I live"), "letter.txt"],
    ["text/html", bytes("\n <!DOCTYPE html><script>"), "notes.txt"],
    ["image/svg+xml", bytes("<?xml version='1.0'?><svg xmlns='x'>"), "notes.md"],
    ["text/markdown", bytes("# Title"), "README.md"],
    ["application/json", bytes('{"a":1}'), "a.json"],
    ["text/plain", bytes("<not json>"), "a.json"],
    ["application/octet-stream", bytes("\u00c3\u0028\u0001\u0002"), "a.txt"],
  ])("finds %s", (expected, head, name) => {
    expect(detectMediaType(head, name)).toBe(expected);
  });

  it("reads text whose last character is cut", () => {
    expect(detectMediaType(Buffer.from("Grüße").subarray(0, 3))).toBe("text/plain");
  });
});
