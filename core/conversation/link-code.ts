import type { RandomBelow } from "../environment.ts";

/** Without the characters people mix up: 0 and O, 1, I and L. */
const ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";
const LENGTH = 8;

/** A fresh code: `LINK-XXXX-XXXX`. */
export function newLinkCode(randomBelow: RandomBelow): string {
  const letters = Array.from({ length: LENGTH }, () => ALPHABET.charAt(randomBelow(ALPHABET.length))).join("");
  return `LINK-${letters.slice(0, LENGTH / 2)}-${letters.slice(LENGTH / 2)}`;
}

/**
 * The eight secret characters of a text that is a link code, alone or after `link`; undefined for any other
 * text. Lower case and surrounding white space are forgiven.
 */
export function parseLinkCode(text: string): string | undefined {
  const [, first, second] = /^\s*(?:\/?link\s+)?`?link-([a-z0-9]{4})-([a-z0-9]{4})`?\s*$/i.exec(text) ?? [];
  return first === undefined || second === undefined ? undefined : `${first}${second}`.toUpperCase();
}
