import { randomBytes } from "node:crypto";
import type { AccountConfig } from "../../../../adapter.ts";
import { Secret } from "../../../../adapter.ts";
import type { CompletePlatform, LocalFaults, LocalPlatformOptions } from "../../../../core/testing/index.ts";
import { createBuckets, createFaultQueue, createLedger, createPerson } from "../../../../core/testing/index.ts";
import { whatsapp } from "../../index.ts";
import { showFormatted } from "../formatting.ts";
import type { GraphServer } from "./graph-server.ts";
import { openGraphServer } from "./graph-server.ts";
import { refuse } from "./graph-rules.ts";
import type { Notifications } from "./notifications.ts";
import { createNotifications } from "./notifications.ts";
import type { Names } from "./reach.ts";
import { reachOf } from "./reach.ts";
import { NUMBER, show } from "./showing.ts";

const PHONE_NUMBER_ID = "106540352242922";
const BUSINESS_ACCOUNT_ID = "102290129340398";
const TOKENS = { accessToken: "EAALocalToken", appSecret: "local-app-secret", verifyToken: "local-verify-token" };
const TEMPLATE = { name: "news_for_you", language: "en" };

/** The Cloud API on this machine. */
export interface LocalCloud extends CompletePlatform {
  /** Moves the platform's clock on: a day later only templates may be sent. */
  readonly passTime: (ms: number) => void;
  /** From now on Meta calls this person by these. @default a number, or a user id where the person's id is one */
  readonly callPerson: (id: string, names: Names) => void;
  /** Sends a signed notification with these fields of a change, whatever they are. Resolves when the bot has taken it. */
  readonly tell: (fields: object) => Promise<boolean>;
}

/** Opens a Graph API with a signed webhook to `options.webhook`. */
export async function openWhatsappCloudLocally(options: LocalPlatformOptions = {}): Promise<LocalCloud> {
  const ledger = createLedger(showFormatted);
  const faults = createFaultQueue();
  const facts = { phoneNumberId: PHONE_NUMBER_ID, displayNumber: NUMBER };
  const notifications = createNotifications({ ...facts, ...TOKENS, webhook: options.webhook });
  const takeFrom = createBuckets(ledger.now);
  const called = new Map<string, Names>();
  const namesOf = (id: string): Names => called.get(id) ?? (isUserId(id) ? { userId: id } : { phone: id });
  const personAt = (address: string): string =>
    [...called].find(([, { phone, userId }]) => phone === address || userId === address)?.[0] ?? address;
  const server = await openGraphServer({
    ...facts,
    ...TOKENS,
    businessAccountId: BUSINESS_ACCOUNT_ID,
    template: TEMPLATE,
    port: options.port,
    faults,
    onMessage: (message) => show({ ledger, server, notifications, takeFrom, personAt }, message),
    onTyping: (messageId) => {
      const message = ledger.find(messageId);
      if (message === undefined || message.author.isBot) return refuse(100, "Invalid parameter message_id");
      ledger.setTyping(message.chat, 25_000);
    },
  });
  return {
    platform: "whatsapp",
    account: accountOf(server.url, options),
    person: (id, shownName = id) =>
      createPerson(ledger, reachOf(ledger, server, notifications, namesOf), { id, name: shownName }),
    group: async (title, people) => {
      const chat = { id: newGroupId(), type: "group", title } as const;
      ledger.addChat(
        chat,
        people.map(({ id }) => id),
      );
      return chat;
    },
    refusedCalls: () => server.refused,
    faults: faultsOf(server, notifications, faults.next),
    isConnected: notifications.isConnected,
    onChange: ledger.onChange,
    passTime: ledger.passTime,
    callPerson: (id, names) => void called.set(id, names),
    tell: notifications.notify,
    close: async () => {
      notifications.close();
      await server.stop();
    },
  };
}

function isUserId(id: string): boolean {
  return /^[A-Z]{2}\./u.test(id);
}

/** Meta's ids of groups look like this. */
function newGroupId(): string {
  return `Y2FwaV9ncm91cDo${randomBytes(12).toString("hex")}ZD`;
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

function faultsOf(server: GraphServer, notifications: Notifications, next: LocalFaults["next"]): Required<LocalFaults> {
  return {
    next,
    cutConnections: async () => {
      server.cut();
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
    },
  };
}
