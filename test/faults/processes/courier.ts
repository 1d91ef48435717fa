/** A courier process: real delivery for both platforms. Writes down each entry that it takes out of the outbox. */
import type { DeliveryHandler } from "../../../core/broker/broker.ts";
import { createDelivery, createLimiter } from "../../../core/delivery/index.ts";
import { createStore } from "../../../core/store/create-store.ts";
import { quietContext } from "../../../core/testing/index.ts";
import { loggingTelemetry, openNotes, tokenIn } from "../notes.ts";
import { platformAdapter } from "../platform-adapter.ts";
import { createPoints, storeWithPoints } from "../points.ts";
import {
  accountOn,
  BOT,
  jumpingEnvironment,
  openBroker,
  openDatabases,
  type PlatformName,
  PLATFORMS,
  readSpec,
} from "../road.ts";
import { Command, tell } from "./control.ts";

const spec = readSpec();
const environment = jumpingEnvironment(spec);
const telemetry = loggingTelemetry(spec.directory, "courier");
const points = createPoints(spec.point);
const note = openNotes(spec.directory);
const broker = await openBroker(spec, { environment, telemetry });
const databases = await openDatabases(spec);
const store = storeWithPoints(
  await createStore(databases.open("store.sqlite"), { environment, telemetry, sealing: databases.sealing }),
  points,
);

async function openDelivery(platform: PlatformName): Promise<DeliveryHandler> {
  const adapter = platformAdapter(platform, spec.platformPort, points);
  const account = accountOn(platform);
  const session = await adapter.connect(
    quietContext(platform, { account, bot: { id: BOT, name: "Echo" }, environment, log: telemetry.log }),
  );
  const deliver = createDelivery({
    adapter,
    session,
    account,
    bot: BOT,
    deliveries: store.deliveries,
    broker,
    telemetry,
    environment,
    limiter: createLimiter({ rate: adapter.manifest.capabilities.rate, clock: environment.clock }),
  });
  return async (attempt) => {
    const { entry } = attempt;
    note({
      kind: "entry",
      token: tokenIn(entry.reply.text),
      entry: entry.id,
      eventId: entry.eventId,
      position: entry.position,
    });
    await deliver({
      ...attempt,
      record: async (progress) => {
        points("record:before");
        await attempt.record(progress);
        points("record:after");
      },
    });
  };
}

const lease = spec.leaseMs === undefined ? {} : { leaseMs: spec.leaseMs };
const running = await Promise.all(
  PLATFORMS.map(async (platform) => broker.deliver(accountOn(platform), await openDelivery(platform), lease)),
);

process.on("message", (raw) => {
  const command = Command.parse(raw);
  if (command.do === "jump") environment.jump(command.offsetMs);
});
process.on("disconnect", () => process.exit(0));
process.once("SIGTERM", () => {
  void (async () => {
    await Promise.all(running.map((each) => each.close(spec.graceMs)));
    await broker.close();
    await store.close();
    await databases.close();
    process.exit(0);
  })();
});
tell({ is: "ready" });
