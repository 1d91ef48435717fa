/** Calls of the bank's tools, from intents, values in the message, and orders. */
import type { Understood } from "../offline/index.ts";
import type { WantedCall } from "../roles/contract.ts";
import { missingInPayee } from "./new-payee.ts";
import { bookingFilter } from "./booking-filter.ts";
import { decimalOf, missingIn } from "./order.ts";
import type { Order, Reading } from "./reading.ts";

/** The call that a message about accounts or payments needs; undefined when there is none, or something is missing. */
export function bankCall(text: string, { understood, order }: Reading): WantedCall | undefined {
  if (order !== undefined) return orderCall(order);
  const { intent, entities } = understood;
  const code = entities.find((entity) => entity.kind === "linkCode");
  if (code !== undefined) return { tool: "link_customer", input: { code: code.code } };
  if (intent === "balance") return { tool: "get_balance", input: accountFilter(understood) };
  if (intent === "transactions") return transactionsCall(text, understood);
  if (intent === "payees") return { tool: "list_payees", input: {} };
  return intent === "unlinkAccount" ? { tool: "unlink_customer", input: {} } : undefined;
}

/** Bookings in the chat, or as a file where the person asks for one; none where the filter is not clear. */
function transactionsCall(text: string, understood: Understood): WantedCall | undefined {
  const asked = bookingFilter(text, understood);
  if (asked.unclear !== undefined) return undefined;
  const { limit, ...filter } = asked.filter;
  const named = { ...accountFilter(understood), ...filter };
  if (
    /\b(?:csv|pdf|files?|export\p{L}*|(?:down|herunter|runter)l[oa]a?d\p{L}*|spreadsheet|excel|attachment|datei|tabelle|anhang)\b/iu.test(
      text,
    )
  ) {
    return { tool: "export_transactions", input: named };
  }
  return { tool: "list_transactions", input: { ...named, ...(limit !== undefined && { limit }) } };
}

function orderCall(order: Order): WantedCall | undefined {
  if (order.kind === "payee") {
    const { name, iban } = order;
    return missingInPayee(order) === undefined ? { tool: "add_payee", input: { name, iban } } : undefined;
  }
  const { amount, to, from, reference, doubts = [] } = order;
  if (missingIn(order) !== undefined || amount === undefined || doubts.length > 0) return undefined;
  const input = { amount: decimalOf(amount), currency: amount.currency, to, from, reference };
  return { tool: "transfer_money", input };
}

function accountFilter({ entities }: Understood): { readonly account?: string } {
  const [account, ...others] = entities.filter(({ kind }) => kind === "account");
  // "my account" and "my accounts" name none.
  if (account === undefined || others.length > 0 || /^(?:my )?(?:bank )?accounts?$/iu.test(account.literal)) return {};
  return { account: account.literal };
}
