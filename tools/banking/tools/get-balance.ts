import { z } from "zod";
import { defineTool } from "../../../core/define-tool.ts";
import type { Tool } from "../../../core/tool.ts";
import { formatMoney } from "../../../core/delivery/money-text.ts";
import { customerOf, requireAccount } from "../customer.ts";
import { maskIban } from "../iban.ts";
import type { Bank } from "../port.ts";
import { READING } from "./of-customers.ts";

/** What can be spent on each account. */
export function getBalance(bank: Bank): Tool {
  return defineTool({
    ...READING,
    name: "get_balance",
    description: "Says how much money is available on the person's own bank accounts, all or one.",
    input: z.strictObject({
      account: z
        .string()
        .min(1)
        .max(80)
        .exactOptional()
        .describe("Name of one account, such as Everyday. Left out: all."),
    }),
    execute: async ({ account }, context) => {
      const customer = await customerOf(bank, context);
      const all = await bank.accounts(customer.id);
      const asked = account === undefined ? all : [requireAccount(all, account)];
      const accounts = asked.map(({ name, iban, currency, availableMinor }) => ({
        account: name,
        iban: maskIban(iban),
        available: { minor: availableMinor, currency },
        text: formatMoney({ minor: availableMinor, currency }, context.locale),
      }));
      const message = accounts.map((one) => `${one.account}: ${one.text}`).join("; ");
      return { value: { accounts, message: `Available: ${message}.` } };
    },
  });
}
