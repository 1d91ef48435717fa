import fc from "fast-check";
import { expect, it } from "vitest";
import { networkOf } from "./client.ts";

it.each([
  ["192.0.2.7", "192.0.2.0/24"],
  ["::ffff:192.0.2.7", "192.0.2.0/24"],
  ["2001:db8:1:2::3", "2001:db8:1::/48"],
  ["2001:DB8:0001:0:0:0:0:3", "2001:db8:1::/48"],
  ["fe80::1%eth0", "fe80:0:0::/48"],
  ["::1", "0:0:0::/48"],
  ["192.0.2.7:50123", "192.0.2.0/24"],
  ["[2001:db8:1:2::3]:50123", "2001:db8:1::/48"],
  ["[2001:db8:1:2::3]", "2001:db8:1::/48"],
  ["[::ffff:192.0.2.7]:50123", "192.0.2.0/24"],
  ["[unknown]:7", "unknown"],
  ["", ""],
  ["unknown", "unknown"],
])("the network of %s is %s", (address, network) => expect(networkOf(address)).toBe(network));

it("is the same within a network, and takes any text", () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.nat(255), (address, last) => {
      expect(networkOf(address.replace(/\d+$/u, String(last)))).toBe(networkOf(address));
    }),
  );
  fc.assert(
    fc.property(fc.ipV6(), (address) => {
      expect(networkOf(address)).toMatch(/^[\da-f:.]+\/(?:48|24)$/u);
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(typeof networkOf(text)).toBe("string");
    }),
  );
});
