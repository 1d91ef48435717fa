import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/** A code at rest: slow to try out, so that a stolen file is of no use within the code's minutes. */
export interface HashedCode {
  readonly salt: string;
  readonly hash: string;
}

/** Hashes a link code with a fresh salt. */
export async function hashCode(code: string): Promise<HashedCode> {
  const salt = randomBytes(16).toString("base64url");
  return { salt, hash: (await derive(code, salt)).toString("base64url") };
}

/** Whether the code is the hashed one, in constant time. */
export async function matchesCode(code: string, hashed: HashedCode): Promise<boolean> {
  const expected = Buffer.from(hashed.hash, "base64url");
  const actual = await derive(code, hashed.salt);
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** The part of a code that is kept readable, to find its row: the first half. The other half stays secret. */
export function codePrefix(code: string): string {
  return code.slice(0, Math.ceil(code.length / 2));
}

async function derive(code: string, salt: string): Promise<Buffer> {
  return await new Promise((resolve, reject) => {
    scrypt(code, salt, 32, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
