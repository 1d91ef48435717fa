/**
 * Transfers on the ledger. There is no hold while a proposal waits: `check` tells early, and `make` checks everything
 * again in the same transaction that books, so the balance can never fall below its minimum nor a limit be passed.
 */
import { z } from "zod";
import type { Json } from "../../../core/json.ts";
import { BankRefusal } from "../errors.ts";
import type { Account, Entry, Ledger } from "../ledger/ledger.ts";
import type { createOutgoing, TransferLimits } from "../ledger/limits.ts";
import type { Idempotency, TransferOrder, TransferReceipt } from "../port.ts";
import type { Customers } from "./customers.ts";
import { systemAccount } from "./seed.ts";

const DAY_MS = 24 * 60 * 60_000;

export interface TransferParts {
  readonly ledger: Ledger;
  readonly outgoing: ReturnType<typeof createOutgoing>;
  readonly customers: Customers;
  readonly limitsOf: (segment: string) => TransferLimits;
  readonly clock: () => number;
}

const Side = z.object({ account: z.string(), beforeMinor: z.int(), afterMinor: z.int() });
const Receipt = z.object({ id: z.string(), at: z.string(), from: Side, to: Side.exactOptional() });

/** Makes the transfer functions; all synchronous, `make` and `cancel` inside a write transaction. */
export function createTransfers(parts: TransferParts) {
  const { ledger, outgoing, clock } = parts;

  function make(order: TransferOrder, { key, request }: Idempotency): TransferReceipt {
    const done = ledger.find(key, request);
    if (done !== undefined) return receiptOf(done);
    const { from, to } = assertPossible(order, parts);
    const at = clock();
    const entry = ledger.post({
      key,
      request,
      kind: "transfer",
      at,
      postings: postingsFor(order, { from, to }, parts),
      result: (id) => resultFor(order, { from, to }, id, at),
    });
    if (to?.owner !== order.customer) {
      const { customer: owner, toIban: iban, amount } = order;
      outgoing.record({ entry: entry.id, owner, iban, currency: amount.currency, amount: amount.minor, at });
    }
    return receiptOf(entry);
  }

  return {
    check: (order: TransferOrder): void => void assertPossible(order, parts),
    make,
    receipt: ({ key, request }: Idempotency): TransferReceipt | undefined => {
      const entry = ledger.find(key, request);
      return entry === undefined ? undefined : receiptOf(entry);
    },
    cancel: (customer: string, key: string): void => {
      const entry = ledger.find(key);
      if (entry === undefined || entry.kind !== "transfer") return;
      const source = ledger.postings(entry.id).find(({ amount }) => amount < 0);
      if (source === undefined || ledger.get(source.account).owner !== customer)
        throw new BankRefusal("bank/not-yours", "That transfer is none of this customer.");
      ledger.reverse(entry, clock());
    },
  };
}

interface Sides {
  readonly from: Account;
  /** The receiving account where this bank keeps it. */
  readonly to: Account | undefined;
}

function assertPossible(order: TransferOrder, parts: TransferParts): Sides {
  const { ledger } = parts;
  const { amount } = order;
  const from = ledger.ofOwner(order.customer).find(({ id }) => id === order.fromAccountId);
  if (from === undefined) throw new BankRefusal("bank/not-yours", "That is none of your accounts.");
  const to = ledger.byIban(order.toIban);
  assertSendable(order, from, to);
  if (to?.owner !== order.customer) assertWithinLimits(order, parts);
  if (from.minimum !== undefined && from.posted - amount.minor < from.minimum) {
    throw new BankRefusal("bank/insufficient-funds", `There is not enough money on ${from.name}.`);
  }
  return { from, to };
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
  );
}

function assertWithinLimits(order: TransferOrder, parts: TransferParts): void {
  const { customer: owner, amount, toIban: iban } = order;
  const { outgoing, customers, clock } = parts;
  const limits = parts.limitsOf(customers.byId(owner)?.segment ?? "");
  const now = clock();
  if (amount.minor > limits.perTransferMinor) {
    throw new BankRefusal("bank/transfer-limit", "The amount is above your limit for one transfer.");
  }
  if (outgoing.lastDay(owner, amount.currency, now) + amount.minor > limits.perDayMinor) {
    throw new BankRefusal(
      "bank/daily-limit",
      "With that, more than your daily limit would leave your accounts within 24 hours. All transfers count together.",
    );
  }
  const saved = customers.payees(owner).find((payee) => payee.iban === iban);
  const isTrusted = saved !== undefined && saved.addedAt <= now - DAY_MS;
  if (isTrusted) return;
  if (outgoing.lastDay(owner, amount.currency, now, iban) + amount.minor > limits.newPayeePerDayMinor) {
    throw new BankRefusal(
      "bank/new-payee-limit",
      "That payee was not saved 24 hours ago. Until then, less can be sent to it within 24 hours. All transfers count together.",
    );
  }
}

function postingsFor(order: TransferOrder, { from, to }: Sides, { customers }: TransferParts) {
  const { amount, reference, toName } = order;
  const own = to?.owner === order.customer;
  const description = reference === "" ? "Transfer" : reference;
  const sender = own ? from.name : (customers.byId(order.customer)?.name ?? from.name);
  const receiver = to?.id ?? systemAccount("outside", amount.currency);
  const line = { description, category: "transfer" };
  return [
    { ...line, account: from.id, amount: -amount.minor, counterparty: toName },
    { ...line, account: receiver, amount: amount.minor, counterparty: sender },
  ];
}

function resultFor(order: TransferOrder, { from, to }: Sides, id: number, at: number): Json {
  const { minor } = order.amount;
  const own = to !== undefined && to.owner === order.customer;
  return {
    id: `T${id}`,
    at: new Date(at).toISOString(),
    from: { account: from.name, beforeMinor: from.posted, afterMinor: from.posted - minor },
    ...(own ? { to: { account: to.name, beforeMinor: to.posted, afterMinor: to.posted + minor } } : {}),
  };
}

function receiptOf(entry: Entry): TransferReceipt {
  return Receipt.parse(entry.result);
}
