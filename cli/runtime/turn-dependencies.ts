import { attachmentKey, readText, textFilesOf } from "../../core/attachments/index.ts";
import { createLinking } from "../../core/conversation/index.ts";
import { recallChoices, readNumber } from "../../core/delivery/index.ts";
import { describeError } from "../../core/errors.ts";
import { createHandOverDesk } from "../../core/hand-over/index.ts";
import type { TurnDependencies } from "../../core/turn/decision.ts";
import { createLinkStage } from "../../core/turn/link.ts";
import type { Shared } from "./shared.ts";

/** Wires the stages of a turn to the store and the broker. */
export function turnDependencies({
  store,
  broker,
  environment,
  telemetry,
  bots,
  spool,
  conversations,
  loaded,
}: Shared): TurnDependencies {
  return {
    bot: bots.find,
    broker,
    handOver: createHandOverDesk({ store, broker, environment, telemetry }),
    store,
    conversations,
    link: createLinkStage(createLinking({ store, environment })),
    numberedChoice: async (conversation, text) => readNumber(text, (await recallChoices(broker, conversation)) ?? []),
    keepFile: async (conversation, bytes, facts) => {
      const { key } = await spool.put(once(bytes), facts);
      await store.erasure.keepFile(conversation, key, new Date(environment.clock()).toISOString());
      return { ...facts, spoolKey: key };
    },
    textOfFile: async (event, file) => {
      const key = file.spoolKey ?? (await broker.recall(attachmentKey(event, file)));
      return key === undefined ? undefined : await readText(spool, key, file.name);
    },
    filesOfTurn: textFilesOf(broker, spool),
    saveTrace: async (trace) => {
      try {
        await store.traces.save(trace);
      } catch (thrown) {
        telemetry.log.warn({ correlationId: trace.id, error: describeError(thrown) }, "trace lost");
      }
    },
    retention: loaded.config.retention,
    environment,
    telemetry,
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
