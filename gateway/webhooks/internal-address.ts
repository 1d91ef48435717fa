/** Addresses of networks of one's own: what an installation may be told to reach. */
import { BlockList, isIP } from "node:net";

/** Not among them: link-local, where clouds answer with credentials (169.254.169.254), and "this host". */
const internal = new BlockList();
internal.addSubnet("10.0.0.0", 8, "ipv4");
internal.addSubnet("172.16.0.0", 12, "ipv4");
internal.addSubnet("192.168.0.0", 16, "ipv4");
internal.addSubnet("100.64.0.0", 10, "ipv4");
internal.addSubnet("fc00::", 7, "ipv6");

/** Clouds answer here as well. */
const metadata = new BlockList();
metadata.addAddress("fd00:ec2::254", "ipv6");
metadata.addAddress("100.100.100.200", "ipv4");

export function isInternalAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 0) return false;
  const family = version === 4 ? "ipv4" : "ipv6";
  return internal.check(address, family) && !metadata.check(address, family);
}
