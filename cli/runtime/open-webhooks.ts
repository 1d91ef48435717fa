/** Webhooks of a process: their tables and topics, where they may go, and what they tell. */
import type { PackNews } from "../../core/bot.ts";
import type { Broker, Running } from "../../core/broker/broker.ts";
import type { LoadedConfig } from "../../core/config/index.ts";
import type { Environment } from "../../core/environment.ts";
import { describeError } from "../../core/errors.ts";
import type { Network } from "../../core/network/network.ts";
import { nameOf, type Sealing } from "../../core/privacy/sealing/index.ts";
import type { Databases } from "../../core/store/databases.ts";
import type { Store } from "../../core/store/store.ts";
import type { Telemetry } from "../../core/telemetry.ts";
import type { Topics } from "../../core/topics/topics.ts";
import type { NotifyAlert } from "../../gateway/identity/index.ts";
import {
  actionWatch,
  deadLetterWatch,
  followLifecycle,
  handOverWatch,
  keepWatch,
  openWebhooks as open,
  type WebhookAlert,
  type WebhookEvent,
  type Webhooks,
  type WebhookSealing,
  webhookSecrets,
} from "../../gateway/webhooks/index.ts";
import { createActionLog } from "../../tools/confirmation/action-log.ts";
import { actionTables } from "../../tools/registry/kept-tables.ts";

interface WebhookParts {
  readonly loaded: LoadedConfig;
  readonly environment: Environment;
  readonly telemetry: Telemetry;
  readonly network: Network;
  readonly databases: Databases;
  readonly topics: Topics;
}

export interface OpenWebhooks {
  readonly webhooks: Webhooks;
  /** Tells what a tool pack did. What cannot be noted is logged: the pack has done it all the same. */
  readonly announce: (bot: string, news: PackNews) => Promise<void>;
  /** Tells every bot's webhooks of an alert about logins. */
  readonly notify: NotifyAlert;
}

/** Opens them; nothing is delivered yet. */
export async function openWebhooks(parts: WebhookParts): Promise<OpenWebhooks> {
  const { loaded, environment, telemetry, databases } = parts;
  const { allowedHosts, internalHosts } = loaded.config.gateway.webhooks;
  await databases.sealing.ready();
  const webhooks = await open({
    ...parts,
    sealing: sealingOf(databases.sealing),
    rules: { allowedHosts, internalHosts },
    alert: async (alert) => {
      telemetry.log.warn({ ...alert }, "a webhook was disabled: its address takes nothing any more");
      await webhooks.tell(disabledEvent(alert, environment.clock()));
    },
  });
  return {
    webhooks,
    announce: async (bot, { source, ...news }) => {
      const at = new Date(environment.clock()).toISOString();
      try {
        await webhooks.tell({ ...news, source: `${bot} ${source}`, bot, at });
      } catch (thrown) {
        telemetry.log.warn({ bot, type: news.type, error: describeError(thrown) }, "webhooks could not be told");
      }
    },
    notify: async ({ id, at, kind }) => {
      const facts = { at: new Date(at).toISOString(), type: "alert.raised", data: { kind, about: id } } as const;
      for (const bot of Object.keys(loaded.config.bots)) await webhooks.tell({ ...facts, bot, source: `${bot} ${id}` });
    },
  };
}

function disabledEvent({ bot, endpoint }: WebhookAlert, now: number): WebhookEvent {
  const at = new Date(now).toISOString();
  // It may be disabled again, on another day.
  const source = `${endpoint} ${at.slice(0, 10)}`;
  return { source, bot, at, type: "alert.raised", data: { kind: "webhook-disabled", about: endpoint } };
}

interface WorkParts extends Omit<WebhookParts, "loaded" | "network" | "topics"> {
  readonly store: Store;
  readonly broker: Broker;
  readonly webhooks: Webhooks;
}

/** Delivers, and follows what there is to tell; one process at a time follows. Gives the function that stops it. */
export function startWebhooks(parts: WorkParts): () => Promise<void> {
  const { store, broker, environment, telemetry, databases, webhooks } = parts;
  const { clock } = environment;
  const { tell } = webhooks;
  const following = { broker, values: store.values, environment, telemetry, tell };
  // The tools of the bots have made its tables.
  const actions = databases.open(actionTables.file);
  const watches = [
    actionWatch(createActionLog(actions), tell),
    handOverWatch({ controls: store.controls, clock, tell }),
    deadLetterWatch({ letters: broker.deadLetters, clock, tell }),
  ];
  const running: readonly Running[] = [
    webhooks.start(),
    followLifecycle(following),
    ...watches.map((watch) => keepWatch(following, watch)),
  ];
  return async () => {
    await Promise.all(running.map(async ({ close }) => await close()));
    await actions.close();
  };
}

/** The installation's sealing for the secrets of endpoints. */
function sealingOf(sealing: Sealing): WebhookSealing {
  const columnOf = (column: string) => webhookSecrets.find((one) => one.column === column) ?? unknownColumn(column);
  return {
    seal: async ({ column, row }, plain) => sealing.seal(columnOf(column), { id: row }, plain),
    open: async ({ column, row }, sealed) =>
      await sealing.reading(async () => sealing.open(columnOf(column), { id: row }, sealed)),
  };
}

function unknownColumn(column: string): never {
  throw new TypeError(`${nameOf({ table: "webhook_endpoints", column })} is not sealed`);
}
