import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { testKeys } from "../../../test/support/test-sealing.ts";
import { usePostgres } from "../../../test/support/use-postgres.ts";
import { openPostgresDatabase } from "../../store/postgres/postgres-database.ts";
import type { Database } from "../../store/sql/database.ts";
import { openSqliteDatabase } from "../../store/sqlite/sqlite-database.ts";
import { parseEnvelope, printEnvelope } from "./envelope.ts";
import { fileKeyPort } from "./keys/file-keys.ts";
import { sealedColumn } from "./sealed-column.ts";
import { createSealing, type Sealing, type SealingOptions } from "./sealing.ts";

const NAME = sealedColumn({ table: "people", column: "name", key: ["id"], row: ["id"] });
const CITY = sealedColumn({ table: "people", column: "city", key: ["id"], row: ["id"] });
const FRIENDS = sealedColumn({ table: "friends", column: "name", key: ["id", "friend"], row: ["id", "friend"] });

const server = usePostgres();
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-sealing-"));
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

async function openWith(open: () => Database, options: Partial<SealingOptions> = {}): Promise<Sealing> {
  const sealing = createSealing({ open, keys: testKeys, ...options });
  onTestFinished(sealing.close);
  await sealing.ready();
  return sealing;
}

/** The id of another key in the place of the value's own. */
function renamed(text: string, keyId: string): string {
  const envelope = parseEnvelope(text) ?? expect.fail("not sealed");
  return printEnvelope({ ...envelope, keyId });
}

describe.each([
  {
    name: "SQLite",
    place: async () => join(folder, "sealing.sqlite"),
    open: (place: string) => openSqliteDatabase(place),
  },
  {
    name: "PostgreSQL",
    place: async () => await server().createDatabase(),
    open: (url: string) => openPostgresDatabase({ url }),
  },
])("sealing with keys in $name", ({ place, open }) => {
  let opener: () => Database;
  beforeEach(async () => {
    const where = await place();
    opener = () => open(where);
  });

  it("opens a text in its own column and row alone", async () => {
    const sealing = await openWith(opener);
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string(), fc.string(), (text, id, other) => {
        const sealed = sealing.seal(NAME, { id }, text);
        expect(sealing.open(NAME, { id }, sealed)).toBe(text.toWellFormed());
        expect(() => sealing.open(CITY, { id }, sealed)).toThrow("cannot be opened");
        if (id !== other) expect(() => sealing.open(NAME, { id: other }, sealed)).toThrow("cannot be opened");
      }),
    );
    // Neither do two parts of a row run into each other, and numbers are what drivers make of them.
    const sealed = sealing.seal(FRIENDS, { id: "a", friend: "b,c" }, "Ruth");
    expect(() => sealing.open(FRIENDS, { id: "a,b", friend: "c" }, sealed)).toThrow("cannot be opened");
    expect(sealing.open(FRIENDS, { id: "7", friend: "8" }, sealing.seal(FRIENDS, { id: 7, friend: 8 }, "Emre"))).toBe(
      "Emre",
    );
  });

  it("shows nothing of a text, and never the same twice", async () => {
    const sealing = await openWith(opener);
    const [one, two] = [sealing.seal(NAME, { id: "1" }, "Quentin"), sealing.seal(NAME, { id: "1" }, "Quentin")];
    expect(one).not.toBe(two);
    expect(one).not.toContain("Quentin");
    expect(Buffer.from(parseEnvelope(one)?.payload ?? []).includes("Quentin")).toBe(false);
  });

  it("refuses a text that names another key, whether that is known or not", async () => {
    const sealing = await openWith(opener);
    const sealed = sealing.seal(NAME, { id: "1" }, "Ruth");
    await sealing.rotate();
    expect(sealing.open(NAME, { id: "1" }, sealed)).toBe("Ruth");
    const another = renamed(sealed, sealing.active().active);
    expect(() => sealing.open(NAME, { id: "1" }, another)).toThrow("cannot be opened");
    expect(() => sealing.open(NAME, { id: "1" }, renamed(sealed, "0123456789abcdef"))).toThrow("0123456789abcdef");
    const lost = sealing.reading(async () => sealing.open(NAME, { id: "1" }, renamed(sealed, "0123456789abcdef")));
    await expect(lost).rejects.toMatchObject({ code: "sealing/unknown-key" });
  });

  it("gives a text back that was never sealed, until that is refused", async () => {
    const sealing = await openWith(opener);
    for (const text of ["", "Ruth", '{"a":1}', "$sealed$1$", "$sealed$2$0123456789abcdef$AAAA"])
      expect(sealing.open(NAME, { id: "1" }, text)).toBe(text);
    const strict = await openWith(opener, { refusesPlain: true });
    expect(() => strict.open(NAME, { id: "1" }, "Ruth")).toThrow("cannot be opened");
    expect(strict.open(NAME, { id: "1" }, sealing.seal(NAME, { id: "1" }, "Ruth"))).toBe("Ruth");
  });

  it("has one list of keys, however many processes start at once", async () => {
    const all = await Promise.all(Array.from({ length: 5 }, async () => await openWith(opener)));
    const ids = new Set(all.map((sealing) => sealing.active().active));
    expect(ids.size).toBe(1);
    const [first] = all;
    const sealed = first?.seal(NAME, { id: "1" }, "Ruth") ?? "";
    expect(all.map((sealing) => sealing.open(NAME, { id: "1" }, sealed))).toEqual(Array(5).fill("Ruth"));
    expect(new Set(all.map((sealing) => sealing.digest(NAME, "Ruth"))).size).toBe(1);
  });

  it("opens with a key that another process made a moment ago", async () => {
    const [one, other] = [await openWith(opener), await openWith(opener)];
    const before = one.active().active;
    await one.rotate();
    expect(one.active().active).not.toBe(before);
    const sealed = one.seal(NAME, { id: "1" }, "Ruth");
    expect(() => other.open(NAME, { id: "1" }, sealed)).toThrow(one.active().active);
    expect(await other.reading(async () => other.open(NAME, { id: "1" }, sealed))).toBe("Ruth");
    expect(other.active().active).toBe(one.active().active);
  });

  it("finds rows by digests that say nothing and stay the same", async () => {
    const sealing = await openWith(opener);
    const digest = sealing.digest(NAME, "ABCD");
    expect(digest).not.toContain("ABCD");
    expect(sealing.digest(CITY, "ABCD")).not.toBe(digest);
    await sealing.rotate();
    expect(sealing.digest(NAME, "ABCD")).toBe(digest);
  });

  it("wraps its keys anew where the key that wraps is a new one, and opens what was there", async () => {
    const path = join(folder, "other", "wrapping.key");
    const sealing = await openWith(opener, { keys: fileKeyPort(path) });
    const sealed = sealing.seal(NAME, { id: "1" }, "Ruth");
    // Both keys of the start, and the one that was just made is wrapped by the new one already.
    expect(await sealing.rotate()).toEqual({ wrapped: 2 });
    const again = await openWith(opener, { keys: fileKeyPort(path) });
    expect(again.open(NAME, { id: "1" }, sealed)).toBe("Ruth");
  });

  it("goes on after a crash between a new key and its use", async () => {
    const path = join(folder, "wrapping.key");
    const sealing = await openWith(opener, { keys: fileKeyPort(path) });
    const sealed = sealing.seal(NAME, { id: "1" }, "Ruth");
    await fileKeyPort(path).renew?.();
    const again = await openWith(opener, { keys: fileKeyPort(path) });
    expect(again.open(NAME, { id: "1" }, sealed)).toBe("Ruth");
    expect(again.active().active).toBe(sealing.active().active);
  });

  it("does not open without the key, nor with another, and makes none in its place", async () => {
    const path = join(folder, "wrapping.key");
    await openWith(opener, { keys: fileKeyPort(path) });
    await rm(path);
    const lost = createSealing({ open: opener, keys: fileKeyPort(path) });
    onTestFinished(lost.close);
    await expect(lost.ready()).rejects.toMatchObject({ code: "sealing/key-missing" });
    const wrong = createSealing({ open: opener, keys: testKeys });
    onTestFinished(wrong.close);
    await expect(wrong.ready()).rejects.toMatchObject({ code: "sealing/key-missing" });
    expect(() => wrong.active()).toThrow("ready");
  });
});
