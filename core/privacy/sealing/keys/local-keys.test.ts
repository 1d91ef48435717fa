import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fileKeyPort } from "./file-keys.ts";
import { withFormerKeys } from "./former-keys.ts";
import { givenKeyPort } from "./given-keys.ts";
import { parseKey } from "./local-keys.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-keys-"));
  path = join(folder, "keys", "sealing.key");
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

const dataKey = Buffer.from("a data key of thirty-two bytes !");
const other = (fill: number): string => Buffer.alloc(32, fill).toString("hex");

describe("a key in a file", () => {
  it("is made at the first start, for its owner alone, and once", async () => {
    await Promise.all(Array.from({ length: 8 }, async () => await fileKeyPort(path).prepare()));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, "keys"))).toEqual(["sealing.key"]);
    const before = await readFile(path, "utf8");
    await fileKeyPort(path).prepare();
    expect(await readFile(path, "utf8")).toBe(before);
  });

  it("unwraps what it wrapped, under the same id alone, also after a new one", async () => {
    const port = fileKeyPort(path);
    await port.prepare();
    const wrapped = await port.wrap(dataKey, "one");
    expect(wrapped.by).toBe(await port.current());
    expect(Buffer.from(wrapped.bytes).includes(dataKey)).toBe(false);
    await port.renew?.();
    expect(await port.current()).not.toBe(wrapped.by);
    expect(await port.unwrap(wrapped, "one")).toEqual(dataKey);
    await expect(port.unwrap(wrapped, "two")).rejects.toMatchObject({ code: "sealing/key-missing" });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await port.check()).toEqual([{ name: "sealing key", status: "ok", detail: `${path}, and 1 former` }]);
  });

  it("loses none of several that are made at once, and a torn line is none", async () => {
    const port = fileKeyPort(path);
    await port.prepare();
    const wrapped = await port.wrap(dataKey, "one");
    const made = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const own = fileKeyPort(path);
        await own.renew?.();
        return await own.wrap(dataKey, "one");
      }),
    );
    for (const one of [wrapped, ...made]) expect(await fileKeyPort(path).unwrap(one, "one")).toEqual(dataKey);
    const current = await port.current();
    await writeFile(path, "dG9ybg", { flag: "a" });
    expect(await port.current()).toBe(current);
  });

  it("is refused where others may read it", async () => {
    const port = fileKeyPort(path);
    await port.prepare();
    for (const mode of [0o640, 0o604, 0o620, 0o666]) {
      await chmod(path, mode);
      await expect(port.current()).rejects.toMatchObject({ code: "sealing/key-unsafe" });
    }
    expect(await port.check()).toMatchObject([{ status: "error" }]);
  });

  it("is refused where it is none, and missed where it is gone", async () => {
    const port = fileKeyPort(path);
    await expect(port.current()).rejects.toMatchObject({ code: "sealing/key-missing" });
    await port.prepare();
    await writeFile(path, "too short\n", { mode: 0o600 });
    await expect(port.current()).rejects.toMatchObject({ code: "sealing/key-invalid" });
  });
});

describe("a key that is given", () => {
  it("wraps what a former one unwraps, of whichever kind that is", async () => {
    const before = fileKeyPort(path);
    await before.prepare();
    const wrapped = await before.wrap(dataKey, "one");
    const key = givenKeyPort({ text: other(2), from: "env KEY" });
    const both = withFormerKeys(key, [givenKeyPort({ text: other(1), from: "env OLD_KEY" }), before]);
    expect(await both.unwrap(wrapped, "one")).toEqual(dataKey);
    expect((await both.wrap(dataKey, "one")).by).toBe(await key.current());
    await expect(key.unwrap(wrapped, "one")).rejects.toMatchObject({ code: "sealing/key-missing" });
    await expect(both.unwrap(wrapped, "two")).rejects.toMatchObject({ code: "sealing/key-missing" });
    expect((await both.check()).map(({ detail }) => detail)).toEqual(["env KEY", "env OLD_KEY", path]);
  });

  it("is read from base64, base64url and hexadecimal, and nothing else", () => {
    const bytes = Buffer.alloc(32, 0xfb);
    for (const form of ["base64", "base64url", "hex"] as const)
      expect(parseKey(`${bytes.toString(form)}\n`, "here")).toEqual(bytes);
    for (const text of ["", "short", bytes.toString("base64").slice(4), `${bytes.toString("hex")}00`, "ä".repeat(43)])
      expect(() => parseKey(text, "here")).toThrow("here does not hold a key of 32 bytes");
  });
});
