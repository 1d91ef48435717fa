import type { TaughtRequest } from "../../core/teaching.ts";

/** The routes of the blind messages that each request serves. */
const routes: Readonly<Record<string, readonly string[]>> = {
  greet: ["greeting"],
  goodbye: ["greeting", "small-talk"],
  thanks: ["thanks"],
  help: ["help"],
  repeat: ["help"],
  change_language: ["help"],
  identity: ["help", "small-talk"],
  small_talk: ["small-talk", "out-of-scope"],
  insult: ["small-talk", "out-of-scope", "complaint"],
  out_of_scope: ["out-of-scope", "small-talk"],
  distress: ["emergency", "hand-over"],
  emergency: ["emergency"],
  lost_card: ["emergency", "document"],
  hand_over: ["hand-over"],
  record_complaint: ["complaint"],
  remember_fact: ["remember"],
  recall_facts: ["remember"],
  forget_fact: ["forget"],
  forget_everything: ["forget"],
  reset_conversation: ["forget"],
  get_balance: ["balance"],
  list_accounts: ["balance"],
  list_transactions: ["bookings"],
  sum_transactions: ["bookings"],
  find_payment: ["bookings"],
  export_transactions: ["export-bookings"],
  transfer_money: ["transfer"],
  schedule_transfer: ["transfer", "out-of-scope"],
  cancel_transfer: ["document", "transfer"],
  list_payees: ["list-payees"],
  add_payee: ["add-payee"],
  linked_customer: ["link", "identity"],
  unlink_customer: ["unlink"],
  recommend_products: ["recommend"],
  explain_recommendation: ["recommend", "product"],
  explain_product: ["product", "document"],
  allow_learning: ["learning-consent"],
  forbid_learning: ["learning-consent"],
};

/** The routes that a message with this label may have. */
export function servedBy(label: string, requests: readonly TaughtRequest[]): readonly string[] {
  const name = label.replace(/^(?:request|tool):/u, "");
  const isTopic = requests.some((request) => request.documents && request.name === name);
  return routes[name] ?? (isTopic ? ["document"] : []);
}
