/**
 * Webhooks out: what happened is told to those who asked for it.
 *
 * An event is durable in a topic before `tell` resolves; it becomes one delivery for each endpoint, noted in the table and
 * put into a second topic, which brings it back until it arrived or its attempts are used up. Every step may run again
 * after a crash and does its work once; only a receiver may get a message twice, with the same id.
 */
import type { Running } from "../../core/broker/broker.ts";
import type { Environment } from "../../core/environment.ts";
import { type Resolve, systemResolve } from "../../core/network/lookup.ts";
import type { Network } from "../../core/network/network.ts";
import { packageVersion } from "../../core/package-directory.ts";
import type { Databases } from "../../core/store/databases.ts";
import type { Telemetry } from "../../core/telemetry.ts";
import type { Topics } from "../../core/topics/topics.ts";
import { attempt, type AttemptEnd, type AttemptParts } from "./attempt.ts";
import { createDeliveries } from "./deliveries.ts";
import { checkDestination, type DestinationRules } from "./destination.ts";
import { createEndpoints, type Endpoint } from "./endpoints.ts";
import { noEndpoint } from "./errors.ts";
import { pingOf } from "./event.ts";
import { createPost } from "./post.ts";
import { createQueue } from "./queue.ts";
import { createRemoval } from "./removal.ts";
import { createSecrets } from "./secrets.ts";
import type { WebhookSealing } from "./sealing.ts";
import { type DeliveryRow, webhookTables } from "./tables.ts";
import { startWork } from "./work.ts";

/** An endpoint was disabled by itself. Told at least once. */
export interface WebhookAlert {
  readonly bot: string;
  readonly endpoint: string;
  readonly reason: "failing" | "gone";
}

export interface WebhooksOptions {
  readonly databases: Databases;
  readonly topics: Topics;
  readonly network: Network;
  readonly environment: Environment;
  readonly telemetry: Telemetry;
  readonly sealing: WebhookSealing;
  /** Tells people. What rejects is told again. */
  readonly alert: (alert: WebhookAlert) => Promise<void>;
  readonly rules?: DestinationRules;
  /** Days of failure after which an endpoint is disabled. @default 5 */
  readonly disableAfterDays?: number;
  /** @default the system's resolver */
  readonly resolve?: Resolve;
  /** Of one call. @default 15_000 */
  readonly timeoutMs?: number;
}

export type Webhooks = Awaited<ReturnType<typeof openWebhooks>>;

const DAY_MS = 86_400_000;
/** One failure after days of silence says little. */
const LEAST_FAILURES = 10;
/** What waits longer than this beyond its time was lost by the queue. */
const OVERDUE_MS = 3_600_000;
/** How long the log of what has ended is kept. */
const KEPT_MS = 30 * DAY_MS;

/** Opens them over their tables. `start` begins to deliver; without it events and deliveries only wait. */
export async function openWebhooks(options: WebhooksOptions) {
  const { topics, environment, telemetry, resolve = systemResolve, rules = {} } = options;
  const { clock } = environment;
  const database = options.databases.open(webhookTables.file);
  for (const module of webhookTables.modules) await database.migrate(module);
  const deliveries = createDeliveries({ database, environment });
  const removal = createRemoval(database);
  const endpoints = createEndpoints({ ...options, database, removal });
  const secrets = createSecrets({ ...options, database });
  const queue = createQueue({ topics, endpoints, deliveries });
  const parts: AttemptParts = {
    secrets,
    deliveries,
    environment,
    telemetry,
    post: createPost({ ...options, rules, resolve, clock }),
    policy: { afterMs: (options.disableAfterDays ?? 5) * DAY_MS, failures: LEAST_FAILURES },
    version: packageVersion(),
  };
  const tellOfDisabled = async (): Promise<void> => {
    for (const endpoint of await endpoints.toTell()) {
      await options.alert(alertOf(endpoint));
      await endpoints.told(endpoint);
    }
  };
  const sweep = async (): Promise<void> => {
    await secrets.dropOld();
    await removal.prune(clock() - KEPT_MS);
    for (const found of await deliveries.overdue(clock() - OVERDUE_MS)) {
      const anew = await deliveries.requeue(found);
      if (anew !== undefined) await queue.put(anew);
    }
    await tellOfDisabled();
  };
  return {
    endpoints,
    deliveries,
    rotate: secrets.rotate,
    prune: removal.prune,
    forget: removal.forget,
    tell: queue.tell,
    /** Looks an address up as a call would. Throws `webhook/address`. */
    checkAddress: async (address: string): Promise<void> => void (await checkDestination(address, rules, resolve)),
    /** Puts a delivery that has ended into the queue anew; undefined where it still waits. */
    resend: async (id: string): Promise<DeliveryRow | undefined> => {
      const revived = await deliveries.revive(id);
      if (revived !== undefined) await queue.put(revived);
      return revived;
    },
    /** Calls the endpoint once, now, whether it is active or not. Throws `webhook/unknown`. */
    ping: async ({ id, bot }: Pick<Endpoint, "id" | "bot">): Promise<AttemptEnd & { readonly delivery: string }> => {
      const at = new Date(clock()).toISOString();
      const delivery = await deliveries.add(id, pingOf({ id: environment.newId(), bot, at }));
      const end = delivery && (await attempt(parts, delivery));
      if (end === undefined || delivery === undefined) throw noEndpoint();
      return { ...end, delivery: delivery.id };
    },
    /** Looks for what the queue lost, and for alerts that nobody got. `start` does so every five minutes. */
    sweep,
    start: (): Running => startWork({ ...parts, topics, queue, sweep, tellOfDisabled }),
    check: database.check,
    close: database.close,
  };
}

function alertOf({ id, bot, disabledFor }: Endpoint): WebhookAlert {
  return { bot, endpoint: id, reason: disabledFor === "gone" ? "gone" : "failing" };
}
