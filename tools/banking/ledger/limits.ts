/** How much may leave a customer's accounts: sums over the last 24 hours, so that splitting does not help. */
import type { Database } from "better-sqlite3";
import { z } from "zod";
import { rowReader } from "../../../core/store/sqlite/rows.ts";

const DAY_MS = 24 * 60 * 60_000;

/** In minor units of the account's currency. */
export interface TransferLimits {
  readonly perTransferMinor: number;
  /** To others, within any 24 hours. Transfers between one's own accounts do not count. */
  readonly perDayMinor: number;
  /** To one payee that was not saved for 24 hours yet, within any 24 hours. */
  readonly newPayeePerDayMinor: number;
}

export interface Outgoing {
  readonly entry: number;
  readonly owner: string;
  readonly iban: string;
  readonly currency: string;
  readonly amount: number;
  readonly at: number;
}

/** Keeps the outgoing transfers that limits are counted from. A reversed transfer keeps counting. */
export function createOutgoing(database: Database) {
  const readSum = rowReader("outgoing", z.object({ sum: z.int() }));
  const insert = database.prepare(
    "INSERT INTO outgoing (entry, owner, iban, currency, amount, at) VALUES (@entry, @owner, @iban, @currency, @amount, @at)",
  );
  const sum = database.prepare(`
    SELECT coalesce(sum(amount), 0) AS sum FROM outgoing
    WHERE owner = ? AND currency = ? AND at > ? AND iban = coalesce(?, iban)`);
  return {
    record: (outgoing: Outgoing): void => void insert.run(outgoing),
    /** What left in the last 24 hours; what of it went to one account, where one is named. */
    lastDay: (owner: string, currency: string, now: number, iban?: string): number =>
      readSum(sum.get(owner, currency, now - DAY_MS, iban ?? null)).sum,
  };
}
