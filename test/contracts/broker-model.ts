/** Random walks through a broker next to a plain model of it: both must agree after every step. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accountOf } from "../../core/conversation-id.ts";
import { testConversation } from "../support/events.ts";
import { commandArbitraries } from "./broker/model/commands.ts";
import { newModel } from "./broker/model/state.ts";
import type { BrokerContract } from "./broker/under-test.ts";

/** Registers the model-based test for one implementation; `runs` random walks of up to 60 steps. */
export function brokerModel(contract: BrokerContract, runs = 60): void {
  describe(`the ${contract.name} broker against its model`, () => {
    it("agrees after every step of random walks", async () => {
      const under = await contract.open();
      let walk = 0;
      try {
        await fc.assert(
          fc.asyncProperty(fc.commands(commandArbitraries, { maxCommands: 60, size: "max" }), async (commands) => {
            walk += 1;
            // What earlier walks left in hand is no part of this one.
            await under.register.evict(under.process);
            const account = `walk-${walk}`;
            const ids = [testConversation("one", account), testConversation("two", account)] as const;
            const model = newModel(account, ids);
            await fc.asyncModelRun(() => ({ model, real: under }), commands);
            for (const conversation of model.conversations) {
              const { signal } = new AbortController();
              const options = { count: 1_000, waitMs: 0, signal };
              const entries = await under.outboxes.read(accountOf(conversation.id), "", options);
              const texts = entries.filter((entry) => entry.conversation === conversation.id);
              expect(texts.map(({ reply }) => reply.text)).toEqual(conversation.replies);
            }
          }),
          { numRuns: runs },
        );
      } finally {
        await under.close();
      }
    });
  });
}
