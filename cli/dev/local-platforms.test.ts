import { expect, it } from "vitest";
import { adapter } from "../../examples/irc/index.ts";
import { localPlatformsFor, openLocalPlatforms, platformNames } from "./local-platforms.ts";

const platforms = localPlatformsFor([]);

it("every platform opens with a direct chat and a group, WhatsApp included", async () => {
  const desks = await openLocalPlatforms(platformNames("telegram,whatsapp", platforms), platforms, () => []);
  try {
    expect(desks.map(({ platform, group }) => [platform.platform, group?.type])).toEqual([
      ["telegram", "group"],
      ["whatsapp", "group"],
    ]);
  } finally {
    await Promise.all(desks.map(async ({ platform }) => await platform.close()));
  }
});

it("an account of an adapter package brings its platform along", () => {
  const account = { adapter, name: "main", settings: {}, package: "parley-adapter-irc" };
  expect(platformNames(undefined, localPlatformsFor([account]))).toContain("irc");
});
