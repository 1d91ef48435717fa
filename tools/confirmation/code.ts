import { createHash, timingSafeEqual } from "node:crypto";
import type { RandomBelow } from "../../core/environment.ts";

/** Without the characters people mix up: 0 and O, 1, I and L. */
const LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ";
const DIGITS = "23456789";
const LENGTH = 6;

/** A fresh code to type where there are no buttons: six signs with a letter and a digit, neither a word nor a sum. */
export function newCode(randomBelow: RandomBelow): string {
  const pick = (signs: string): string => signs.charAt(randomBelow(signs.length));
  const signs = [pick(LETTERS), pick(DIGITS), ...Array.from({ length: LENGTH - 2 }, () => pick(LETTERS + DIGITS))];
  for (let last = signs.length - 1; last > 0; last -= 1) {
    const other = randomBelow(last + 1);
    [signs[last], signs[other]] = [signs[other] ?? "", signs[last] ?? ""];
  }
  return signs.join("");
}

const ID_SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const ID_LENGTH = 22;

/** A fresh id that nobody can guess: more than 128 bits. */
export function newProposalId(randomBelow: RandomBelow): string {
  return Array.from({ length: ID_LENGTH }, () => ID_SIGNS.charAt(randomBelow(ID_SIGNS.length))).join("");
}

/** Whether a given code is the one, in a time that does not depend on where they differ. */
export function sameCode(given: string, code: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text.toUpperCase(), "utf8").digest();
  return timingSafeEqual(digest(given.trim()), digest(code));
}
