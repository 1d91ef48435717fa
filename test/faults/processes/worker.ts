/** A worker process: real turns of the echo bot, until it is told to stop or killed. */
import { createConversationLife } from "../../../core/conversation/index.ts";
import { createHandOverDesk } from "../../../core/hand-over/index.ts";
import { createStore } from "../../../core/store/create-store.ts";
import { createDeadLetterNotice } from "../../../core/turn/dead-letter.ts";
import { createTurnHandler } from "../../../core/turn/turn.ts";
import { openEchoBot } from "../echo-bot.ts";
import { loggingTelemetry, openNotes, tokenIn } from "../notes.ts";
import { createPoints, handlerWithPoints, storeWithPoints } from "../points.ts";
import { FencedError } from "../../../core/broker/errors.ts";
import type { ClaimHandler } from "../../../core/broker/broker.ts";
import { textOf } from "../../../core/event.ts";
import { jumpingEnvironment, openBroker, openDatabases, readSpec } from "../road.ts";
import { withoutFence } from "../unfenced.ts";
import { Command, tell } from "./control.ts";

const spec = readSpec();
const environment = jumpingEnvironment(spec);
const telemetry = loggingTelemetry(spec.directory, "worker");
const points = createPoints(spec.point);
const note = openNotes(spec.directory);
const broker = await openBroker(spec, { environment, telemetry });
const databases = await openDatabases(spec);
const store = storeWithPoints(
  await createStore(databases.open("store.sqlite"), { environment, telemetry, sealing: databases.sealing }),
  points,
);
const { bot, close } = await openEchoBot(spec, { environment, telemetry, store, databases, points });
const dependencies = {
  bot: () => bot,
  broker,
  handOver: createHandOverDesk({ store, broker, environment, telemetry }),
  store,
  conversations: createConversationLife({
    store,
    broker,
    environment,
    telemetry,
    withdraw: async () => {},
    erase: async () => {},
  }),
  link: async () => undefined,
  numberedChoice: async () => undefined,
  saveTrace: async () => {},
  environment,
  telemetry,
};

/** Writes down how a commit ended; a fenced one is the mark of a zombie that was stopped in time. */
const noting =
  (handler: ClaimHandler): ClaimHandler =>
  async (claim) => {
    const head = claim.waiting[0];
    const token = head === undefined ? "" : tokenIn(textOf(head.event));
    await handler({
      ...claim,
      commit: async (commit) => {
        try {
          await claim.commit(commit);
        } catch (thrown) {
          if (thrown instanceof FencedError) note({ kind: "end", token, fenced: true });
          throw thrown;
        }
        note({ kind: "end", token, fenced: false });
      },
    });
  };

const turns = handlerWithPoints(createTurnHandler(dependencies), points);
const handler = noting(turns);
const running = broker.work(spec.unfenced ? (claim) => withoutFence(handler, spec)(claim) : handler, {
  concurrency: spec.concurrency,
  onDead: createDeadLetterNotice(dependencies),
  ...(spec.leaseMs === undefined ? {} : { leaseMs: spec.leaseMs }),
});

process.on("message", (raw) => {
  const command = Command.parse(raw);
  if (command.do === "jump") environment.jump(command.offsetMs);
});
process.on("disconnect", () => process.exit(0));
process.once("SIGTERM", () => {
  void (async () => {
    await running.close(spec.graceMs);
    await broker.close();
    await close();
    await store.close();
    await databases.close();
    process.exit(0);
  })();
});
tell({ is: "ready" });
