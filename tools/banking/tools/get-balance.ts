import { z } from "zod";
import { defineTool } from "../../../core/define-tool.ts";
import { Money } from "../../../core/money.ts";
import type { Tool } from "../../../core/tool.ts";
import { sayBalances, type Balances } from "../answers/balances.ts";
import { customerOf, requireAccount } from "../customer.ts";
import { maskIban } from "../iban.ts";
import type { ToolLanguage } from "../language.ts";
import type { Bank } from "../port.ts";
import { READING } from "./of-customers.ts";

/** What can be spent on each account. */
export function getBalance(bank: Bank, language: ToolLanguage): Tool {
  return defineTool({
    ...READING,
    name: "get_balance",
    description:
      "Says how much money is available on the person's own bank accounts, all or some, and whether it is enough for a sum.",
    input: z.strictObject({
      accounts: z
        .array(z.string().min(1).max(80))
        .max(20)
        .exactOptional()
        .describe("Names of accounts, such as Everyday. Left out: all."),
      spend: Money.exactOptional().describe("A sum that the person thinks of spending, in minor units: 5000 is 50.00."),
    }),
    slots: { accounts: { entity: "account" }, spend: { entity: "money" } },
    language,
    execute: async ({ accounts: names, spend }, context) => {
      const customer = await customerOf(bank, context);
      const all = await bank.accounts(customer.id);
      const asked = names === undefined ? all : [...new Set(names.map((name) => requireAccount(all, name)))];
      const accounts = asked.map(({ name, iban, currency, availableMinor }) => ({
        account: name,
        iban: maskIban(iban),
        available: { minor: availableMinor, currency },
      }));
      const value: Balances = { accounts, ...(spend && afterSpending(spend, accounts)) };
      return { value };
    },
    say: sayBalances,
    figure: ({ accounts: [only, ...others] }) => (others.length === 0 ? only?.available : undefined),
  });
}

function afterSpending(spend: Money, accounts: Balances["accounts"]): Pick<Balances, "spend" | "left"> {
  const there = accounts.filter(({ available }) => available.currency === spend.currency);
  const minor = there.reduce((sum, { available }) => sum + available.minor, 0) - spend.minor;
  return there.length === 0 ? {} : { spend, left: { minor, currency: spend.currency } };
}
