/** Network addresses as limits count them. */
import { isIP } from "node:net";

/** Some proxies send the port along, and links have zones: an address without these. */
export function addressAlone(given: string): string {
  const bare = /^\[([^\]]*)\](?::\d+)?$/u.exec(given)?.[1] ?? /^([\d.]+):\d+$/u.exec(given)?.[1] ?? given;
  return bare.replace(/%.*$/u, "");
}

/**
 * What one connection to the Internet is given: an IPv4 address, also where it is written as IPv6, or a /64 of IPv6 in one
 * spelling. What is no address counts as one place, whatever it says.
 */
export function countedAddress(given: string): string {
  const address = addressAlone(given);
  const kind = isIP(address);
  if (kind === 4) return address;
  if (kind === 0) return "no address";
  const groups = groupsOf(address);
  if (groups.slice(0, 6).join(":") === "0:0:0:0:0:ffff") return ipv4Of(groups.slice(6));
  return `${groups.slice(0, 4).join(":")}::/64`;
}

function groupsOf(address: string): readonly string[] {
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [before = [], after = []] = canonical
    .split("::")
    .map((part) => part.split(":").filter((group) => group !== ""));
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => "0"), ...after];
}

function ipv4Of(groups: readonly string[]): string {
  return groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]).join(".");
}
