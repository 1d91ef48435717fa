/**
 * Telegram on this machine: a Bot API server that the real client library connects to, and people who use it.
 *
 * It enforces lengths, entities, button payloads, flood limits, chat rules and privacy mode, answers with the Bot
 * API's errors, and delivers by long polling or webhook, one poller at a time.
 */
import { createHash } from "node:crypto";
import type { AccountConfig } from "../../../adapter.ts";
import { Secret } from "../../../adapter.ts";
import type {
  CompletePerson,
  CompletePlatform,
  LocalChat,
  LocalPerson,
  LocalPlatformOptions,
} from "../../../core/testing/index.ts";
import { createBuckets, createFaultQueue, createWaiting } from "../../../core/testing/index.ts";
import { telegram } from "../index.ts";
import { toChat, toUser } from "./bot-view.ts";
import type { PersonContext } from "./person.ts";
import { createPerson } from "./person.ts";
import type { ApiServer } from "./server.ts";
import { methodOf, startServer } from "./server.ts";
import { createUpdates } from "./updates.ts";
import type { Room, World } from "./world.ts";
import { createWorld } from "./world.ts";

/** The local platform, and what only Telegram has. */
export interface LocalTelegram extends CompletePlatform {
  readonly token: string;
  readonly url: string;
  /** The draft that streams into a person's chat now. */
  readonly draftFor: (person: LocalPerson) => string | undefined;
  /** Names of the bot's calls so far. */
  readonly calls: () => readonly string[];
  /** Resolves when the bot has confirmed all that was said so far. */
  readonly confirmed: () => Promise<void>;
  /** Sends the bot an update as it stands, whatever it holds. */
  readonly inject: (kind: string, content: unknown) => void;
  readonly webhookUrl: () => string;
  readonly freezePolls: ApiServer["freezePolls"];
  readonly withdraw: ApiServer["withdraw"];
  readonly menu: () => readonly string[];
  /** Messages for one person alone are known, or not, as on an older server. */
  readonly ephemeral: (how: World["ephemeral"]) => void;
  /** The next rich message is refused in these words. */
  readonly refuseRich: (description: string) => void;
  /** The person blocks the bot. */
  readonly block: (person: LocalPerson) => void;
  /** The group becomes a supergroup; gives its new id. Both chats say so. */
  readonly upgrade: (chat: string) => string;
  /** A topic is closed to all but administrators, or deleted. */
  readonly endTopic: (chat: string, thread: string, how: "closed" | "deleted") => void;
  /** In this group, members may send no files. */
  readonly forbidFiles: (chat: string) => void;
}

const BOT_ID = 123_456_789;
const FIRST_GROUP = -1_001_000_000_001;

export interface LocalTelegramOptions extends LocalPlatformOptions {
  /** Whether floods are refused; a bench takes everything. @default true */
  readonly refusesFloods?: boolean;
}

/** Opens an empty Telegram with one bot. */
export async function openTelegramLocally(options: LocalTelegramOptions = {}): Promise<LocalTelegram> {
  const world = createWorld(BOT_ID);
  const updates = createUpdates(options.webhook);
  const presses = createWaiting<string>();
  const faults = createFaultQueue();
  const token = `${BOT_ID}:local-${crypto.randomUUID().replaceAll("-", "")}`;
  const server = await startServer({
    world,
    updates,
    presses,
    faults,
    token,
    takeFrom: options.refusesFloods === false ? () => 0 : createBuckets(),
    port: options.port,
  });
  const stage = { world, updates, presses };
  return {
    platform: "telegram",
    account: accountFor(options, server),
    person: createPeople(stage),
    group: async (title, members) => openGroup(title, members, stage),
    refusedCalls: () => server.refused,
    faults: {
      next: faults.next,
      cutConnections: async () => server.cut(),
      goDown: async () => {
        updates.pause(true);
        await server.stop();
      },
      comeBack: async () => {
        await server.start();
        updates.pause(false);
      },
      redeliver: async () => updates.redeliver(),
      revoke: async () => server.revoke(),
    },
    isConnected: () => updates.isPolled() || updates.webhook().url !== "",
    onChange: world.onChange,
    close: async () => {
      updates.close();
      presses.end();
      await server.stop();
    },
    token,
    url: server.url,
    draftFor: ({ id }) => world.drafts.get(Number(id)),
    calls: () => server.calls.map(methodOf),
    confirmed: updates.confirmed,
    inject: updates.add,
    webhookUrl: () => updates.webhook().url,
    freezePolls: server.freezePolls,
    menu: () => world.menu.map(({ command }) => command),
    ephemeral: (how) => {
      world.ephemeral = how;
    },
    block: ({ id }) => block(Number(id), stage),
    upgrade: (chat) => upgrade(Number(chat), stage),
    ...rulesOf(world, server),
  };
}

type Rules = "endTopic" | "forbidFiles" | "withdraw" | "refuseRich";

/** What an administrator of a group changes, and how well the server knows rich messages. */
function rulesOf(world: World, server: ApiServer): Pick<LocalTelegram, Rules> {
  const { rooms } = world;
  return {
    withdraw: (method) => {
      server.withdraw(method);
      if (method === "sendRichMessage") world.knowsRich = false;
    },
    refuseRich: (description) => {
      world.refusesRich = description;
    },
    endTopic: (chat, thread, how) => {
      const room = rooms.get(Number(chat));
      if (how === "closed") room?.closedTopics.add(Number(thread));
      else room?.topics.delete(Number(thread));
    },
    forbidFiles: (chat) => {
      const room = rooms.get(Number(chat));
      if (room !== undefined) room.filesForbidden = true;
    },
  };
}

/** The product's adapter, pointed at the server. */
function accountFor(options: LocalPlatformOptions, { url, token }: ApiServer): AccountConfig {
  const { webhook } = options;
  // Handed over in this process, a webhook's address is only a name.
  const hook = webhook === undefined ? {} : { webhook: { url: "url" in webhook ? webhook.url : "http://127.0.0.1" } };
  return telegram({
    name: options.accountName ?? "main",
    token: new Secret(token, "the local platform"),
    apiRoot: url,
    ...hook,
    ...options.settings,
  });
}

/** People by id: asked for once more, the same person answers. */
function createPeople(context: PersonContext): CompletePlatform["person"] {
  const { world } = context;
  const people = new Map<number, CompletePerson>();
  return (id, name = id) => {
    const number = numberOf(id);
    const known = people.get(number);
    if (known !== undefined) return known;
    const user = { id: number, is_bot: false, first_name: name, language_code: "en" };
    world.users.set(number, user);
    world.rooms.set(number, roomOf(number, "private", name, [number]));
    const created = createPerson(user, context);
    people.set(number, created);
    return created;
  };
}

/** Telegram's ids are numbers; another name gets one of its own, always the same. */
function numberOf(id: string): number {
  if (/^[1-9]\d{0,14}$/u.test(id)) return Number(id);
  return 10_000_000 + (createHash("sha256").update(id).digest().readUInt32BE() % 900_000_000);
}

function roomOf(id: number, type: Room["type"], title: string, members: readonly number[]): Room {
  return { id, type, title, members: new Set(members), topics: new Map(), closedTopics: new Set(), botIsMember: true };
}

const toLocalChat = ({ id, type, title }: Room): LocalChat => ({
  id: String(id),
  type: type === "private" ? "direct" : "group",
  title,
});

type Stage = Pick<PersonContext, "world" | "updates">;

function openGroup(title: string, people: readonly LocalPerson[], stage: Stage): LocalChat {
  const { world } = stage;
  const id = FIRST_GROUP - world.rooms.size;
  const room = roomOf(
    id,
    "supergroup",
    title,
    people.map((one) => Number(one.id)),
  );
  world.rooms.set(id, room);
  const [first] = people;
  tellMembership(room, { from: Number(first?.id), was: "left", is: "member" }, stage);
  world.changed();
  return toLocalChat(room);
}

function tellMembership(
  room: Room,
  { from, was, is }: { readonly from: number; readonly was: string; readonly is: string },
  { world, updates }: Stage,
): void {
  const status = (now: string) => ({ user: toUser(world.bot), status: now });
  updates.add("my_chat_member", {
    chat: toChat(room, world),
    from: world.users.get(from) ?? toUser(world.bot),
    date: Math.floor(Date.now() / 1_000),
    old_chat_member: status(was),
    new_chat_member: status(is),
  });
}

function block(user: number, stage: Stage): void {
  const room = stage.world.rooms.get(user);
  if (room === undefined) return;
  room.botIsMember = false;
  tellMembership(room, { from: user, was: "member", is: "kicked" }, stage);
}

function upgrade(id: number, { world, updates }: Stage): string {
  const room = world.rooms.get(id);
  const moved = id - 1_000_000;
  if (room === undefined) return String(moved);
  const next = { ...room, id: moved };
  world.rooms.set(moved, next);
  const tell = (where: Room, fields: object): void =>
    updates.add("message", {
      message_id: world.newId(),
      from: toUser(world.bot),
      date: Math.floor(Date.now() / 1_000),
      chat: toChat(where, world),
      ...fields,
    });
  tell(room, { migrate_to_chat_id: moved });
  tell(next, { migrate_from_chat_id: id });
  room.movedTo = moved;
  return String(moved);
}
