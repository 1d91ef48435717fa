/** From where somebody calls. */
import { isIP } from "node:net";

export interface Client {
  readonly address: string;
}

/**
 * The network of an address: what stays the same while a person stays in one place (/24, or /48 of IPv6). What is no
 * address counts as a place of its own.
 */
export function networkOf(address: string): string {
  const plain = withoutPort(address)
    .replace(/^::ffff:(?=\d+\.)/iu, "")
    .replace(/%.*$/u, "");
  if (isIP(plain) === 4) return `${plain.split(".").slice(0, 3).join(".")}.0/24`;
  if (isIP(plain) === 6) return `${groupsOf(plain).slice(0, 3).join(":")}::/48`;
  return plain;
}

/** Some proxies name the connection, which is another one at each call: `192.0.2.7:50123`, `[2001:db8::1]:50123`. */
function withoutPort(address: string): string {
  const [, inBrackets, plain] = /^(?:\[(.+)\]|(\d+(?:\.\d+){3}))(?::\d+)?$/u.exec(address) ?? [];
  return inBrackets ?? plain ?? address;
}

/** The eight groups of an IPv6 address in one spelling. */
function groupsOf(address: string): readonly string[] {
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = "", tail] = canonical.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array.from({ length: zeros }, () => "0"), ...after];
}
