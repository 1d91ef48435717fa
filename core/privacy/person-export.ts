/** All that bots keep of a person, in one document: for the person to read, or without a word of theirs to count. */
import type { HistoryEntry } from "../adapter.ts";
import type { AccountId, ConversationId } from "../conversation-id.ts";
import type { MemoryFact } from "../crew.ts";
import type { Json } from "../json.ts";
import type { Control, Store } from "../store/store.ts";

/** What else a bot keeps of a person: its tool packs, its proposals. */
export interface Keeper {
  readonly name: string;
  readonly kept?: ((person: string) => Promise<Json>) | undefined;
}

interface ExportOptions {
  readonly store: Pick<Store, "conversations" | "controls" | "erasure" | "history" | "memory" | "people">;
  readonly bots: readonly { readonly id: string; readonly keepers: readonly Keeper[] }[];
  /** What is kept of whoever logs in as this user; undefined where nobody does. */
  readonly accountOf: (userId: string) => Promise<Json | undefined>;
  readonly clock: () => number;
}

export interface PersonExport {
  readonly version: 1;
  readonly exportedAt: string;
  readonly person: string;
  readonly identities: readonly { readonly account: AccountId; readonly userId: string }[];
  /** With roles, sessions, keys and second factors, where the person logs in. */
  readonly accounts: readonly Json[];
  readonly bots: Readonly<Record<string, BotExport>>;
}

interface BotExport {
  readonly facts: readonly MemoryFact[];
  readonly conversations: readonly ConversationExport[];
  /** By the part of the bot that keeps it. */
  readonly tools: Readonly<Record<string, readonly Json[]>>;
}

interface ConversationExport {
  readonly id: ConversationId;
  readonly kind: "direct" | "group";
  /** Of a group: what the person said there, and what the bot answered to it. */
  readonly messages: readonly HistoryEntry[];
  /** Muted, or in the hands of people. */
  readonly control?: Control;
  /** Keys of the files that were sent or shown there. */
  readonly files: readonly string[];
}

const PAGE = 200;

/** Gathers it. Reads only. */
export async function exportPerson(options: ExportOptions, person: string): Promise<PersonExport> {
  const { store, bots, clock } = options;
  const identities = await store.people.identities(person);
  const found: Record<string, BotExport> = {};
  for (const bot of bots) found[bot.id] = await exportBot(store, bot, { person, now: isoOf(clock()) });
  return {
    version: 1,
    exportedAt: isoOf(clock()),
    person,
    identities,
    accounts: await accountsOf(options, identities),
    bots: found,
  };
}

/** Whoever logs in writes on the web under the id of the account. */
async function accountsOf(
  { accountOf }: Pick<ExportOptions, "accountOf">,
  identities: PersonExport["identities"],
): Promise<readonly Json[]> {
  const ids = new Set(identities.filter(({ account }) => account.startsWith("web:")).map(({ userId }) => userId));
  const found = await Promise.all([...ids].map(accountOf));
  return found.filter((one) => one !== undefined);
}

const isoOf = (time: number): string => new Date(time).toISOString();

async function exportBot(
  store: ExportOptions["store"],
  { id: bot, keepers }: ExportOptions["bots"][number],
  { person, now }: { readonly person: string; readonly now: string },
): Promise<BotExport> {
  const { persons, conversations, groups } = await store.erasure.scopeOfPerson(person, bot);
  const exported: ConversationExport[] = [];
  for (const id of conversations) {
    const control = await store.controls.get(id, now);
    const files = await store.erasure.files(id);
    const messages = await messagesOf(store.history, id);
    exported.push({ id, kind: "direct", messages, files, ...(control && { control }) });
  }
  for (const { conversation: id, userId } of groups) {
    const messages = answersTo(userId, await messagesOf(store.history, id));
    exported.push({ id, kind: "group", messages, files: [] });
  }
  const tools: Record<string, readonly Json[]> = {};
  for (const { name, kept } of keepers) {
    if (kept === undefined) continue;
    const records = await Promise.all(persons.map(kept));
    tools[name] = [...(tools[name] ?? []), ...records.filter((one) => !isEmpty(one))];
  }
  return { facts: await store.memory.list({ kind: "person", bot, person }), conversations: exported, tools };
}

async function messagesOf(history: Pick<Store["history"], "page">, id: ConversationId) {
  const messages: HistoryEntry[] = [];
  for (let before: string | undefined; ;) {
    const page = await history.page(id, { limit: PAGE, ...(before === undefined ? {} : { before }) });
    messages.unshift(...page);
    before = page[0]?.id;
    if (page.length < PAGE) return messages;
  }
}

/** A user's messages, each with the replies behind it. */
function answersTo(userId: string, messages: readonly HistoryEntry[]): readonly HistoryEntry[] {
  let isTheirs = false;
  return messages.filter((entry) => {
    if (entry.role === "user") isTheirs = entry.userId === userId;
    return isTheirs;
  });
}

function isEmpty(records: Json): boolean {
  return Array.isArray(records) ? records.length === 0 : records === null;
}

/** What is left of an export without whose it is: how much, when by the day, of which kind. */
interface AnonymousExport {
  readonly version: 1;
  readonly anonymous: true;
  readonly exportedOn: string;
  readonly platforms: readonly string[];
  readonly bots: Readonly<Record<string, AnonymousBot>>;
}

interface AnonymousBot {
  readonly facts: number;
  readonly conversations: readonly {
    readonly name: string;
    readonly kind: "direct" | "group";
    readonly files: number;
    readonly messages: readonly AnonymousMessage[];
  }[];
  /** How many records each part of the bot keeps. */
  readonly tools: Readonly<Record<string, number>>;
}

interface AnonymousMessage {
  readonly role: HistoryEntry["role"];
  readonly day: string;
  /** Rounded up to tens: an exact length can tell a message apart. */
  readonly characters: number;
  readonly sources: number;
  readonly cards: number;
}

/**
 * Without a name, an id, a word, a time of the day or an exact length. Texts are left out, not masked: nobody can say of
 * free text that it does not tell whose it is.
 */
export function anonymised({ exportedAt, identities, bots }: PersonExport): AnonymousExport {
  return {
    version: 1,
    anonymous: true,
    exportedOn: dayOf(exportedAt),
    platforms: [...new Set(identities.map(({ account }) => account.split(":")[0] ?? ""))].toSorted(),
    bots: Object.fromEntries(Object.entries(bots).map(([id, bot]) => [id, anonymousBot(bot)])),
  };
}

function anonymousBot({ facts, conversations, tools }: BotExport): AnonymousBot {
  return {
    facts: facts.length,
    conversations: conversations.map(({ kind, messages, files }, index) => ({
      name: `conversation ${index + 1}`,
      kind,
      files: files.length,
      messages: messages.map(anonymousMessage),
    })),
    tools: Object.fromEntries(Object.entries(tools).map(([name, records]) => [name, countOf(records)])),
  };
}

function anonymousMessage({ role, at, text, reply }: HistoryEntry): AnonymousMessage {
  return {
    role,
    day: dayOf(at),
    characters: Math.ceil(text.length / 10) * 10,
    sources: reply?.sources.length ?? 0,
    cards: reply?.cards?.length ?? 0,
  };
}

const dayOf = (time: string): string => time.slice(0, 10);

const countOf = (records: readonly Json[]): number =>
  records.reduce<number>((count, record) => count + (Array.isArray(record) ? record.length : 1), 0);
