import { createHash } from "node:crypto";
import type { Detector } from "./finding.ts";
import { matchesOf } from "./finding.ts";

const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const edge = (body: string, flags = "gu"): RegExp => new RegExp(`(?<![\\p{L}\\p{N}])${body}(?![\\p{L}\\p{N}])`, flags);

const CHECKED58 = edge("[13LMTDX2mn][1-9A-HJ-NP-Za-km-z]{25,34}");
const SEGWIT = edge("(?:bc|tb|ltc)1[02-9ac-hj-np-z]{8,87}", "giu");
/** A line may break in it. */
const ETHEREUM = edge("0x(?:[0-9a-fA-F]\\n?){39}[0-9a-fA-F]");
const MONERO = edge("[48][0-9AB][1-9A-HJ-NP-Za-km-z]{93}(?:[1-9A-HJ-NP-Za-km-z]{11})?");
const RIPPLE = edge("r[1-9A-HJ-NP-Za-km-z]{24,34}");
const CARDANO = edge("addr1[02-9ac-hj-np-z]{50,110}");
const CASH = edge("[qp][02-9ac-hj-np-z]{41}");
const NAMED = edge("(?:[\\p{L}\\p{N}-]{2,60}\\.){1,3}(?:eth|crypto|sol|btc)");
/** Solana's have no check: a word says what they are. */
const SOLANA =
  /(?:\b(?:solana|sol|phantom|wallet|spl)\b[^\n]{0,30}?)(?<value>(?<![\p{L}\p{N}])[1-9A-HJ-NP-Za-km-z]{43,44})(?![\p{L}\p{N}])/giu;

/** Addresses of crypto-currencies, by their check sums where they have one. */
export const findCryptoAddresses: Detector = function* findCryptoAddresses(text) {
  yield* matchesOf("crypto", text, CHECKED58, ({ 0: literal }) => isBase58Check(literal));
  yield* matchesOf("crypto", text, SEGWIT, ({ 0: literal }) => isBech32(literal));
  yield* matchesOf("crypto", text, CARDANO);
  yield* matchesOf("crypto", text, ETHEREUM);
  yield* matchesOf("crypto", text, CASH, ({ 0: literal }) => /\d/u.test(literal));
  yield* matchesOf("crypto", text, MONERO);
  yield* matchesOf("crypto", text, RIPPLE, ({ 0: literal }) => /\d/u.test(literal) && /[A-Z]/u.test(literal));
  yield* matchesOf("crypto", text, SOLANA);
  if (/\.(?:eth|crypto|sol|btc)/u.test(text)) yield* matchesOf("crypto", text, NAMED);
};

/** Base58 with the first four bytes of a double SHA-256 at its end. */
function isBase58Check(literal: string): boolean {
  let number = 0n;
  for (const character of literal) number = number * 58n + BigInt(BASE58.indexOf(character));
  const zeros = /^1*/u.exec(literal)?.[0].length ?? 0;
  const hex = number.toString(16);
  const bytes = Buffer.concat([Buffer.alloc(zeros), Buffer.from(hex.length % 2 === 1 ? `0${hex}` : hex, "hex")]);
  if (bytes.length !== 25) return false;
  const sha256 = (data: Buffer): Buffer => createHash("sha256").update(data).digest();
  return sha256(sha256(bytes.subarray(0, 21)))
    .subarray(0, 4)
    .equals(bytes.subarray(21));
}

const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/** BIP 173 and BIP 350. */
function isBech32(literal: string): boolean {
  const lower = literal.toLowerCase();
  if (literal !== lower && literal !== literal.toUpperCase()) return false;
  const at = lower.lastIndexOf("1");
  const prefix = Array.from(lower.slice(0, at), (one) => one.charCodeAt(0));
  const data = Array.from(lower.slice(at + 1), (one) => BECH32.indexOf(one));
  const values = [...prefix.map((one) => one >> 5), 0, ...prefix.map((one) => one & 31), ...data];
  let check = 1;
  for (const value of values) {
    const top = check >>> 25;
    check = (((check & 0x1ffffff) << 5) ^ value) >>> 0;
    for (const [bit, generator] of GENERATORS.entries()) if ((top >>> bit) & 1) check = (check ^ generator) >>> 0;
  }
  return check === 1 || check === 0x2bc830a3;
}
