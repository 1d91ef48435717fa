/**
 * Transfers on the ledger. There is no hold while a proposal waits: `check` tells early, and `make` checks everything
 * again in the same transaction that books, so the balance can never fall below its minimum nor a limit be passed.
 */
import { z } from "zod";
import type { Json } from "../../../core/json.ts";
import type { Work } from "../../../core/store/sql/database.ts";
import { all, first } from "../../../core/store/sql/work.ts";
import { BankRefusal } from "../errors.ts";
import {
  accountByIban,
  accountsOf,
  bookEntry,
  findEntry,
  lockAccounts,
  postingsOf,
  reverseEntry,
} from "../ledger/ledger.ts";
import { recordOutgoing, sentWithinDay, type TransferLimits } from "../ledger/limits.ts";
import type { Account, Entry } from "../ledger/queries.ts";
import type { Idempotency, TransferOrder, TransferReceipt } from "../port.ts";
import { customerWithId } from "./customers.ts";
import { payeesOf } from "./payees.ts";
import { systemAccount } from "./seed.ts";

const DAY_MS = 24 * 60 * 60_000;

export interface TransferRules {
  readonly limitsOf: (segment: string) => TransferLimits;
  readonly clock: () => number;
}

const Side = z.object({ account: z.string(), beforeMinor: z.int(), afterMinor: z.int() });
const Result = z.object({ at: z.string(), from: Side, to: Side.exactOptional() });

/** Makes the transfer functions; `make` and `cancel` under the locks of the customer and of the key. */
export function createTransfers(rules: TransferRules) {
  const { clock } = rules;

  function* make(order: TransferOrder, { key, request }: Idempotency): Work<TransferReceipt> {
    const done = yield* findEntry(key, request);
    if (done !== undefined) return receiptOf(done);
    const sides = yield* assertPossible(order, rules);
    const { customer: owner, toIban: iban, amount } = order;
    const receiver = sides.to?.id ?? systemAccount("outside", amount.currency);
    // Until here another customer's transfer may have changed a balance; what is read now stays.
    const accounts = yield* lockAccounts([sides.from.id, receiver]);
    const at = clock();
    const entry = yield* bookEntry(
      {
        key,
        request,
        kind: "transfer",
        at,
        postings: postingsFor(order, { ...sides, receiver }),
        result: resultFor(order, accounts, at),
      },
      accounts,
    );
    if (sides.to?.owner !== owner) {
      yield* recordOutgoing({ entry: entry.id, owner, iban, currency: amount.currency, amount: amount.minor, at });
    }
    return receiptOf(entry);
  }

  function* receipt({ key, request }: Idempotency): Work<TransferReceipt | undefined> {
    const entry = yield* findEntry(key, request);
    return entry === undefined ? undefined : receiptOf(entry);
  }

  function* cancel(customer: string, key: string): Work<void> {
    const entry = yield* findEntry(key);
    if (entry === undefined || entry.kind !== "transfer") return;
    const source = (yield* postingsOf(entry.id)).find(({ amount }) => amount < 0);
    const own = yield* accountsOf(customer);
    if (!own.some(({ id }) => id === source?.account))
      throw new BankRefusal("bank/not-yours", "That transfer is none of this customer.");
    yield* reverseEntry(entry, clock());
  }

  /** What must be right of a transfer of a later day: the money need not be there yet. */
  function* checkLater(order: TransferOrder): Work<void> {
    yield* assertPlausible(order, rules);
  }

  return {
    check: function* (order: TransferOrder): Work<void> {
      yield* assertPossible(order, rules);
    },
    checkLater,
    make,
    receipt,
    cancel,
  };
}

interface Sides {
  /** The customer's name; empty where the bank does not know the customer. */
  readonly sender: string;
  readonly from: Account;
  /** The receiving account where this bank keeps it. */
  readonly to: Account | undefined;
}

function* assertPlausible(
  order: TransferOrder,
  rules: TransferRules,
): Work<Sides & { readonly limits: TransferLimits }> {
  const { amount, customer: id } = order;
  const from = (yield* accountsOf(id)).find((account) => account.id === order.fromAccountId);
  if (from === undefined) throw new BankRefusal("bank/not-yours", "That is none of your accounts.");
  const to = yield* accountByIban(order.toIban);
  assertSendable(order, from, to);
  const { name: sender = "", segment = "" } = (yield* first(customerWithId, { id })) ?? {};
  const limits = rules.limitsOf(segment);
  if (to?.owner !== id && amount.minor > limits.perTransferMinor) {
    throw new BankRefusal("bank/transfer-limit", "The amount is above your limit for one transfer.");
  }
  return { sender, from, to, limits };
}

function* assertPossible(order: TransferOrder, rules: TransferRules): Work<Sides> {
  const { amount, customer } = order;
  const { limits, ...sides } = yield* assertPlausible(order, rules);
  const { from, to } = sides;
  if (to?.owner !== customer) yield* assertWithinLimits(order, limits, rules.clock());
  if (from.minimum !== undefined && from.posted - amount.minor < from.minimum) {
    throw new BankRefusal("bank/insufficient-funds", `There is not enough money on ${from.name}.`, {
      values: { account: from.name },
    });
  }
  return sides;
}

function assertSendable({ amount }: TransferOrder, from: Account, to: Account | undefined): void {
  if (to?.id === from.id) throw new BankRefusal("bank/same-account", "Both accounts are the same.");
  if (!Number.isSafeInteger(amount.minor) || amount.minor <= 0) {
    throw new BankRefusal("bank/amount", "The amount must be more than zero.");
  }
  if (amount.currency === from.currency && (to === undefined || to.currency === from.currency)) return;
  throw new BankRefusal(
    "bank/currency",
    `${from.name} is kept in ${from.currency}; other currencies cannot be sent from it.`,
    { values: { account: from.name, currency: from.currency } },
  );
}

function* assertWithinLimits(order: TransferOrder, limits: TransferLimits, now: number): Work<void> {
  const { customer: owner, amount, toIban: iban } = order;
  const sent = yield* sentWithinDay({ owner, currency: amount.currency, iban }, now);
  if (sent.all + amount.minor > limits.perDayMinor) {
    throw new BankRefusal(
      "bank/daily-limit",
      "With that, more than your daily limit would leave your accounts within 24 hours. All transfers count together.",
    );
  }
  const saved = (yield* all(payeesOf, { customer: owner })).find((payee) => payee.iban === iban);
  const isTrusted = saved !== undefined && saved.addedAt <= now - DAY_MS;
  if (isTrusted) return;
  if (sent.toPayee + amount.minor > limits.newPayeePerDayMinor) {
    throw new BankRefusal(
      "bank/new-payee-limit",
      "That payee was not saved 24 hours ago. Until then, less can be sent to it within 24 hours. All transfers count together.",
    );
  }
}

function postingsFor(order: TransferOrder, { sender, from, to, receiver }: Sides & { readonly receiver: string }) {
  const { amount, reference, toName } = order;
  const own = to?.owner === order.customer;
  const line = { description: reference === "" ? "Transfer" : reference, category: "transfer" };
  return [
    { ...line, account: from.id, amount: -amount.minor, counterparty: toName },
    { ...line, account: receiver, amount: amount.minor, counterparty: own || sender === "" ? from.name : sender },
  ];
}

/** What a repetition gets to hear, from the accounts as they were. */
function resultFor(
  { amount: { minor }, customer, fromAccountId }: TransferOrder,
  accounts: readonly Account[],
  at: number,
): Json {
  const sides = accounts
    .filter(({ owner }) => owner === customer)
    .map(({ id, name: account, posted }) => {
      const isFrom = id === fromAccountId;
      return [
        isFrom ? "from" : "to",
        { account, beforeMinor: posted, afterMinor: isFrom ? posted - minor : posted + minor },
      ];
    });
  return { at: new Date(at).toISOString(), ...Object.fromEntries(sides) };
}

function receiptOf({ id, result }: Entry): TransferReceipt {
  return { id: `T${id}`, ...Result.parse(result) };
}
