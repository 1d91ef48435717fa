/** Calls of the bank's tools, from intents, values in the message, and orders. */
import type { Understood } from "../offline/index.ts";
import type { WantedCall } from "../roles/contract.ts";
import { missingInPayee } from "./new-payee.ts";
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

/** Bookings in the chat, or as a file where the person asks for one. */
function transactionsCall(text: string, understood: Understood): WantedCall {
  const { limit, ...filter } = transactionFilter(text, understood);
  if (/\b(?:csv|files?|export|download|spreadsheet|excel)\b/iu.test(text)) {
    return { tool: "export_transactions", input: filter };
  }
  return { tool: "list_transactions", input: { ...filter, ...(limit !== undefined && { limit }) } };
}

function orderCall(order: Order): WantedCall | undefined {
  if (order.kind === "payee") {
    const { name, iban } = order;
    return missingInPayee(order) === undefined ? { tool: "add_payee", input: { name, iban } } : undefined;
  }
  const { amount, to, from, reference, later } = order;
  if (missingIn(order) !== undefined || amount === undefined || later !== undefined) return undefined;
  const input = { amount: decimalOf(amount), currency: amount.currency, to, from, reference };
  return { tool: "transfer_money", input };
}

function accountFilter({ entities }: Understood): { readonly account?: string } {
  const [account, ...others] = entities.filter(({ kind }) => kind === "account");
  // "my account" and "my accounts" name none.
  if (account === undefined || others.length > 0 || /^(?:my )?(?:bank )?accounts?$/iu.test(account.literal)) return {};
  return { account: account.literal };
}

/** Words for categories of bookings, as people say them. */
const CATEGORIES: readonly (readonly [category: string, words: RegExp])[] = [
  ["groceries", /\b(?:grocer(?:y|ies)|supermarkets?|food shopping)\b/iu],
  ["restaurants", /\b(?:restaurants?|eating out|dining|caf[eé]s?|takeaway)\b/iu],
  ["rent", /\brent\b/iu],
  ["salary", /\b(?:salary|wages?|pay ?check)\b/iu],
  ["transport", /\b(?:transport(?:ation)?|train|bus|taxi|fuel|petrol|gas station|public transport)\b/iu],
  ["utilities", /\b(?:utilit(?:y|ies)|electricity|water bill|heating|internet bill)\b/iu],
  ["subscriptions", /\bsubscriptions?\b/iu],
  ["insurance", /\binsurances?\b/iu],
  ["health", /\b(?:health|pharmac(?:y|ies)|doctors?|medicine)\b/iu],
  ["leisure", /\b(?:leisure|entertainment|cinema|fun|hobb(?:y|ies))\b/iu],
  ["shopping", /\b(?:shopping|clothes)\b/iu],
  ["travel", /\b(?:travel(?:ling)?|holidays?|hotels?|flights?)\b/iu],
  ["cash", /\b(?:cash|atm|withdrawals?)\b/iu],
  ["fees", /\bfees?\b/iu],
  ["interest", /\binterest\b/iu],
  ["education", /\b(?:education|tuition|courses?)\b/iu],
  ["childcare", /\b(?:childcare|kindergarten|day ?care)\b/iu],
  ["tax", /\btax(?:es)?\b/iu],
];
const MOST_LISTED = 100;

interface TransactionFilter {
  readonly account?: string;
  readonly from?: string;
  readonly to?: string;
  readonly category?: string;
  readonly text?: string;
  readonly limit?: number;
}

function transactionFilter(text: string, understood: Understood): TransactionFilter {
  const period = understood.entities.find((entity) => entity.kind === "date");
  const party = understood.entities.find((entity) => entity.kind === "payee");
  const category = CATEGORIES.find(([, words]) => words.test(text))?.[0];
  const count = /\b(?:last|latest|recent|newest|first|top)\s+(\d{1,3})\b/iu.exec(text)?.[1];
  return {
    ...accountFilter(understood),
    ...(period !== undefined && { from: period.from, to: period.to }),
    ...(category !== undefined && { category }),
    ...(category === undefined && party !== undefined && { text: party.literal }),
    ...(count !== undefined && { limit: Math.min(MOST_LISTED, Math.max(1, Number(count))) }),
  };
}
