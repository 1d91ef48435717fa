/** A bank in one SQLite file: the ledger, its customers, and what is needed to try a bot without a real bank. */
import type { Clock } from "../../../core/environment.ts";
import { toError } from "../../../core/errors.ts";
import { createGroupCommit } from "../../../core/store/sqlite/group-commit.ts";
import { openDatabase } from "../../../core/store/sqlite/database.ts";
import { createLedger } from "../ledger/ledger.ts";
import { createOutgoing, type TransferLimits } from "../ledger/limits.ts";
import { checkLedger } from "../ledger/verify.ts";
import type { Bank } from "../port.ts";
import type { SeedContent } from "./content.ts";
import { createCustomers } from "./customers.ts";
import { seedBank } from "./seed.ts";
import { createTransactionReader } from "./transactions.ts";
import { createTransfers } from "./transfers.ts";

export interface EmbeddedBankOptions {
  /** The database file; made and filled when it is new. */
  readonly path: string;
  /** Read only when the bank is empty. */
  readonly content: () => Promise<SeedContent>;
  readonly clock: Clock;
  /** Whether a link code works for everybody who knows it. @default false */
  readonly reusableCodes?: boolean;
  /** By the customer's segment. */
  readonly limitsOf: (segment: string) => TransferLimits;
  /** The product of the catalogue that an account of this name is. */
  readonly productOf?: (account: string) => string | undefined;
}

/** Opens the bank. Throws `bank/content` or `store/database`. */
export async function openEmbeddedBank(options: EmbeddedBankOptions): Promise<Bank> {
  const { clock, limitsOf } = options;
  const database = openDatabase(options.path);
  try {
    const ledger = createLedger(database);
    const customers = createCustomers(database, options.reusableCodes ?? false);
    const isEmpty = database.prepare("SELECT 1 FROM customers LIMIT 1").get() === undefined;
    if (isEmpty) seedBank(database, { ledger, customers }, await options.content(), clock());
    const transfers = createTransfers({ ledger, outgoing: createOutgoing(database), customers, limitsOf, clock });
    const transactions = createTransactionReader(database);
    const { write, close } = createGroupCommit(database);
    return {
      customer: async (id) => await read(() => customers.byId(id)),
      customerOf: async (person) => await read(() => customers.ofPerson(person)),
      link: async (person, code) => await write(() => customers.link(person, code, clock())),
      unlink: async (person) => await write(() => customers.unlink(person)),
      accounts: async (customer) =>
        await read(() =>
          ledger.ofOwner(customer).map(({ id, name, iban = "", currency, posted, minimum = 0 }) => {
            return { id, name, iban, currency, availableMinor: posted - minimum, product: options.productOf?.(name) };
          }),
        ),
      transactions: async (customer, filter) => await read(() => transactions(customer, filter)),
      payees: async (customer) =>
        await read(() => customers.payees(customer).map(({ name, iban }) => ({ name, iban }))),
      addPayee: async (customer, payee, idempotency) =>
        await write(() => customers.savePayee(customer, { ...payee, ...idempotency }, clock())),
      removeAddedPayee: async (customer, key) => await write(() => customers.removePayee(customer, key)),
      checkPayee: async (customer, payee) => await read(() => customers.assertNew(customer, payee)),
      checkTransfer: async (order) => await read(() => transfers.check(order)),
      transfer: async (order, idempotency) => await write(() => transfers.make(order, idempotency)),
      receipt: async (idempotency) => await read(() => transfers.receipt(idempotency)),
      voidTransfer: async (customer, key) => await write(() => transfers.cancel(customer, key)),
      check: async () => await read(() => [checkLedger(database)]),
      close: async () => {
        await close();
        database.close();
      },
    };
  } catch (thrown) {
    database.close();
    throw toError(thrown);
  }
}

/** Async, so that a throw becomes a rejection, as it would with a bank behind a network. */
async function read<Result>(operation: () => Result): Promise<Result> {
  return operation();
}
