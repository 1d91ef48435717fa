/** The scripted conversation on one platform, wherever its state is kept: `test/platforms/<name>.e2e.ts` is a call of this. */
import { describe, it, onTestFinished } from "vitest";
import type { CompletePlatform, OpenLocalPlatform } from "../../core/testing/index.ts";
import { usePostgres } from "../support/use-postgres.ts";
import { type Keeping, startBot } from "./bot.ts";
import { scriptedConversation } from "./conversation.ts";
import { writeTranscript } from "./transcript.ts";
import { until } from "./watching.ts";

const SLOW_MS = 600_000;
/** `npm run test:e2e:postgres`. */
const ON_POSTGRES = process.env["PARLEY_STORE"] === "postgres";

/** Registers the tests: in SQLite on both brokers, or as several hosts have it. The embedded run writes the transcript. */
export function conversesOn(title: string, name: string, open: OpenLocalPlatform<CompletePlatform>): void {
  const converse = async (keeping: Keeping) => {
    const platform = await open();
    onTestFinished(async () => await platform.close());
    const bot = await startBot([platform.account], keeping);
    onTestFinished(async () => await bot.close());
    await until(platform, platform.isConnected, () => `${title} was never connected`);
    return await scriptedConversation(platform, bot);
  };
  describe.skipIf(ON_POSTGRES)(`a conversation on ${title} is answered as people expect`, () => {
    it(
      "on the embedded broker",
      async () => await writeTranscript(name, title, await converse({ broker: "embedded" })),
      SLOW_MS,
    );
    it("on the Redis broker", async () => void (await converse({ broker: "redis" })), SLOW_MS);
  });
  describe.runIf(ON_POSTGRES)(`a conversation on ${title} whose state is in Redis and PostgreSQL`, () => {
    const server = usePostgres();
    it(
      "is answered as people expect",
      async () => void (await converse({ broker: "redis", postgresUrl: await server().createDatabase() })),
      SLOW_MS,
    );
  });
}
