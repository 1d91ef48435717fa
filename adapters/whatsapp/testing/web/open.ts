import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccountConfig } from "../../../../adapter.ts";
import { Secret } from "../../../../adapter.ts";
import type {
  CompletePlatform,
  Ledger,
  LocalChat,
  LocalFaults,
  LocalPerson,
  LocalPlatformOptions,
  Reach,
} from "../../../../core/testing/index.ts";
import { createFaultQueue, createLedger, createPerson } from "../../../../core/testing/index.ts";
import { whatsapp } from "../../index.ts";
import { showFormatted } from "../formatting.ts";
import type { Addresses } from "./ids.ts";
import { createAddresses, keyOf, wholeId } from "./ids.ts";
import type { Network } from "./network.ts";
import { createNetwork, NUMBER, SELF } from "./network.ts";
import type { PageServer } from "./page-server.ts";
import { chromiumArgumentsFor, openPageServer } from "./page-server.ts";

const VERSION = "2.3000.1017054665";
const SCAN_MS = 50;

/** WhatsApp Web on this machine, for a real Chromium. */
export interface LocalWeb extends CompletePlatform {
  /** Whether the telephone scans a code as soon as one is shown. @default true */
  readonly linkAtOnce: (on: boolean) => void;
  /** The telephone links the device whose code is shown. */
  readonly link: () => void;
  /** The account's owner writes on the telephone, in the chat with this person. */
  readonly sayFromPhone: (person: LocalPerson, text: string) => void;
  /** This person appears under a LID, to browsers that load the page from now on. */
  readonly giveLid: (person: string) => void;
}

/** Serves WhatsApp Web over TLS to the browser of the account, which is linked as soon as it shows a code. */
export async function openWhatsappLocally(options: LocalPlatformOptions = {}): Promise<LocalWeb> {
  const ledger = createLedger(showFormatted);
  const faults = createFaultQueue();
  const state: LinkState = { linksAtOnce: true };
  const addresses = createAddresses();
  const link: { server?: PageServer } = {};
  const network = createNetwork({
    ledger,
    faults,
    addresses,
    down: (operation) => link.server?.down(operation),
    onCode: () => {
      if (state.linksAtOnce) setTimeout(() => network.link(), SCAN_MS);
    },
  });
  const server = await openPageServer({
    port: options.port,
    version: VERSION,
    phones: addresses.phones,
    onLine: network.greeting,
    onUp: network.hear,
    media: network.fileAt,
  });
  link.server = server;
  const directory = mkdtempSync(join(tmpdir(), "parley-whatsapp-local-"));
  const parts: Parts = { ledger, network, addresses, server };
  const reach = reachOf(parts);
  return {
    platform: "whatsapp",
    account: accountOf(server.port, directory, options),
    person: (id, name = id) => createPerson(ledger, reach, { id, name }),
    group: async (title, people) => openGroup(parts, title, people),
    refusedCalls: () => network.refused,
    faults: faultsOf(parts, state, faults.next),
    isConnected: () => network.isSynced() && server.lines() > 0,
    onChange: ledger.onChange,
    ...ownOf(parts, state),
    close: async () => {
      await server.stop();
      rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

interface Parts {
  readonly ledger: Ledger;
  readonly network: Network;
  readonly addresses: Addresses;
  readonly server: PageServer;
}

type OwnNames = "linkAtOnce" | "link" | "sayFromPhone" | "giveLid";

function ownOf({ ledger, network, addresses, server }: Parts, state: LinkState): Pick<LocalWeb, OwnNames> {
  return {
    linkAtOnce: (on) => {
      state.linksAtOnce = on;
    },
    link: network.link,
    sayFromPhone: (person, text) => {
      const key = { fromMe: true, remote: addresses.toPage(person.id), id: newStanza() };
      const author = { id: NUMBER, name: "Owner", isBot: false };
      const message = ledger.add({ id: wholeId(key), chat: person.id, author, text });
      server.down({ name: "message", message: network.toPage(message) });
    },
    giveLid: addresses.giveLid,
  };
}

interface LinkState {
  linksAtOnce: boolean;
}

function accountOf(
  port: number,
  directory: string,
  { accountName = "main", settings }: LocalPlatformOptions,
): AccountConfig {
  return whatsapp({
    transport: "web",
    name: accountName,
    sessionKey: new Secret("a session key for this machine alone", "the local platform"),
    directory: join(directory, "sessions"),
    profileDirectory: join(directory, "profiles"),
    chromiumArguments: chromiumArgumentsFor(port),
    ...settings,
  });
}

function newStanza(): string {
  return `3A${randomBytes(9).toString("hex").toUpperCase()}`;
}

/** What people do, as the page is told. Nobody acknowledges anything on WhatsApp. */
function reachOf({ ledger, network, addresses, server: { down } }: Parts): Reach {
  const now = (): number => ledger.now();
  return {
    self: NUMBER,
    directChat: (person) => person,
    newId: (chat, author) => {
      const remote = addresses.toPage(chat);
      const inGroup = remote.endsWith("@g.us") ? { participant: addresses.toPage(author) } : {};
      return wholeId({ fromMe: false, remote, id: newStanza(), ...inGroup });
    },
    said: async (message) => {
      down({ name: "message", message: network.toPage(message) });
      return true;
    },
    edited: ({ id, text }) => down({ name: "edit", id, body: text, at: now() }),
    removed: ({ id }) => down({ name: "revoke", id }),
    reacted: ({ id }, person, emoji) =>
      down({ name: "reaction", parent: keyOf(id), by: addresses.toPage(person), emoji, at: now() }),
    chose: async ({ id }, person, choice) => {
      const by = addresses.toPage(person.id);
      down({ name: "vote", parent: keyOf(id), by, options: [Number(choice.id)], at: now() });
      return true;
    },
  };
}

function openGroup({ ledger, addresses, server }: Parts, title: string, people: readonly LocalPerson[]): LocalChat {
  const chat: LocalChat = { id: `${120_363_000_000_000 + ledger.chats().length}@g.us`, type: "group", title };
  ledger.addChat(
    chat,
    people.map(({ id }) => id),
  );
  const ids = people.map(({ id }) => addresses.toPage(id));
  const key = { fromMe: false, remote: chat.id, id: newStanza(), participant: ids[0] ?? SELF };
  const t = Math.floor(ledger.now() / 1_000);
  const participants = [SELF, ...ids];
  server.down({
    name: "message",
    message: { key, t, type: "gp2", subtype: "add", recipients: [SELF], chat: { title, participants } },
  });
  return chat;
}

function faultsOf(
  { ledger, network, server }: Parts,
  state: LinkState,
  next: LocalFaults["next"],
): Required<LocalFaults> {
  return {
    next,
    cutConnections: async () => {
      server.cut();
    },
    goDown: server.stop,
    comeBack: server.start,
    redeliver: async () => {
      const delivered = ledger.all().filter(({ id }) => !keyOf(id).fromMe);
      for (const { id } of delivered.toReversed()) server.down({ name: "again", id });
      return delivered.length;
    },
    revoke: async () => {
      // Whoever unlinks a device does not link it again at once.
      state.linksAtOnce = false;
      network.unlink();
    },
  };
}
