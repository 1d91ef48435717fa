/** A bank in a database: the ledger, its customers, and what is needed to try a bot without a real bank. */
import type { Clock } from "../../../core/environment.ts";
import { ParleyError, toError } from "../../../core/errors.ts";
import type { Database } from "../../../core/store/sql/database.ts";
import { evidenceOf } from "../ledger/evidence.ts";
import { accountsOf } from "../ledger/ledger.ts";
import type { TransferLimits } from "../ledger/limits.ts";
import { bankModule } from "../ledger/tables.ts";
import { checkLedger } from "../ledger/verify.ts";
import type { Bank, PaymentOrders } from "../port.ts";
import type { SeedContent } from "./content.ts";
import {
  anyCustomer,
  customerOfPerson,
  customerWithId,
  linkLocks,
  linkPerson,
  personLock,
  unlinkPerson,
} from "./customers.ts";
import { changeContact, contactOf } from "./contacts.ts";
import { payDue } from "./due-orders.ts";
import { createOrders } from "./orders.ts";
import { assertNewPayee, deletePayee, payeesOf, savePayee } from "./payees.ts";
import { seedBank } from "./seed.ts";
import { readCounterparties, readTransactions } from "./transactions.ts";
import { createTransfers } from "./transfers.ts";

export interface EmbeddedBankOptions {
  /** Filled when it has no bank yet; closed with the bank. */
  readonly database: Database;
  /** Read only when the bank is empty. */
  readonly content: () => Promise<SeedContent>;
  readonly clock: Clock;
  /** Whether a link code works for everybody who knows it. @default false */
  readonly reusableCodes?: boolean;
  /** By the customer's segment. */
  readonly limitsOf: (segment: string) => TransferLimits;
  /** The product of the catalogue that an account of this name is. */
  readonly productOf?: (account: string) => string | undefined;
  /** IANA name of the zone whose days orders are paid on. @default UTC */
  readonly timeZone?: string;
}

const TRIES = 10;

/** Who waits for the process that fills the bank may be told that it took too long: it looks again then. */
async function withPatience(fill: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await fill();
    } catch (thrown) {
      if (tries === TRIES || !(thrown instanceof ParleyError && thrown.retryable)) throw thrown;
    }
  }
}

/** Opens the bank. Throws `bank/content` or `store/database`. */
export async function openEmbeddedBank(options: EmbeddedBankOptions): Promise<Bank> {
  const { database, content, clock } = options;
  try {
    await database.migrate(bankModule);
    if ((await database.first(anyCustomer, {})) === undefined) {
      const seed = await content();
      // Several processes may start at the same moment.
      await withPatience(async () => await database.write(() => seedBank(seed, clock()), { lock: "bank:seed" }));
    }
    return createBank(options);
  } catch (thrown) {
    await database.close();
    throw toError(thrown);
  }
}

/**
 * What is read before it is written belongs to a customer (limits, payees) or to a key, and is locked by their names. The
 * accounts of an entry are locked as rows, because a transfer writes to those of two customers.
 */
const customerLock = (customer: string): string => `bank:customer:${customer}`;
const locksOf = (customer: string, key: string): readonly string[] => [customerLock(customer), `bank:key:${key}`];

function ordersIn(
  { database, clock, timeZone = "UTC" }: EmbeddedBankOptions,
  { make, checkLater }: ReturnType<typeof createTransfers>,
): PaymentOrders {
  const { read, write } = database;
  const orders = createOrders({ clock, timeZone, checkLater });
  return {
    list: async (customer) => await read(() => orders.list(customer)),
    check: async (order) => await read(() => orders.check(order)),
    create: async (order, idempotency) =>
      await write(() => orders.create(order, idempotency), { lock: locksOf(order.customer, idempotency.key) }),
    change: async (customer, id, changes, idempotency) =>
      await write(() => orders.change(customer, id, changes, idempotency), {
        lock: locksOf(customer, idempotency.key),
      }),
    done: async (idempotency) => await read(() => orders.done(idempotency)),
    payDue: async () => await payDue({ database, clock, timeZone, lockOf: customerLock, transfer: make }),
  };
}

function createBank(options: EmbeddedBankOptions): Bank {
  const { database, clock, reusableCodes = false } = options;
  const { read, write } = database;
  const transfers = createTransfers(options);
  const orders = ordersIn(options, transfers);
  return {
    customer: async (id) => await database.first(customerWithId, { id }),
    customerOf: async (person) => await database.first(customerOfPerson, { person }),
    link: async (person, code) =>
      await write(() => linkPerson({ person, code }, { now: clock(), reusableCodes }), {
        lock: linkLocks(person, code),
      }),
    unlink: async (person) => {
      const wasLinked = await write(() => unlinkPerson(person), { lock: personLock(person) });
      await database.scrub();
      return wasLinked;
    },
    accounts: async (customer) =>
      (await read(() => accountsOf(customer))).map(({ id, name, iban = "", currency, posted, minimum = 0 }) => {
        return { id, name, iban, currency, availableMinor: posted - minimum, product: options.productOf?.(name) };
      }),
    transactions: async (customer, filter) => await read(() => readTransactions(customer, filter)),
    counterparties: async (customer) => await read(() => readCounterparties(customer)),
    payees: async (customer) => (await database.all(payeesOf, { customer })).map(({ name, iban }) => ({ name, iban })),
    addPayee: async (customer, payee, idempotency) =>
      await write(() => savePayee(customer, { ...payee, ...idempotency }, clock()), { lock: customerLock(customer) }),
    removeAddedPayee: async (customer, key) => void (await database.change(deletePayee, { customer, key })),
    checkPayee: async (customer, payee) => await read(() => assertNewPayee(customer, payee)),
    checkTransfer: async (order) => await read(() => transfers.check(order)),
    transfer: async (order, idempotency) =>
      await write(() => transfers.make(order, idempotency), { lock: locksOf(order.customer, idempotency.key) }),
    receipt: async (idempotency) => await read(() => transfers.receipt(idempotency)),
    voidTransfer: async (customer, key) =>
      await write(() => transfers.cancel(customer, key), { lock: locksOf(customer, key) }),
    orders,
    contact: async (customer) => (await database.first(contactOf, { customer })) ?? {},
    changeContact: async (customer, contact, idempotency) =>
      await write(() => changeContact(customer, contact, { ...idempotency, now: clock() }), {
        lock: locksOf(customer, idempotency.key),
      }),
    evidence: async (key) => await evidenceOf(database, key),
    check: async () => [await checkLedger(database)],
    close: database.close,
  };
}
