import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSealedProfile, privateDirectory, sealProfile } from "./sealed-profile.ts";

const KEY = "a key that nobody guesses";
let folder: string;
let profile: string;
let sealed: string;
let restored: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "parley-sealed-"));
  profile = join(folder, "profile");
  sealed = join(folder, "kept", "account.session");
  restored = join(folder, "restored");
  mkdirSync(join(profile, "Default", "Local Storage", "leveldb"), { recursive: true });
  mkdirSync(join(profile, "Default", "Cache"), { recursive: true });
  writeFileSync(join(profile, "Default", "Local Storage", "leveldb", "000003.log"), "the secret of the device");
  writeFileSync(join(profile, "Default", "Cache", "data_0"), "made again by the browser");
  symlinkSync("host-4711", join(profile, "SingletonLock"));
  writeFileSync(join(profile, "Local State"), "");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a sealed profile", () => {
  it("comes back as it was, without caches and locks", async () => {
    await sealProfile(profile, sealed, KEY);
    await openSealedProfile(sealed, restored, KEY);
    const log = join("Default", "Local Storage", "leveldb", "000003.log");
    expect(readFileSync(join(restored, log), "utf8")).toBe("the secret of the device");
    expect(readFileSync(join(restored, "Local State"), "utf8")).toBe("");
    expect(existsSync(join(restored, "Default", "Cache"))).toBe(false);
    expect(existsSync(join(restored, "SingletonLock"))).toBe(false);
  });

  it("shows neither content nor names, to anybody else or to its owner's other programs", async () => {
    await sealProfile(profile, sealed, KEY);
    const bytes = readFileSync(sealed);
    for (const words of ["secret", "leveldb", "000003"]) expect(bytes.includes(words)).toBe(false);
    expect(statSync(sealed).mode & 0o777).toBe(0o600);
  });

  it("opens with its key only, and leaves nothing behind otherwise", async () => {
    await sealProfile(profile, sealed, KEY);
    await expect(openSealedProfile(sealed, restored, "another key")).rejects.toMatchObject({
      code: "whatsapp/session-unreadable",
    });
    expect(existsSync(restored)).toBe(false);
  });

  it("notices every change: a flipped bit, an end cut off, a record left out", async () => {
    await sealProfile(profile, sealed, KEY);
    const whole = readFileSync(sealed);
    const flipped = Buffer.from(whole);
    const middle = Math.floor(whole.length / 2);
    flipped[middle] = (flipped[middle] ?? 0) ^ 1;
    const start = 18 + 16;
    const first = whole.readUInt32BE(start) + 4;
    const without = Buffer.concat([whole.subarray(0, start), whole.subarray(start + first)]);
    for (const changed of [flipped, whole.subarray(0, -40), without]) {
      writeFileSync(sealed, changed);
      await expect(openSealedProfile(sealed, restored, KEY)).rejects.toMatchObject({
        code: "whatsapp/session-unreadable",
      });
    }
  });

  it("is replaced in one step: a failed attempt leaves the old one", async () => {
    await sealProfile(profile, sealed, KEY);
    await expect(sealProfile(join(folder, "nowhere"), sealed, KEY)).rejects.toThrow("ENOENT");
    await openSealedProfile(sealed, restored, KEY);
    expect(existsSync(join(restored, "Local State"))).toBe(true);
  });

  it("a running profile is its owner's alone", async () => {
    await privateDirectory(restored);
    expect(statSync(restored).mode & 0o777).toBe(0o700);
  });
});
