import type { ToolContext } from "../../core/tool.ts";
import { BankRefusal } from "./errors.ts";
import type { Bank, BankAccount } from "./port.ts";
import { nameTokens } from "./provenance.ts";

/** The customer that the calling person is linked to: the only one whose data a call can reach. */
export async function customerOf(
  bank: Bank,
  context: ToolContext,
): Promise<{ readonly id: string; readonly name: string }> {
  const customer = await bank.customerOf(context.person);
  if (customer !== undefined) return customer;
  throw new BankRefusal(
    "bank/not-linked",
    "This chat is not linked to a bank customer yet. Please send me your link code (it looks like ABCD-1234) in a direct chat.",
  );
}

const fillers = new Set(["my", "the", "account", "konto", "mein", "meine", "meinem", "meinen", "own"]);

/** The customer's account that a name or IBAN means; undefined when none does. */
export function accountNamed(accounts: readonly BankAccount[], said: string): BankAccount | undefined {
  const wanted = keyOf(said);
  return accounts.find(
    (account) => keyOf(account.name) === wanted || account.iban === said.replaceAll(/\s/g, "").toUpperCase(),
  );
}

/** Like `accountNamed`, but throws `bank/unknown-account` with the names there are. */
export function requireAccount(accounts: readonly BankAccount[], said: string): BankAccount {
  const account = accountNamed(accounts, said);
  if (account !== undefined) return account;
  throw new BankRefusal(
    "bank/unknown-account",
    `There is no such account. There are: ${accounts.map(({ name }) => name).join(", ")}. Which one is meant?`,
  );
}

function keyOf(name: string): string {
  return nameTokens(name)
    .filter((token) => !fillers.has(token))
    .join(" ");
}
