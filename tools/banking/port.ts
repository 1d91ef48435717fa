/**
 * What the tools need of a bank. The embedded one keeps a ledger of its own; a real one is connected by implementing
 * this over its API. Customers are resolved from the chat person here, never from a tool's arguments.
 */
import type { Check } from "../../core/check.ts";
import type { Evidence } from "../../core/evidence.ts";
import type { Money } from "../../core/money.ts";
import type { Rhythm } from "./rhythm.ts";

export interface BankAccount {
  readonly id: string;
  /** What its owner calls it: `Everyday`. */
  readonly name: string;
  readonly iban: string;
  readonly currency: string;
  /** What can be spent, in minor units. */
  readonly availableMinor: number;
  /** Id of the product of the catalogue that it is, where that is known. */
  readonly product?: string | undefined;
}

export interface Payee {
  readonly name: string;
  readonly iban: string;
}

export type Transaction = {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** The account's name. */
  readonly account: string;
  /** Negative amounts left the account. */
  readonly amount: Money;
  readonly counterparty: string;
  readonly description: string;
  readonly category: string;
};

export interface TransactionFilter {
  /** An account id of the customer. */
  readonly accountId?: string | undefined;
  /** First and last day, `YYYY-MM-DD`, inclusive. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Part of counterparty or description, in any case. */
  readonly text?: string | undefined;
  /** The counterparty's name, exactly. */
  readonly counterparty?: string | undefined;
  readonly direction?: "in" | "out" | undefined;
  readonly category?: string | undefined;
  /** Smallest and largest amount, in minor units, whichever way the money went. */
  readonly minMinor?: number | undefined;
  readonly maxMinor?: number | undefined;
  /** Which come first, and are given where there are more than `limit`. @default "newest" */
  readonly order?: "newest" | "largest" | undefined;
  readonly limit: number;
}

/** The first matches, and sums over all of them. */
export interface TransactionPage {
  readonly transactions: readonly Transaction[];
  readonly count: number;
  readonly sums: readonly TransactionSums[];
}

/** What came in and what went out in one currency, in minor units and bookings. */
export type TransactionSums = {
  readonly currency: string;
  readonly inMinor: number;
  readonly inCount: number;
  readonly outMinor: number;
  readonly outCount: number;
};

/** Money from one of the customer's accounts to any account, completely resolved. */
export interface TransferOrder {
  readonly customer: string;
  readonly fromAccountId: string;
  readonly toIban: string;
  /** Shown in the bookings. */
  readonly toName: string;
  readonly amount: Money;
  readonly reference: string;
}

/**
 * The same key with the same request gives the stored result; with another request it is a conflict
 * (`bank/idempotency-conflict`) and has no effect.
 */
export interface Idempotency {
  readonly key: string;
  /** Hash of what was asked for, customer included. */
  readonly request: string;
}

export interface TransferReceipt {
  readonly id: string;
  readonly at: string;
  readonly from: { readonly account: string; readonly beforeMinor: number; readonly afterMinor: number };
  /** Only when it is the customer's own account. */
  readonly to?: { readonly account: string; readonly beforeMinor: number; readonly afterMinor: number };
}

/** A transfer of a later day, or one that comes back. */
export interface NewPaymentOrder extends TransferOrder {
  readonly rhythm: Rhythm;
  /** The first day that it is paid on, `YYYY-MM-DD`; from it all others are counted. */
  readonly firstDate: string;
  /** No payment after this day. Left out: it has no end. */
  readonly lastDate?: string | undefined;
}

export interface PaymentOrder extends NewPaymentOrder {
  /** `S7`: by it people and models name it. */
  readonly id: string;
  /** The paying account as its owner calls it. */
  readonly account: string;
  /** When it is paid next; left out where it never is again. */
  readonly nextDate?: string | undefined;
  readonly state: "active" | "paused" | "cancelled" | "ended";
  /** What became of the newest date. `reason` is the code of the refusal. */
  readonly lastRun?:
    | { readonly date: string; readonly outcome: "paid" | "refused"; readonly reason?: string | undefined }
    | undefined;
}

/** What is left out stays as it is. Another `nextDate` or `rhythm` counts all further days from the next one. */
export interface OrderChanges {
  readonly to?: Payee;
  readonly amount?: Money;
  readonly rhythm?: Rhythm;
  readonly nextDate?: string;
  readonly reference?: string;
  readonly state?: "active" | "paused" | "cancelled";
}

/** Standing orders and scheduled payments. Every payment of theirs is a transfer like any other, with its limits. */
export interface PaymentOrders {
  /** Those that are not cancelled or ended, and those that ended or were refused lately; the oldest first. */
  readonly list: (customer: string) => Promise<readonly PaymentOrder[]>;
  /** Whether it could be ordered; throws `bank/…` with the reason. The money need not be there yet. */
  readonly check: (order: NewPaymentOrder) => Promise<void>;
  readonly create: (order: NewPaymentOrder, idempotency: Idempotency) => Promise<PaymentOrder>;
  /** Throws `bank/unknown-order`, and `bank/order-over` for one that was cancelled or has ended. */
  readonly change: (
    customer: string,
    id: string,
    changes: OrderChanges,
    idempotency: Idempotency,
  ) => Promise<PaymentOrder>;
  /** What `create` or `change` did under this key; throws on a conflict. */
  readonly done: (idempotency: Idempotency) => Promise<PaymentOrder | undefined>;
  /**
   * Pays what is due, each order once per date whoever else does the same. Left out where the bank does so by itself.
   */
  readonly payDue?: () => Promise<void>;
}

/** How the bank reaches a customer. */
export interface Contact {
  readonly address?: string | undefined;
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
}

/** Who a person is to the bank, and what matters for advice. */
export interface BankCustomer {
  readonly id: string;
  readonly name: string;
  readonly segment?: string | undefined;
  /** The highest risk class, 1 to 7, that suits them. */
  readonly riskProfile?: number | undefined;
  readonly birthYear?: number | undefined;
}

export interface Bank {
  /** The customer a chat person is linked to. */
  readonly customerOf: (person: string) => Promise<BankCustomer | undefined>;
  /**
   * A customer by the bank's own id, by which its front ends ask for recommendations. Left out: somebody asked for by that
   * id is nobody known.
   */
  readonly customer?: (id: string) => Promise<BankCustomer | undefined>;
  /** Binds a person to the customer with this code. A person has one customer at a time. */
  /** `used`: somebody else linked by this code. It is free again once they unlink. */
  readonly link: (person: string, code: string) => Promise<"linked" | "already" | "other" | "unknown" | "used">;
  readonly unlink: (person: string) => Promise<boolean>;
  readonly accounts: (customer: string) => Promise<readonly BankAccount[]>;
  readonly transactions: (customer: string, filter: TransactionFilter) => Promise<TransactionPage>;
  /** Names that stand in the customer's bookings. Left out: what people say is looked for in the bookings as it is. */
  readonly counterparties?: (customer: string) => Promise<readonly string[]>;
  readonly payees: (customer: string) => Promise<readonly Payee[]>;
  /** Throws `bank/payee-exists` when name or IBAN is saved already, `bank/too-many-payees` beyond 200. */
  readonly addPayee: (customer: string, payee: Payee, idempotency: Idempotency) => Promise<Payee>;
  /** Takes back what `addPayee` did under this key; a second time does nothing. */
  readonly removeAddedPayee: (customer: string, key: string) => Promise<void>;
  /** Whether a payee could be added now; throws as `addPayee` does. */
  readonly checkPayee: (customer: string, payee: Payee) => Promise<void>;
  /** Whether the transfer could be made now; throws `bank/…` with the reason. Changes nothing, reserves nothing. */
  readonly checkTransfer: (order: TransferOrder) => Promise<void>;
  /** Makes the transfer, atomically with all checks of `checkTransfer`. */
  readonly transfer: (order: TransferOrder, idempotency: Idempotency) => Promise<TransferReceipt>;
  /** The stored result of a transfer or undefined; throws on a conflict. */
  readonly receipt: (idempotency: Idempotency) => Promise<TransferReceipt | undefined>;
  /** Books the opposite of the transfer made under this key; a second time does nothing. */
  readonly voidTransfer: (customer: string, key: string) => Promise<void>;
  /** Left out: the bank has none, and nobody is offered any. */
  readonly orders?: PaymentOrders;
  /** Both left out: the bank tells and changes it elsewhere. */
  readonly contact?: (customer: string) => Promise<Contact>;
  /** Changes what is given. */
  readonly changeContact?: (customer: string, contact: Contact, idempotency: Idempotency) => Promise<Contact>;
  /** The rows that were written under a key, for the audit. Left out where the bank keeps its own. */
  readonly evidence?: (key: string) => Promise<readonly Evidence[]>;
  readonly check: () => Promise<readonly Check[]>;
  readonly close: () => Promise<void>;
}
