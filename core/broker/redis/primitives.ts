/** The parts of the Redis broker on one set of connections. */
import { refuseUnsafe } from "./checks.ts";
import { connect } from "./connection.ts";
import type { Context } from "./context.ts";
import { createIntake } from "./intake.ts";
import { createKeys } from "./keys.ts";
import { createLifecycle } from "./lifecycle.ts";
import { createMailboxes } from "./mailboxes.ts";
import { settingsOf, type RedisBrokerOptions } from "./options.ts";
import { createOutboxes } from "./outboxes.ts";
import { createOverview } from "./overview.ts";
import { createSignals } from "./signals.ts";
import { startSweeper } from "./sweeper.ts";
import { createWakes, type Wakes } from "./wake.ts";

/** What the broker is assembled from; tests and benches measure the parts by themselves. */
export async function createRedisPrimitives(options: RedisBrokerOptions) {
  const settings = settingsOf(options);
  const keys = createKeys(settings.prefix);
  const connections = await connect(settings);
  let wakes: Wakes;
  try {
    const findings = await refuseUnsafe(connections.main);
    for (const { detail, remedy } of findings.filter(({ status }) => status === "warning")) {
      settings.telemetry.log.warn({ detail, remedy }, "This Redis does not keep messages over a restart");
    }
    wakes = await createWakes(settings, keys, connections);
  } catch (thrown) {
    await connections.close();
    throw thrown;
  }
  const context: Context = { settings, keys, connections, redis: connections.main, wake: wakes.wake };
  const signals = createSignals({ settings, keys, connections, instance: settings.environment.newId() });
  const outboxes = createOutboxes(context);
  const mailboxes = createMailboxes({
    ...context,
    arrivalName: signals.arrivalName,
    rememberAccount: outboxes.rememberAccount,
  });
  const intake = createIntake(context);
  const lifecycle = createLifecycle(context);
  const sweeper = startSweeper({ ...context, intake, wakeAgain: wakes.wakeAgain });
  return {
    context,
    mailboxes,
    wakes,
    signals,
    outboxes,
    intake,
    lifecycle,
    overview: createOverview(context, sweeper.sweep),
    sweep: sweeper.sweep,
    close: async () => {
      await sweeper.close();
      await lifecycle.close();
      await wakes.close();
      await connections.close();
    },
  };
}
