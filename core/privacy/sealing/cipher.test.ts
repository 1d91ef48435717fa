import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCipher, KEY_BYTES, nonceOf, OVERHEAD } from "./cipher.ts";

const key = randomBytes(KEY_BYTES);
const place = Buffer.from("a place");
const saltOf = (payload: Uint8Array): string => Buffer.from(payload.subarray(0, 16)).toString("hex");
const countOf = (payload: Uint8Array): number => Buffer.from(nonceOf(payload)).readUIntBE(0, 6);

describe("a cipher", () => {
  it("opens what it sealed, in the same place alone", () => {
    const cipher = createCipher(key);
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), fc.uint8Array(), (plain, bound, other) => {
        const payload = cipher.encrypt(plain, bound);
        expect(payload.length).toBe(plain.length + OVERHEAD);
        expect(Buffer.from(cipher.decrypt(payload, bound) ?? [])).toEqual(Buffer.from(plain));
        if (Buffer.compare(bound, other) !== 0) expect(cipher.decrypt(payload, other)).toBeUndefined();
      }),
    );
  });

  it("opens nothing of which a bit was turned, or a piece is missing", () => {
    const cipher = createCipher(key);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(), (plain, which) => {
        const payload = Buffer.from(cipher.encrypt(plain, place));
        const bit = which % (payload.length * 8);
        const turned = Buffer.from(payload);
        turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(cipher.decrypt(turned, place)).toBeUndefined();
        expect(cipher.decrypt(payload.subarray(0, which % payload.length), place)).toBeUndefined();
      }),
    );
  });

  it("never uses a nonce twice in a million writes: it counts", () => {
    const cipher = createCipher(key);
    const salts = new Set<string>();
    let expected = 0;
    let misses = 0;
    for (; expected < 1_000_000; expected += 1) {
      const payload = cipher.encrypt(place, place);
      if (countOf(payload) !== expected) misses += 1;
      salts.add(saltOf(payload));
    }
    expect(misses).toBe(0);
    expect(salts.size).toBe(1);
  });

  it("begins to count anew only under a key that is new as well", () => {
    const cipher = createCipher(key, { longestUse: 3 });
    const payloads = Array.from({ length: 10 }, () => cipher.encrypt(place, place));
    expect(payloads.map(countOf)).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2, 0]);
    const pairs = payloads.map((payload) => `${saltOf(payload)} ${countOf(payload)}`);
    expect(new Set(pairs).size).toBe(10);
    for (const payload of payloads) expect(cipher.decrypt(payload, place)).toEqual(place);
  });

  it("shares no key with another process that has the same data key", () => {
    const [one, other] = [createCipher(key), createCipher(key)];
    const [first, second] = [one.encrypt(place, place), other.encrypt(place, place)];
    expect(saltOf(first)).not.toBe(saltOf(second));
    expect(other.decrypt(first, place)).toEqual(place);
    expect(createCipher(randomBytes(KEY_BYTES)).decrypt(first, place)).toBeUndefined();
  });
});
