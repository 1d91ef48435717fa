import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { adapterConformance } from "../../core/testing/index.ts";
import { Secret } from "../../core/config/index.ts";
import { telegramAdapter } from "./index.ts";
import { openTelegramLocally } from "./testing/index.ts";

const me = { id: 123_456_789, username: "harbour_bot" };
const at = Date.parse("2026-11-21T10:00:00Z");
const settings = { token: new Secret(`${me.id}:secret`, "test") };

/** A payload as the Bot API sent it, with what the session knows when it arrives. */
function fixture(name: string, more: object = {}): unknown {
  const update: unknown = JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8"));
  return { me, update, at, ...more };
}

describe("conformance", () => {
  const cases = adapterConformance({
    adapter: telegramAdapter,
    settings,
    fixtures: [{ raw: fixture("message"), type: "message", text: "What does a new card cost?", userId: "4201" }],
    open: async () => {
      const platform = await openTelegramLocally();
      const ann = platform.person("ann", "Ann");
      return {
        settings: platform.account.settings,
        connected: async () =>
          await Promise.resolve({
            say: async (text: string) => {
              await ann.say(text);
              // During an outage of the broker the update stays at Telegram.
              await Promise.race([platform.confirmed(), new Promise((resolve) => setTimeout(resolve, 1_500))]);
            },
            seen: () => ann.sees().map(({ plain }) => plain),
          }),
        close: platform.close,
      };
    },
  });
  it.each(cases.map((one) => [`${one.group}: ${one.name}`, one] as const))("%s", async (_name, { run }) => await run());
});

it("x", () => {
  expect(1).toBe(1);
});
