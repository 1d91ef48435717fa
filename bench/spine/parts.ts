/** The whole road with an echo crew, as a worker process of the bench runs it. */
import { join } from "node:path";
import { defineAdapter } from "../../core/adapter-binding.ts";
import { BotPolicies } from "../../core/bot.ts";
import type { Broker, ClaimHandler } from "../../core/broker/broker.ts";
import { createEmbeddedBroker } from "../../core/broker/embedded/embedded-broker.ts";
import { createRedisBroker } from "../../core/broker/redis/redis-broker.ts";
import { accountId } from "../../core/conversation-id.ts";
import { createConversationLife } from "../../core/conversation/index.ts";
import { createDelivery, createLimiter } from "../../core/delivery/index.ts";
import { type EventDraft, textOf } from "../../core/event.ts";
import { createHandOverDesk } from "../../core/hand-over/index.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { testSealing } from "../../test/support/test-sealing.ts";
import { createStore } from "../../core/store/create-store.ts";
import { openPostgresDatabase } from "../../core/store/postgres/postgres-database.ts";
import { openSqliteDatabase } from "../../core/store/sqlite/sqlite-database.ts";
import type { Store } from "../../core/store/store.ts";
import { quietContext } from "../../core/testing/index.ts";
import { toOutboxDrafts } from "../../core/turn/outbox-drafts.ts";
import { createTurnHandler } from "../../core/turn/turn.ts";
import { systemEnvironment } from "../../cli/runtime/system-environment.ts";
import { quietAdapter } from "../../test/support/quiet-adapter.ts";

export const environment = systemEnvironment();
export const account = accountId("quiet", "main");

/** Which road is measured, and where its data is. */
export interface Road {
  readonly kind: "redis" | "embedded";
  readonly url: string;
  readonly prefix: string;
  readonly directory: string;
  /** The address of a PostgreSQL database, where the state is kept in one. */
  readonly database?: string | undefined;
}

export async function openBroker({ kind, url, prefix, directory }: Road): Promise<Broker> {
  if (kind === "redis")
    return await createRedisBroker({ connection: url, prefix, environment, telemetry: silentTelemetry });
  return createEmbeddedBroker({ path: join(directory, "broker.sqlite"), environment, telemetry: silentTelemetry });
}

export async function openStore({ directory, database: url }: Road): Promise<Store> {
  const database =
    url === undefined
      ? openSqliteDatabase(join(directory, "store.sqlite"), { synchronous: "normal" })
      : openPostgresDatabase({ url });
  return await createStore(database, { environment, telemetry: silentTelemetry, sealing: testSealing(database) });
}

/** A message of conversation `chat`, number `index` of it. */
export function draftOf(chat: number, index: number): EventDraft {
  return {
    type: "message",
    key: `message:${chat}:${index}`,
    messageId: `${chat}-${index}`,
    chat: { id: String(chat), type: "direct" },
    user: { id: `user-${chat}` },
    timestamp: new Date().toISOString(),
    text: `Message ${index} of conversation ${chat}: what does a replacement card cost, and how long does it take to arrive?`,
  };
}

/** A turn that only echoes: what the durable road itself costs. */
export const echoRoad: ClaimHandler = async ({ waiting, commit }) => {
  const [head] = waiting;
  if (head === undefined) return;
  const { event, sequence } = head;
  const reply = {
    id: environment.newId(),
    text: `You said: ${textOf(event)}`,
    sources: [],
    disclaimers: [],
    confidence: 1,
    model: "echo",
    processingTimeMs: 0,
  };
  await commit({
    through: sequence,
    replies: toOutboxDrafts(event, [reply], { money: false, environment }),
    isLast: true,
  });
};

const noConfirmations = {
  changes: async () => false,
  handle: async () => undefined,
  withdraw: async () => 0,
  replace: async () => undefined,
  list: async () => [],
  reminder: async () => undefined,
};

/** Turns with an echo crew: everything real but the answer. */
export function echoTurns(broker: Broker, store: Store) {
  const crew = {
    run: async ({ text }: { readonly text: string }) => ({
      reply: { text: `You said: ${text}`, confidence: 1, model: "echo" },
      remember: [],
      cacheable: false,
    }),
    close: async () => {},
  };
  const config = {
    id: "echo",
    name: "Echo",
    persona: "",
    locale: "en",
    timeZone: "UTC",
    accounts: [],
    crew: { name: "echo", summary: {}, open: async () => crew },
    tools: [],
    intents: {},
    policies: BotPolicies.parse({ limits: { rate: { messages: 1_000_000, perSeconds: 1 } }, cacheSeconds: 0 }),
  };
  const bot = {
    config,
    crew,
    toolset: {
      tools: [],
      forTurn: () => ({
        tools: [],
        entities: async () => [],
        call: async () => ({ status: "refused" as const, code: "none", message: "" }),
      }),
      confirmations: noConfirmations,
      forget: async () => {},
      kept: async () => [],
    },
    packs: [],
  };
  return createTurnHandler({
    bot: () => bot,
    broker,
    handOver: createHandOverDesk({ store, broker, environment, telemetry: silentTelemetry }),
    store,
    conversations: createConversationLife({
      store,
      broker,
      environment,
      telemetry: silentTelemetry,
      withdraw: async () => {},
      erase: async () => {},
    }),
    link: async () => undefined,
    numberedChoice: async () => undefined,
    saveTrace: store.traces.save,
    environment,
    telemetry: silentTelemetry,
  });
}

/** Delivery to a platform that takes everything at once; `onSent` hears the event that was answered. */
export async function delivery(broker: Broker, store: Store, onSent: (eventId: string) => void) {
  const adapter = defineAdapter({
    ...quietAdapter,
    manifest: {
      ...quietAdapter.manifest,
      capabilities: {
        ...quietAdapter.manifest.capabilities,
        rate: { perChatPerSecond: 1_000_000, perAccountPerSecond: 1_000_000 },
      },
    },
    connect: async () => ({
      send: async ({ eventId, key }: { readonly eventId: string; readonly key: string }) => {
        onSent(eventId);
        return { messageId: key };
      },
      health: () => ({ state: "live" as const, detail: "" }),
      close: async () => {},
    }),
  }).bind({});
  const session = await adapter.connect(
    quietContext("bench", { account, bot: { id: "echo", name: "Echo" }, environment }),
  );
  const { rate } = adapter.manifest.capabilities;
  return createDelivery({
    adapter,
    session,
    account,
    bot: "echo",
    deliveries: store.deliveries,
    broker,
    telemetry: silentTelemetry,
    environment,
    limiter: createLimiter({ rate, clock: environment.clock }),
  });
}
