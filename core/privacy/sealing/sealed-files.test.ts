import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testSealing } from "../../../test/support/test-sealing.ts";
import { directoryFiles } from "../../files/directory-files.ts";
import type { Files, KeptFiles } from "../../files/files.ts";
import { openSqliteDatabase } from "../../store/sqlite/sqlite-database.ts";
import { OVERHEAD } from "./cipher.ts";
import { resealFiles } from "./resealing-files.ts";
import { SETTLE_MS } from "./resealing.ts";
import { HEADER, PIECE, sealedBy, sealedFiles } from "./sealed-files.ts";
import type { Sealing } from "./sealing.ts";

let folder: string;
let inner: Files;
let files: Files;
let sealing: Sealing;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-sealed-files-"));
  inner = directoryFiles(join(folder, "files"));
  sealing = testSealing(openSqliteDatabase(join(folder, "sealing.sqlite")));
  files = sealedFiles(inner, { sealing, seals: (key) => key.startsWith("spool/") });
});
afterEach(async () => {
  await sealing.close();
  await rm(folder, { recursive: true, force: true });
});

const KEY = "spool/one";
const stored = async (key = KEY): Promise<Buffer> => Buffer.from((await inner.get(key)) ?? expect.fail("not there"));
const read = async (key = KEY): Promise<Buffer> => Buffer.from((await files.get(key)) ?? expect.fail("not there"));

describe("sealed files", () => {
  it.each([0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 17])(
    "of %i bytes are given back",
    async (size) => {
      const content = randomBytes(size);
      expect(await files.put(KEY, content)).toBe(true);
      expect(await files.put(KEY, content, { ifAbsent: true })).toBe(false);
      expect(sealedBy(await stored())).toBe(sealing.active().active);
      if (size > 16) expect((await stored()).includes(content.subarray(0, 16))).toBe(false);
      expect(await read()).toEqual(content);
      expect(await files.stat(KEY)).toMatchObject({ key: KEY, bytes: size });
      for (const first of [0, 1, PIECE, PIECE + 5]) {
        const parts: Uint8Array[] = [];
        const opened = (await files.open(KEY, { first })) ?? expect.fail("not there");
        for await (const part of opened.content) parts.push(part);
        expect(opened.bytes).toBe(size);
        expect(Buffer.concat(parts)).toEqual(content.subarray(0, first));
      }
    },
  );

  it("are taken from a file of this machine, which is gone then", async () => {
    const path = join(folder, "incoming");
    const content = randomBytes(2 * PIECE + 3);
    await writeFile(path, content);
    await files.take(KEY, path);
    await expect(readFile(path)).rejects.toThrow("ENOENT");
    expect(await read()).toEqual(content);
    expect((await stored()).length).toBe(HEADER + content.length + 3 * OVERHEAD);
  });

  it("from before are read as they are, and others are never sealed", async () => {
    await inner.put(KEY, Buffer.from("plain as it was"));
    expect((await read()).toString()).toBe("plain as it was");
    expect(await files.stat(KEY)).toMatchObject({ bytes: 15 });
    await files.put("other", Buffer.from("plain as ever"));
    expect((await stored("other")).toString()).toBe("plain as ever");
    expect(await files.stat("none")).toBeUndefined();
    expect(await files.stat("spool/none")).toBeUndefined();
  });

  it("open nowhere when pieces were changed, swapped, cut off, added or renamed", async () => {
    await files.put(KEY, randomBytes(3 * PIECE));
    const good = await stored();
    const size = PIECE + OVERHEAD;
    const piece = (index: number): Buffer => good.subarray(HEADER + index * size, HEADER + (index + 1) * size);
    const head = good.subarray(0, HEADER);
    const flipped = Buffer.from(good);
    flipped[HEADER + size + 40] = (flipped[HEADER + size + 40] ?? 0) ^ 1;
    const faults = [
      flipped,
      Buffer.concat([head, piece(1), piece(0), piece(2)]),
      Buffer.concat([head, piece(0), piece(1)]),
      Buffer.concat([head, piece(0), piece(1), piece(2), piece(2)]),
      good.subarray(0, good.length - 1),
      head,
    ];
    for (const fault of faults) {
      await inner.put(KEY, fault);
      await expect(read()).rejects.toMatchObject({ code: "sealing/unreadable" });
    }
    await inner.put("spool/two", good);
    await expect(read("spool/two")).rejects.toMatchObject({ code: "sealing/unreadable" });
    await inner.put(KEY, good);
    expect((await read()).length).toBe(3 * PIECE);
  });

  it("are sealed again under a new key, plain ones too", async () => {
    const kept: KeptFiles = { name: "letters", prefix: "spool/", keys: /^spool\/[a-z]+$/u };
    await files.put(KEY, Buffer.from("sealed before"));
    await inner.put("spool/two", Buffer.from("plain before"));
    await inner.put("spool/3", Buffer.from("none of these"));
    await sealing.rotate();
    const clock = (): number => sealing.active().activeSince + SETTLE_MS;
    expect(await resealFiles(inner, kept, { sealing, clock })).toMatchObject({ rows: 2, sealed: 2, unreadable: 0 });
    for (const key of [KEY, "spool/two"]) expect(sealedBy(await stored(key))).toBe(sealing.active().active);
    expect([(await read()).toString(), (await read("spool/two")).toString()]).toEqual([
      "sealed before",
      "plain before",
    ]);
    expect((await stored("spool/3")).toString()).toBe("none of these");
    expect(await resealFiles(inner, kept, { sealing, clock })).toBeUndefined();
  });
});
