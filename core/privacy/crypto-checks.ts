/** Check sums of addresses of crypto-currencies. */
import { createHash } from "node:crypto";

const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/** The bytes of a Base58 text. */
export function base58(literal: string): Buffer {
  let number = 0n;
  for (const character of literal) number = number * 58n + BigInt(BASE58.indexOf(character));
  const zeros = /^1*/u.exec(literal)?.[0].length ?? 0;
  const hex = number === 0n ? "" : number.toString(16);
  return Buffer.concat([Buffer.alloc(zeros), Buffer.from(hex.length % 2 === 1 ? `0${hex}` : hex, "hex")]);
}

/** Base58 with the first four bytes of a double SHA-256 at its end, behind so many bytes. */
export function isBase58Check(literal: string, lengths: readonly number[]): boolean {
  const bytes = base58(literal);
  if (!lengths.includes(bytes.length - 4)) return false;
  const sha256 = (data: Buffer): Buffer => createHash("sha256").update(data).digest();
  return sha256(sha256(bytes.subarray(0, -4)))
    .subarray(0, 4)
    .equals(bytes.subarray(-4));
}

/** SS58 of Polkadot and its relatives: a network, 32 bytes, and the beginning of a BLAKE2b. */
export function isSs58(literal: string): boolean {
  const bytes = base58(literal);
  if (bytes.length < 35 || bytes.length > 36) return false;
  const hash = createHash("blake2b512").update("SS58PRE").update(bytes.subarray(0, -2)).digest();
  return hash.subarray(0, 2).equals(bytes.subarray(-2));
}

const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/** BIP 173 and BIP 350, which many chains took over with a beginning of their own. */
export function isBech32(literal: string): boolean {
  const lower = literal.toLowerCase();
  if (literal !== lower && literal !== literal.toUpperCase()) return false;
  const at = lower.lastIndexOf("1");
  const prefix = Array.from(lower.slice(0, at), (one) => one.charCodeAt(0));
  const data = Array.from(lower.slice(at + 1), (one) => BECH32.indexOf(one));
  if (data.includes(-1)) return false;
  const values = [...prefix.map((one) => one >> 5), 0, ...prefix.map((one) => one & 31), ...data];
  let check = 1;
  for (const value of values) {
    const top = check >>> 25;
    check = (((check & 0x1ffffff) << 5) ^ value) >>> 0;
    for (const [bit, generator] of GENERATORS.entries()) if ((top >>> bit) & 1) check = (check ^ generator) >>> 0;
  }
  return check === 1 || check === 0x2bc830a3;
}

/** TON: a tag, a workchain, 32 bytes, and a CRC-16 (XMODEM). */
export function isTon(literal: string): boolean {
  const bytes = Buffer.from(literal, "base64url");
  let crc = 0;
  for (const byte of bytes.subarray(0, 34)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021) & 0xffff;
  }
  return bytes.length === 36 && bytes.readUInt16BE(34) === crc;
}
