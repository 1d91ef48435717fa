import { expect, it } from "vitest";
import { addressAlone, countedAddress } from "./counted-address.ts";

it.each([
  ["203.0.113.9", "203.0.113.9"],
  ["203.0.113.9:50412", "203.0.113.9"],
  ["::ffff:203.0.113.9", "203.0.113.9"],
  ["::FFFF:CB00:7109", "203.0.113.9"],
  ["[::ffff:203.0.113.9]:443", "203.0.113.9"],
  ["2001:db9:1:1::7", "2001:db9:1:1::/64"],
  ["2001:0DB9:0001:0001:ffff:ffff:ffff:ffff", "2001:db9:1:1::/64"],
  ["[2001:db9:1:1::7]:443", "2001:db9:1:1::/64"],
  ["[2001:db9:1:1::7]", "2001:db9:1:1::/64"],
  ["2001:db9:1:2::7", "2001:db9:1:2::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["2001:db9::", "2001:db9:0:0::/64"],
  ["unknown", "no address"],
  ["", "no address"],
  ["_hidden", "no address"],
])("%s is counted as %s", (given, counted) => {
  expect(countedAddress(given)).toBe(counted);
});

it("tells an address without its port", () => {
  expect(["203.0.113.9:1", "[2001:db9::7]:1", "2001:db9::7"].map(addressAlone)).toEqual([
    "203.0.113.9",
    "2001:db9::7",
    "2001:db9::7",
  ]);
});
