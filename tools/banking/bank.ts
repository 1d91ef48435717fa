import { join, resolve } from "node:path";
import { z } from "zod";
import type { OpenContext, ToolPackFactory } from "../../core/bot.ts";
import { packageDirectory } from "../../core/package-directory.ts";
import { readContent } from "./embedded/content.ts";
import { openEmbeddedBank } from "./embedded/embedded-bank.ts";
import type { TransferLimits } from "./ledger/limits.ts";
import type { Bank, BankCustomer } from "./port.ts";
import { getBalance } from "./tools/get-balance.ts";
import { exportTransactions } from "./tools/export-transactions.ts";
import { linkCustomer, unlinkCustomer } from "./tools/link-customer.ts";
import { listTransactions } from "./tools/list-transactions.ts";
import { addPayee, listPayees } from "./tools/payees.ts";
import { transferMoney } from "./tools/transfer-money.ts";

const Minor = z.int().positive();

const Settings = z.strictObject({
  /** Folder with `customers.json` and `transactions.json`, from the configuration's directory. Read once, by an empty bank. @default the sample bank */
  content: z.string().min(1).optional(),
  /** Upper limits for everybody, in minor units; what is left out follows the customer's segment. */
  limits: z
    .strictObject({
      perTransferMinor: Minor.optional(),
      perDayMinor: Minor.optional(),
      newPayeePerDayMinor: Minor.optional(),
    })
    .optional(),
});

export interface BankOptions extends z.input<typeof Settings> {
  /** Connects a real bank instead of the embedded one. */
  readonly connect?: (context: OpenContext) => Promise<Bank>;
}

/** As the sample bank's help page "Transfer limits" says. */
const PER_DAY_MINOR: Readonly<Record<string, number>> = { student: 200_000, business: 2_500_000 };
const DEFAULT_PER_DAY_MINOR = 500_000;
const NEW_PAYEE_PER_DAY_MINOR = 200_000;

const sampleContent = join(packageDirectory(), "samples", "bank");

/** The bank's tools, and what other packs may ask of it. */
export interface BankPack extends ToolPackFactory {
  /** What is known of a linked person: for `recommend({ profileOf })`. Undefined for everybody else. */
  readonly profileOf: (
    person: string,
  ) => Promise<Pick<BankCustomer, "segment" | "riskProfile" | "birthYear"> | undefined>;
}

/** Balance, transactions, payees and transfers for customers who linked their chat. */
export function bank(options: BankOptions = {}): BankPack {
  const { connect, ...rest } = options;
  const settings = Settings.parse(rest);
  const current: { port?: Bank } = {};
  return {
    profileOf: async (person) => await current.port?.customerOf(person),
    name: "bank",
    summary: { ...settings, connected: connect !== undefined },
    open: async (context) => {
      const open = connect ?? (async (opened: OpenContext) => await openEmbedded(settings, opened));
      const port = await open(context);
      current.port = port;
      return {
        tools: [
          getBalance(port),
          listTransactions(port),
          exportTransactions(port),
          listPayees(port),
          addPayee(port),
          transferMoney(port),
          linkCustomer(port, context.store.usage),
          unlinkCustomer(port),
        ],
        check: port.check,
        close: port.close,
      };
    },
  };
}

async function openEmbedded(settings: z.output<typeof Settings>, context: OpenContext): Promise<Bank> {
  const { content } = settings;
  const folder = content === undefined ? sampleContent : resolve(context.configDirectory, content);
  return await openEmbeddedBank({
    path: join(context.dataDirectory, "bank.db"),
    content: async () => await readContent(folder),
    clock: context.environment.clock,
    limitsOf: (segment) => limitsFor(segment, settings.limits),
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
