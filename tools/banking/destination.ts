import { BankRefusal } from "./errors.ts";
import { accountNamed } from "./customer.ts";
import { looksLikeIban } from "../../core/language/index.ts";
import { validIban } from "./iban.ts";
import type { BankAccount, Payee } from "./port.ts";
import { namesIban, nameTokens } from "./provenance.ts";

/** Where money goes. */
export type Destination =
  | { readonly kind: "own"; readonly account: BankAccount }
  | { readonly kind: "payee"; readonly payee: Payee }
  /** An IBAN that the requester wrote and nobody saved. */
  | { readonly kind: "iban"; readonly iban: string };

/** What a destination is looked up in. */
export interface Known {
  readonly accounts: readonly BankAccount[];
  readonly payees: readonly Payee[];
  /** The requester's own words. */
  readonly userTexts: readonly string[];
}

/**
 * Resolves a name or IBAN to one of the customer's own accounts, a saved payee, or an IBAN that stands literally in
 * the requester's own words. Anything else is refused with a question.
 */
export function resolveDestination(said: string, known: Known): Destination {
  const account = accountNamed(known.accounts, said);
  if (account !== undefined) return { kind: "own", account };
  return looksLikeIban(said)
    ? byIban(validIban(said), known)
    : { kind: "payee", payee: payeeNamed(said, known.payees) };
}

function byIban(iban: string, { payees, userTexts }: Known): Destination {
  const payee = payees.find((one) => one.iban === iban);
  if (payee !== undefined) return { kind: "payee", payee };
  if (namesIban(userTexts, iban)) return { kind: "iban", iban };
  throw new BankRefusal(
    "bank/payee-not-said",
    `The IBAN ${iban} is neither one of your saved payees nor in your own words. If you want to pay it, please write the IBAN yourself.`,
    { name: "iban-not-said", values: { iban } },
  );
}

function payeeNamed(said: string, payees: readonly Payee[]): Payee {
  const wanted = nameTokens(said);
  const exact = payees.filter(({ name }) => nameTokens(name).join(" ") === wanted.join(" "));
  const fitting = exact.length > 0 ? exact : payees.filter(({ name }) => fits(wanted, nameTokens(name)));
  const [payee, ...others] = fitting;
  if (payee !== undefined && others.length === 0) return payee;
  if (payee !== undefined) {
    throw new BankRefusal(
      "bank/ambiguous-payee",
      `Several saved payees fit: ${fitting.map(({ name }) => name).join(", ")}. Which one is meant?`,
      { values: { names: fitting.map(({ name }) => name).join(", ") } },
    );
  }
  const known = payees.length === 0 ? "None are saved yet" : `Saved are: ${payees.map(({ name }) => name).join(", ")}`;
  throw new BankRefusal(
    "bank/unknown-payee",
    `None of your saved payees has that name. ${known}. Who is meant, or what is the IBAN?`,
    {
      name: payees.length === 0 ? "no-payees" : "unknown-payee",
      values: { names: payees.map(({ name }) => name).join(", ") },
    },
  );
}

/** Every word said is a word of the name, or the beginning of one from three letters on. */
function fits(wanted: readonly string[], name: readonly string[]): boolean {
  if (wanted.length === 0) return false;
  return wanted.every((word) => name.some((token) => token === word || (word.length >= 3 && token.startsWith(word))));
}
