import { createHash, randomInt, timingSafeEqual } from "node:crypto";

/** Without the characters people mix up: 0 and O, 1, I and L. */
const LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ";
const DIGITS = "23456789";
const LENGTH = 6;

/** A number from 0 up to, not including, `limit`. Must be unpredictable. */
export type RandomBelow = (limit: number) => number;

/** A fresh code to type where there are no buttons: six signs with a letter and a digit, neither a word nor a sum. */
export function newCode(randomBelow: RandomBelow = (limit) => randomInt(limit)): string {
  const pick = (signs: string): string => signs.charAt(randomBelow(signs.length));
  const signs = [pick(LETTERS), pick(DIGITS), ...Array.from({ length: LENGTH - 2 }, () => pick(LETTERS + DIGITS))];
  for (let last = signs.length - 1; last > 0; last -= 1) {
    const other = randomBelow(last + 1);
    [signs[last], signs[other]] = [signs[other] ?? "", signs[last] ?? ""];
  }
  return signs.join("");
}

/** Whether a given code is the one, in a time that does not depend on where they differ. */
export function sameCode(given: string, code: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text.toUpperCase(), "utf8").digest();
  return timingSafeEqual(digest(given.trim()), digest(code));
}
