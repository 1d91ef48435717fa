/** The scripted conversation on one platform, on both brokers: `test/platforms/<name>.e2e.ts` is a call of this. */
import { describe, it, onTestFinished } from "vitest";
import type { CompletePlatform, OpenLocalPlatform } from "../../core/testing/index.ts";
import { BROKERS, startBot } from "./bot.ts";
import { scriptedConversation } from "./conversation.ts";
import { writeTranscript } from "./transcript.ts";
import { until } from "./watching.ts";

/** Registers the tests; the embedded run writes the transcript. */
export function conversesOn(title: string, name: string, open: OpenLocalPlatform<CompletePlatform>): void {
  describe(`a conversation on ${title}`, () => {
    it.each(BROKERS)(
      "is answered as people expect, on the %s broker",
      async (broker) => {
        const platform = await open();
        onTestFinished(async () => await platform.close());
        const bot = await startBot([platform.account], broker);
        onTestFinished(async () => await bot.close());
        await until(platform, platform.isConnected, () => `${title} was never connected`);
        const talked = await scriptedConversation(platform, bot);
        if (broker === "embedded") await writeTranscript(name, title, talked);
      },
      180_000,
    );
  });
}
