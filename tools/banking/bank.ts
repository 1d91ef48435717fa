import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { OpenContext, ToolPackFactory } from "../../core/bot.ts";
import { readSettings } from "../../core/config/check-settings.ts";
import { Json } from "../../core/json.ts";
import { missingPath } from "../../core/config/missing-path.ts";
import { packageDirectory } from "../../core/package-directory.ts";
import { copyBuilt } from "../../core/store/sqlite/copy-built.ts";
import { openSqliteDatabase } from "../../core/store/sqlite/sqlite-database.ts";
import { readContent } from "./embedded/content.ts";
import { openEmbeddedBank } from "./embedded/embedded-bank.ts";
import { bankBook, evidenced } from "./ledger/evidence.ts";
import type { TransferLimits } from "./ledger/limits.ts";
import type { Bank, BankCustomer } from "./port.ts";
import { changeContact, getContact } from "./tools/contact.ts";
import { getBalance } from "./tools/get-balance.ts";
import { bankModule } from "./ledger/tables.ts";
import { exportTransactions } from "./tools/export-transactions.ts";
import { linkCustomer, linkedCustomer, unlinkCustomer } from "./tools/link-customer.ts";
import { payDueOrders } from "./pay-due-orders.ts";
import { listTransactions } from "./tools/list-transactions.ts";
import { addPayee, listPayees } from "./tools/payees.ts";
import { changeStandingOrder, createStandingOrder, listStandingOrders } from "./tools/standing-orders.ts";
import { transferMoney } from "./tools/transfer-money.ts";
import { refusingIn } from "./refusals.ts";
import { bankEntities } from "./entities.ts";
import { bankLanguage, type ToolLanguage } from "./language.ts";
import type { Tool } from "../../core/tool.ts";

const Minor = z.int().positive();

const Settings = z.strictObject({
  /** Folder with `customers.json` and `transactions.json`, from the configuration's directory. Read once, by an empty bank. @default the sample bank */
  content: z.string().min(1).optional(),
  /**
   * `once`: a link code works for the first who uses it, until they unlink. `reusable`: for everybody who knows it; right
   * for a demonstration alone. @default reusable for the sample bank, once for customers of your own
   */
  linkCodes: z.enum(["once", "reusable"]).optional(),
  /** Upper limits for everybody, in minor units; what is left out follows the customer's segment. */
  limits: z
    .strictObject({
      perTransferMinor: Minor.optional(),
      perDayMinor: Minor.optional(),
      newPayeePerDayMinor: Minor.optional(),
    })
    .optional(),
  /** Which product of the catalogue an account is, by the account's name. @default the sample bank's, with its content */
  accountProducts: z.record(z.string(), z.string().min(1)).optional(),
  /** Connects a real bank instead of the embedded one. */
  connect: z
    .custom<(context: OpenContext) => Promise<Bank>>((value) => typeof value === "function")
    .describe("a function that connects a bank")
    .optional(),
});

export type BankOptions = z.input<typeof Settings>;

/** As the sample bank's help page "Transfer limits" says. */
const PER_DAY_MINOR: Readonly<Record<string, number>> = { student: 200_000, business: 2_500_000 };
const DEFAULT_PER_DAY_MINOR = 500_000;
const NEW_PAYEE_PER_DAY_MINOR = 200_000;

const sampleContent = join(packageDirectory(), "samples", "bank");

const BANK_FILE = "bank.db";

/** The sample bank, filled by the build. */
const SAMPLE_BANK = new URL("sample-bank.sqlite", import.meta.url);

/** For the build. */
export async function writeSampleBank(): Promise<void> {
  rmSync(SAMPLE_BANK, { force: true });
  const filled = await openEmbeddedBank({
    database: openSqliteDatabase(fileURLToPath(SAMPLE_BANK)),
    content: async () => await readContent(sampleContent),
    clock: Date.now,
    limitsOf: (segment) => limitsFor(segment, undefined),
  });
  await filled.close();
}

/** The bank's tools, and what other packs may ask of it. */
export interface BankPack extends ToolPackFactory {
  /**
   * What is known of a linked person, or of a customer by the bank's own id, and what they have: for
   * `recommend({ profileOf })`. Undefined for everybody else.
   */
  readonly profileOf: (person: string) => Promise<CustomerProfile | undefined>;
}

/** A customer as advice needs them. */
export interface CustomerProfile extends Pick<BankCustomer, "id" | "segment" | "riskProfile" | "birthYear"> {
  readonly customerId: string;
  /** Ids of products of the catalogue. */
  readonly ownedProducts: readonly string[];
}

/** Balance, transactions, payees and transfers for customers who linked their chat. Throws `SettingsError`. */
export function bank(options: BankOptions = {}): BankPack {
  const { connect, ...settings } = readSettings(Settings, options, "bank");
  const { content } = settings;
  const current: { port?: Bank } = {};
  return {
    profileOf: async (person) => (current.port === undefined ? undefined : await profileIn(current.port, person)),
    name: "bank",
    summary: { ...settings, connected: connect !== undefined },
    commands: [{ name: "balance", description: "The balance of my account", says: "What is my balance?" }],
    tables: async () => (connect === undefined ? [{ file: BANK_FILE, modules: [bankModule] }] : []),
    ...(connect === undefined && { evidence: (databases) => bankBook(databases.open(BANK_FILE)) }),
    missing: ({ directory }) => (content === undefined ? [] : missingPath("folder", content, "content", directory)),
    open: async (context) => {
      const open = connect ?? (async (opened: OpenContext) => await openEmbedded(settings, opened));
      const port = await open(context);
      current.port = port;
      const { timeZone } = context.bot;
      const payDue = port.orders?.payDue;
      const { requests, tools: spoken, names, refusals } = await bankLanguage();
      const wordsOf = (tool: string) => spoken[tool] ?? {};
      return {
        isRegulated: true,
        requests: async () => requests,
        entities: bankEntities(port, names),
        tools: [
          getBalance(port, wordsOf("get_balance")),
          listTransactions(port, timeZone, wordsOf("list_transactions")),
          exportTransactions(port, timeZone, wordsOf("export_transactions")),
          listPayees(port, wordsOf("list_payees")),
          addPayee(port, wordsOf("add_payee")),
          transferMoney(port, timeZone, wordsOf("transfer_money")),
          ...orderTools(port, timeZone, wordsOf),
          ...contactTools(port, wordsOf),
          linkCustomer(port, context.store.usage, wordsOf("link_customer")),
          linkedCustomer(port, wordsOf("linked_customer")),
          unlinkCustomer(port, wordsOf("unlink_customer")),
        ].map((tool) => evidenced(refusingIn(tool, refusals), port)),
        ...(payDue && { work: () => payDueOrders(payDue, context.telemetry.log) }),
        // The customer, accounts, payees and bookings are the bank's: of the person only who they are to it.
        kept: async (person) => await keptOf(port, person),
        forget: async (person) => void (await port.unlink(person)),
        forgetsLast: true,
        check: port.check,
        close: port.close,
      };
    },
  };
}

/** Of a bank that has standing orders. */
function orderTools(port: Bank, timeZone: string, wordsOf: (tool: string) => ToolLanguage): readonly Tool[] {
  const { orders } = port;
  if (orders === undefined) return [];
  const ordering = { ...port, orders };
  return [
    listStandingOrders(ordering, wordsOf("list_standing_orders")),
    createStandingOrder(ordering, timeZone, wordsOf("create_standing_order")),
    changeStandingOrder(ordering, timeZone, wordsOf("change_standing_order")),
  ];
}

/** Of a bank that tells and changes how it reaches its customers. */
function contactTools(port: Bank, wordsOf: (tool: string) => ToolLanguage): readonly Tool[] {
  const { contact, changeContact: change } = port;
  if (contact === undefined || change === undefined) return [];
  const reaching = { ...port, contact, changeContact: change };
  return [getContact(reaching, wordsOf("get_contact")), changeContact(reaching, wordsOf("change_contact"))];
}

async function keptOf(port: Bank, person: string): Promise<Json> {
  const customer = await port.customerOf(person);
  return customer === undefined ? [] : [{ linkedTo: Json.parse(JSON.parse(JSON.stringify(customer))) }];
}

async function profileIn(port: Bank, person: string): Promise<CustomerProfile | undefined> {
  const customer = (await port.customerOf(person)) ?? (await port.customer?.(person));
  if (customer === undefined) return undefined;
  const accounts = await port.accounts(customer.id);
  const { id, segment, riskProfile, birthYear } = customer;
  return {
    id,
    customerId: id,
    segment,
    riskProfile,
    birthYear,
    ownedProducts: accounts.flatMap(({ product }) => product ?? []),
  };
}

/** What the accounts of the sample bank are in its catalogue. */
const SAMPLE_PRODUCTS: Readonly<Record<string, string>> = {
  Everyday: "everyday-account",
  Savings: "harbour-saver",
  Business: "business-start",
};

async function openEmbedded(settings: Omit<z.output<typeof Settings>, "connect">, context: OpenContext): Promise<Bank> {
  const { content } = settings;
  const products = settings.accountProducts ?? (content === undefined ? SAMPLE_PRODUCTS : {});
  const folder = content === undefined ? sampleContent : resolve(context.configDirectory, content);
  if (content === undefined && context.databases.engine === "sqlite") {
    copyBuilt(SAMPLE_BANK, join(context.dataDirectory, BANK_FILE));
  }
  return await openEmbeddedBank({
    database: context.databases.open(BANK_FILE),
    content: async () => await readContent(folder),
    clock: context.environment.clock,
    reusableCodes: (settings.linkCodes ?? (content === undefined ? "reusable" : "once")) === "reusable",
    limitsOf: (segment) => limitsFor(segment, settings.limits),
    productOf: (name) => products[name],
    timeZone: context.bot.timeZone,
  });
}

function limitsFor(segment: string, given: z.output<typeof Settings>["limits"]): TransferLimits {
  const perDayMinor = given?.perDayMinor ?? PER_DAY_MINOR[segment] ?? DEFAULT_PER_DAY_MINOR;
  return {
    perDayMinor,
    perTransferMinor: given?.perTransferMinor ?? perDayMinor,
    newPayeePerDayMinor: given?.newPayeePerDayMinor ?? NEW_PAYEE_PER_DAY_MINOR,
  };
}
