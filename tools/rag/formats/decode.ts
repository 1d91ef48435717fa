/** Bytes to text, whatever encoding they are in, said or not. */
import { isUtf8 } from "node:buffer";

/** What Windows-1252 has where Latin-1 has control characters; some releases of Node decode these wrongly. */
const WINDOWS_1252 = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";
/** As far as a document's encoding is looked for. */
const HEAD_BYTES = 2_048;

/**
 * The text without a byte order mark. UTF-16 is told by its mark or its zeros; what is valid UTF-8 is UTF-8, also where something
 * else is declared; the rest is what is declared, or Windows-1252. Throws for what is no text.
 */
export function decodeText(bytes: Uint8Array, declared?: string): string {
  const text = decodeAs(encodingOf(bytes, declared), bytes);
  if (isBinary(text)) throw new Error("it is a binary file of a kind that is not read");
  return text;
}

function decodeAs(encoding: string, bytes: Uint8Array): string {
  if (encoding !== "windows-1252") return new TextDecoder(encoding).decode(bytes);
  const latin = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  return latin.replaceAll(/[\u{80}-\u{9f}]/gu, (sign) => WINDOWS_1252.charAt(sign.charCodeAt(0) - 0x80));
}

function encodingOf(bytes: Uint8Array, declared: string | undefined): string {
  const wide = wideEncoding(bytes);
  if (wide !== undefined) return wide;
  const known = declared === undefined ? undefined : knownEncoding(declared);
  if (isUtf8(bytes)) return known !== undefined && bytes.every((byte) => byte < 0x80) ? known : "utf-8";
  return known === undefined || known === "utf-8" ? "windows-1252" : known;
}

/** UTF-16 has a mark, or a zero in each second byte of what is mostly Latin. */
function wideEncoding(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  const head = bytes.subarray(0, HEAD_BYTES);
  const zeros = (parity: 0 | 1): number => head.filter((byte, at) => byte === 0 && at % 2 === parity).length;
  const [even, odd, many] = [zeros(0), zeros(1), Math.max(4, head.length / 3)];
  if (odd > many && even < odd / 10) return "utf-16le";
  return even > many && odd < even / 10 ? "utf-16be" : undefined;
}

/** UTF-16 cannot be declared in a text that is not UTF-16. */
function knownEncoding(label: string): string | undefined {
  try {
    const { encoding } = new TextDecoder(label);
    return encoding.startsWith("utf-16") ? undefined : encoding;
  } catch {
    return undefined;
  }
}

/** The encoding that an HTML or XML file says it is in. */
export function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString("latin1");
  return /(?:\bcharset|<\?xml[^>]{0,80}\bencoding)\s{0,9}=\s{0,9}["']?\s{0,9}([\w.:-]{2,40})/iu.exec(head)?.[1];
}

/** A zero never stands in a text, and other control characters hardly do. */
function isBinary(text: string): boolean {
  if (text.includes("\0")) return true;
  const signs = text.slice(0, 100_000);
  const strange = signs.match(/[\p{Cc}\u{fffd}]/gu)?.filter((sign) => !/[\t\n\r\f\v\u{85}]/u.test(sign)).length ?? 0;
  return strange > 2 && strange > signs.length / 50;
}
