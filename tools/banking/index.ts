/**
 * The bank tools. `port` is what they need of a bank; `embedded/` keeps one over the double-entry `ledger/`; `tools/`
 * are what the crew calls. Who pays is the linked person, never an argument; whom and how much stands in the person's
 * own words (`provenance`) or is known.
 */
export { type BankOptions, bank } from "./bank.ts";
