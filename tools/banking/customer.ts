import { compactIban } from "../../core/language/iban.ts";
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

const fillers = new Set(["my", "the", "account", "konto", "one", "das", "mein", "meine", "meinem", "meinen", "own"]);

/** Everyday words for kinds of accounts, where only one account is of that kind. */
const kinds: readonly ReadonlySet<string>[] = [
  new Set("savings saving saver sparkonto sparbuch spar".split(" ")),
  new Set("everyday current checking giro girokonto main hauptkonto".split(" ")),
];

function ofSameKind(accounts: readonly BankAccount[], wanted: string): BankAccount | undefined {
  const kind = kinds.find((words) => words.has(wanted));
  const fitting = accounts.filter(
    ({ name }) => kind !== undefined && nameTokens(name).some((token) => kind.has(token)),
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** The customer's account that a name or IBAN means; undefined when none does. */
export function accountNamed(accounts: readonly BankAccount[], said: string): BankAccount | undefined {
  const wanted = keyOf(said);
  const named = accounts.find((account) => keyOf(account.name) === wanted || account.iban === compactIban(said));
  return named ?? ofSameKind(accounts, wanted);
}

/** Like `accountNamed`, but throws `bank/unknown-account` with the names there are. */
export function requireAccount(accounts: readonly BankAccount[], said: string): BankAccount {
  const account = accountNamed(accounts, said);
  if (account !== undefined) return account;
  throw new BankRefusal(
    "bank/unknown-account",
    `There is no such account. There are: ${accounts.map(({ name }) => name).join(", ")}. Which one is meant?`,
    { values: { names: accounts.map(({ name }) => name).join(", ") } },
  );
}

function keyOf(name: string): string {
  return nameTokens(name)
    .filter((token) => !fillers.has(token))
    .join(" ");
}
