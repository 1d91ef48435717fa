import type { AccountConfig } from "../../../../core/bot.ts";
import { Secret } from "../../../../core/config/index.ts";
import { InvalidInputError } from "../../../../core/errors.ts";
import type { LocalFaults, LocalPlatform, LocalPlatformOptions } from "../../../../core/testing/index.ts";
import { whatsapp } from "../../index.ts";
import { createFaultQueue } from "../faults.ts";
import { createLedger } from "../ledger.ts";
import { createPerson } from "../people.ts";
import type { GraphServer } from "./graph-server.ts";
import { openGraphServer } from "./graph-server.ts";
import type { Notifications } from "./notifications.ts";
import { createNotifications } from "./notifications.ts";
import { reachOf } from "./reach.ts";
import { NUMBER, show } from "./showing.ts";

const PHONE_NUMBER_ID = "106540352242922";
const BUSINESS_ACCOUNT_ID = "102290129340398";
const TOKENS = { accessToken: "EAALocalToken", appSecret: "local-app-secret", verifyToken: "local-verify-token" };
const TEMPLATE = { name: "news_for_you", language: "en" };

/** The Cloud API on this machine. */
export interface LocalCloud extends LocalPlatform {
  /** Moves the platform's clock on: a day later only templates may be sent. */
  readonly passTime: (ms: number) => void;
}

/** Opens a Graph API with a signed webhook to `options.webhook`. Groups are not part of the Cloud API. */
export async function openWhatsappCloudLocally(options: LocalPlatformOptions = {}): Promise<LocalCloud> {
  const ledger = createLedger();
  const faults = createFaultQueue();
  const facts = { phoneNumberId: PHONE_NUMBER_ID, displayNumber: NUMBER };
  const notifications = createNotifications({ ...facts, ...TOKENS, webhook: options.webhook });
  const rates = new Map<string, number>();
  const server = await openGraphServer({
    ...facts,
    ...TOKENS,
    businessAccountId: BUSINESS_ACCOUNT_ID,
    template: TEMPLATE,
    port: options.port ?? 0,
    faults,
    onMessage: (message) => show({ ledger, server, notifications, rates }, message),
    onTyping: (messageId) => {
      const message = ledger.find(messageId);
      if (message === undefined || message.author.isBot)
        return { status: 400, code: 100, message: "(#100) Invalid parameter message_id" };
      ledger.setTyping(message.chat, 25_000);
      return undefined;
    },
  });
  return {
    platform: "whatsapp",
    account: accountOf(server.url, options),
    person: (id, shownName = id) =>
      createPerson(ledger, reachOf(ledger, server, notifications), { id, name: shownName }),
    group: async () =>
      await Promise.reject(new InvalidInputError("whatsapp-local/no-groups", "The Cloud API has no groups.")),
    chats: ledger.chats,
    refusedCalls: () => server.refused,
    faults: faultsOf(server, notifications, faults.next),
    isConnected: notifications.isConnected,
    onChange: ledger.onChange,
    passTime: ledger.passTime,
    close: async () => {
      notifications.close();
      await server.stop();
    },
  };
}

function accountOf(graphUrl: string, options: LocalPlatformOptions): AccountConfig {
  const secretOf = (value: string): Secret => new Secret(value, "the local platform");
  return whatsapp({
    transport: "cloud",
    name: options.accountName ?? "main",
    accessToken: secretOf(TOKENS.accessToken),
    appSecret: secretOf(TOKENS.appSecret),
    verifyToken: secretOf(TOKENS.verifyToken),
    phoneNumberId: PHONE_NUMBER_ID,
    businessAccountId: BUSINESS_ACCOUNT_ID,
    graphUrl,
    ...options.settings,
  });
}

function faultsOf(server: GraphServer, notifications: Notifications, next: LocalFaults["next"]): LocalFaults {
  return {
    next,
    cutConnections: async () => {
      server.cut();
      await Promise.resolve();
    },
    goDown: async () => {
      notifications.hold(true);
      await server.stop();
    },
    comeBack: async () => {
      await server.start();
      notifications.hold(false);
    },
    redeliver: notifications.redeliver,
    revoke: async () => {
      server.revoke();
      await Promise.resolve();
    },
  };
}
