import { createConversations, createLinking } from "../../core/conversation/index.ts";
import { recallChoices, readNumber } from "../../core/delivery/index.ts";
import { describeError } from "../../core/errors.ts";
import type { TurnDependencies } from "../../core/turn/decision.ts";
import { createLinkStage } from "../../core/turn/link.ts";
import type { Shared } from "./shared.ts";

/** Wires the stages of a turn to the store and the broker. */
export function turnDependencies({ store, broker, environment, telemetry, bots, spool }: Shared): TurnDependencies {
  return {
    bot: bots.find,
    broker,
    store,
    conversations: createConversations({ store, broker, environment }),
    link: createLinkStage(createLinking({ store, environment })),
    numberedChoice: async (conversation, text) => readNumber(text, (await recallChoices(broker, conversation)) ?? []),
    keepFile: async (bytes, facts) => {
      const { key } = await spool.put(once(bytes), facts);
      return { ...facts, spoolKey: key };
    },
    saveTrace: async (trace) => {
      try {
        await store.traces.save(trace);
      } catch (thrown) {
        telemetry.log.warn({ correlationId: trace.id, error: describeError(thrown) }, "trace lost");
      }
    },
    environment,
    telemetry,
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
