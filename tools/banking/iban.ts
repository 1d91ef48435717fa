import { compactIban, isValidIban } from "../../core/language/index.ts";
import { BankRefusal } from "./errors.ts";

/** Enough of an IBAN to recognise one's own account, too little to pay to it. */
export function maskIban(iban: string): string {
  return `${iban.slice(0, 2)}•• •••• ${iban.slice(-4)}`;
}

/** The IBAN in capitals without blanks. Throws `bank/iban` when it is none. */
export function validIban(written: string): string {
  const iban = compactIban(written);
  if (isValidIban(iban)) return iban;
  throw new BankRefusal(
    "bank/iban",
    "That IBAN is not right: its length or check digits do not fit. Please check it and write it again.",
  );
}
