/** A real toolset with the sample bank in a folder, and people who chat with it; time is set by the test. */
import { directoryFiles } from "../../core/files/directory-files.ts";
import { sqliteDatabases } from "../../core/store/databases.ts";
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { conversationId, accountOf } from "../../core/conversation-id.ts";
import type { Environment } from "../../core/environment.ts";
import { ActionEvent, EVENT_VERSION, MessageEvent } from "../../core/event.ts";
import type { ReplyDraft } from "../../core/reply.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import type { Telemetry } from "../../core/telemetry.ts";
import type { Tool, ToolContext, ToolOutcome } from "../../core/tool.ts";
import { type BankOptions, bank, createToolset, type OpenToolset } from "../../tools/index.ts";
import { readContent } from "../../tools/banking/embedded/content.ts";
import { openEmbeddedBank } from "../../tools/banking/embedded/embedded-bank.ts";
import { openSqliteDatabase } from "../../core/store/sqlite/sqlite-database.ts";
import { openSqliteStore } from "./sqlite-store.ts";
import { placeAt, type TestPlace } from "./test-place.ts";

/** 2026-11-21, noon: after the last sample transaction. */
export const NOON = Date.parse("2026-11-21T12:00:00.000Z");

export interface TestClock {
  now: number;
}

export interface OpenBankChat {
  readonly toolset: OpenToolset;
  readonly tools: readonly Tool[];
  readonly checkBank: () => Promise<readonly { readonly status: string; readonly detail: string }[]>;
  readonly close: () => Promise<void>;
}

let ids = 0;

export function testEnvironment(clock: TestClock): Environment {
  return { clock: () => clock.now, newId: () => `id-${(ids += 1)}`, random: () => 0.5 };
}

/** A fresh folder; `remove` deletes it. */
export function temporaryFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "parley-tools-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

let seeded: Promise<string> | undefined;

/** Filling a bank takes a moment: it is done once per process, and copied. */
async function seededBank(): Promise<string> {
  const folder = temporaryFolder();
  process.once("exit", folder.remove);
  const path = join(folder.path, "bank.db");
  const content = async () => await readContent(fileURLToPath(new URL("../../samples/bank/", import.meta.url)));
  const limitsOf = () => ({ perTransferMinor: 0, perDayMinor: 0, newPayeePerDayMinor: 0 });
  const database = openSqliteDatabase(path);
  await (await openEmbeddedBank({ database, content, clock: () => NOON, limitsOf })).close();
  return path;
}

/** Opens bank and toolset on a folder, as the command line does. */
export async function openBankChat(
  folder: string,
  clock: TestClock,
  options: {
    /** Of proposals and audit; the bank's own is in the folder. @default SQLite files in the folder */
    readonly place?: TestPlace;
    readonly bank?: BankOptions;
    readonly tools?: readonly Tool[];
    readonly telemetry?: Telemetry;
    readonly timeoutMs?: number;
    readonly wrap?: (tool: Tool) => Tool;
  } = {},
): Promise<OpenBankChat> {
  const environment = testEnvironment(clock);
  const telemetry = options.telemetry ?? silentTelemetry;
  const store = await openSqliteStore(folder);
  const bankFile = join(folder, "bank.db");
  if (!existsSync(bankFile)) copyFileSync(await (seeded ??= seededBank()), bankFile);
  const factory = bank(options.bank);
  const bankDatabases = sqliteDatabases(folder);
  const pack = await factory.open({
    bot: { id: "harbour", name: "Harbour", locale: "en", timeZone: "UTC" },
    environment,
    telemetry,
    dataDirectory: folder,
    configDirectory: folder,
    databases: bankDatabases,
    files: directoryFiles(folder),
    store,
  });
  const tools = [...pack.tools.map(options.wrap ?? ((tool) => tool)), ...(options.tools ?? [])];
  const { timeoutMs } = options;
  const databases = await (options.place ?? placeAt(folder)).open();
  const toolset = await createToolset({
    bot: "harbour",
    tools,
    databases,
    files: directoryFiles(folder),
    environment,
    telemetry,
    evidence: [factory.evidence?.(bankDatabases) ?? []].flat(),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  return {
    toolset,
    tools,
    checkBank: async () => (await pack.check?.()) ?? [],
    close: async () => {
      await toolset.close();
      await databases.close();
      await pack.close();
      await store.close();
    },
  };
}

export interface ChatterFields {
  readonly userId?: string;
  readonly person?: string;
  readonly platform?: string;
  readonly account?: string;
  readonly chat?: string;
  readonly chatType?: "direct" | "group";
  readonly locale?: string;
}

/** Somebody in a chat. Words said are remembered, as the turn does. */
export function chatter(toolset: OpenToolset, clock: TestClock, fields: ChatterFields = {}) {
  const { userId = "anna", platform = "console", account = "main", chatType = "direct", locale = "en" } = fields;
  const conversation = conversationId({ platform, account, chat: fields.chat ?? `chat-of-${userId}` });
  const said: string[] = [];
  const contextFor = (eventId: string, more: Partial<ToolContext> = {}): ToolContext => ({
    bot: "harbour",
    account: accountOf(conversation),
    conversation,
    chatType,
    userId,
    person: fields.person ?? `person-of-${userId}`,
    scopes: new Set(chatType === "direct" ? ["public", "private"] : ["public"]),
    eventId,
    callId: "turn",
    userTexts: [...said],
    locale,
    environment: testEnvironment(clock),
    signal: new AbortController().signal,
    trace: () => undefined,
    ...more,
  });
  const base = (id: string) => ({
    version: EVENT_VERSION,
    id,
    key: id,
    bot: "harbour",
    platform,
    account: accountOf(conversation),
    conversation,
    chat: { id: `chat-of-${userId}`, type: chatType },
    user: { id: userId },
    timestamp: new Date(clock.now).toISOString(),
    receivedAt: new Date(clock.now).toISOString(),
  });
  const newEventId = (): string => `event-${process.pid}-${(ids += 1)}`;
  return {
    conversation,
    contextFor,
    say: (text: string): void => void said.push(text),
    call: async (
      name: string,
      input: unknown,
      names: { eventId?: string; callId?: string } = {},
    ): Promise<ToolOutcome> =>
      await toolset.forTurn(contextFor(names.eventId ?? newEventId())).call(name, input, names.callId ?? "call-1"),
    press: async (
      choiceId: string,
      eventId = newEventId(),
      given: { readonly value?: string; readonly code?: string } = {},
    ): Promise<ReplyDraft | undefined> =>
      await toolset.confirmations.handle(
        ActionEvent.parse({ ...base(eventId), type: "action", choiceId, ...given }),
        contextFor(eventId, { userTexts: [given.value ?? ""] }),
      ),
    replace: async (text: string, eventId = newEventId()): Promise<ReplyDraft | undefined> =>
      await toolset.confirmations.replace(
        MessageEvent.parse({ ...base(eventId), type: "message", messageId: eventId, text }),
        contextFor(eventId, { userTexts: [text] }),
      ),
    type: async (
      text: string,
      eventId = newEventId(),
      saidTo: "bot" | "people" = "bot",
    ): Promise<ReplyDraft | undefined> =>
      await toolset.confirmations.handle(
        MessageEvent.parse({ ...base(eventId), type: "message", messageId: eventId, text }),
        contextFor(eventId, { userTexts: [text] }),
        saidTo,
      ),
  };
}
export type Chatter = ReturnType<typeof chatter>;

/** A chatter who has linked the sample customer with this code. */
export async function linkedChatter(
  toolset: OpenToolset,
  clock: TestClock,
  fields: ChatterFields & { readonly code?: string } = {},
): Promise<Chatter> {
  const person = chatter(toolset, clock, fields);
  const code = fields.code ?? "ANNA-7K42";
  person.say(`my code is ${code}`);
  const linked = await person.call("link_customer", { code });
  if (linked.status !== "done") throw new Error(`Not linked: ${JSON.stringify(linked)}`);
  return person;
}

/** The proposal of an outcome that must be one. */
export function proposalIn(outcome: ToolOutcome) {
  if (outcome.status !== "proposed") throw new Error(`No proposal: ${JSON.stringify(outcome)}`);
  return outcome.proposal;
}

const BalanceValue = z.object({
  accounts: z.array(z.object({ account: z.string(), available: z.object({ minor: z.int() }) })),
});

/** What is available per account name, in cents. */
export async function balances(person: Chatter): Promise<Readonly<Record<string, number>>> {
  const outcome = await person.call("get_balance", {});
  if (outcome.status !== "done") throw new Error(JSON.stringify(outcome));
  const found: Record<string, number> = {};
  for (const one of BalanceValue.parse(outcome.result.value).accounts) found[one.account] = one.available.minor;
  return found;
}
