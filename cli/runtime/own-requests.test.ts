import { expect, it } from "vitest";
import { crew, defineConfig, web } from "../../index.ts";
import { startBot } from "../../testing.ts";

it.each([
  [{ tool: "nope" }, 'bots.s.intents.parking.tool: the bot has no tool "nope"'],
  [{ documents: true as const }, "bots.s.intents.parking.documents: the bot has no documents to answer from"],
])("a request of the configuration that lacks what it needs is named at start: %o", async (what, expected) => {
  const parking = { examples: ["where can I park"], ...what };
  const config = defineConfig({ bots: { s: { name: "S", accounts: [web()], crew: crew(), intents: { parking } } } });
  await expect(startBot(config)).rejects.toThrow(expected);
});
