/** Which addresses of the network a fetch may connect to. */
import { BlockList, isIP } from "node:net";

const reservedV4: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];

/** Inside 2000::/3, the only space of public hosts: documentation, and ways to wrap an IPv4 address. */
const reservedV6: readonly (readonly [string, number])[] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
];

const reserved = new BlockList();
for (const [network, prefix] of reservedV4) reserved.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of reservedV6) reserved.addSubnet(network, prefix, "ipv6");

const globalV6 = new BlockList();
globalV6.addSubnet("2000::", 3, "ipv6");

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** True for an address of the public internet. IPv4 wrapped in IPv6 (mapped, NAT64, 6to4, Teredo) never is. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return !reserved.check(address, "ipv4");
  return version === 6 && globalV6.check(address, "ipv6") && !reserved.check(address, "ipv6");
}

/** True for this machine's own address, written plainly. */
export function isLoopbackAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return loopback.check(address, "ipv4");
  return version === 6 && !address.includes(".") && loopback.check(address, "ipv6");
}
