/** The bank's words, from the language files. */
import { type PackLanguage, readPackLanguage } from "../../core/read-pack-language.ts";
/** The rules of the embedded brain that serve each request. */
const handledAs: Readonly<Record<string, string>> = {
  emergency: "cardQuestion",
  cancel_transfer: "transferQuestion",
  remove_payee: "payees",
  fees: "feesQuestion",
  cards: "cardQuestion",
  lost_card: "cardQuestion",
  transfers: "transferQuestion",
  payees: "payeeQuestion",
  standing_orders: "transferQuestion",
  opening_account: "openingQuestion",
  closing_account: "accountQuestion",
  savings_and_fixed_term: "savingsQuestion",
  loans_and_mortgages: "loanQuestion",
  overdraft: "accountQuestion",
  investing_and_pension: "productQuestion",
  insurance: "productQuestion",
  online_banking_and_app: "accountQuestion",
  security_and_phishing: "securityQuestion",
  data_protection: "securityQuestion",
  joint_and_business_and_student_accounts: "openingQuestion",
  inheritance: "bankQuestion",
  cash: "bankQuestion",
  complaints_procedure: "complaint",
  declined_payments: "transferQuestion",
  opening_hours_and_contact: "bankQuestion",
  deposit_protection: "securityQuestion",
};

/** How people ask for their own money, and about the bank. */
export async function bankLanguage(): Promise<PackLanguage> {
  return await readPackLanguage(new URL("language/", import.meta.url), handledAs);
}

/** The words of one tool, by language tag. */
export type ToolLanguage = PackLanguage["tools"][string];
