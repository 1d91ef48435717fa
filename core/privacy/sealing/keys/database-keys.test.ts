import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { databaseKeyPort } from "./database-keys.ts";
import { withFormerKeys } from "./former-keys.ts";
import { givenKeyPort } from "./given-keys.ts";

const dataKey = randomBytes(32);

it("is the same on every host, without anything handed over", async () => {
  const wrapped = await databaseKeyPort().wrap(dataKey, "one");
  expect(await databaseKeyPort().unwrap(wrapped, "one")).toEqual(dataKey);
  await expect(databaseKeyPort().unwrap(wrapped, "two")).rejects.toThrow(/does not hold the key/u);
});

it("opens what it wrapped once a real key is given, which wraps from then on", async () => {
  const wrapped = await databaseKeyPort().wrap(dataKey, "one");
  const given = givenKeyPort({ text: randomBytes(32).toString("base64"), from: "PARLEY_KEY" });
  const both = withFormerKeys(given, [databaseKeyPort()]);
  expect(await both.unwrap(wrapped, "one")).toEqual(dataKey);
  expect(await both.current()).toBe(await given.current());
  await expect(databaseKeyPort().unwrap(await both.wrap(dataKey, "one"), "one")).rejects.toThrow(/does not hold/u);
});

it("is no protection, and doctor says so", async () => {
  expect(await databaseKeyPort().check()).toMatchObject([
    { status: "warning", remedy: expect.stringContaining("PARLEY_KEY") },
  ]);
});
