import type { Choice } from "../../core/reply.ts";
import type { Intent } from "../offline/index.ts";
import type { Desk, Draft } from "../roles/contract.ts";
import { sampleChoices } from "./abilities.ts";
import { summaryOf } from "./dialogue.ts";
import type { Reading } from "./reading.ts";
import { findTool } from "./tool-input.ts";

/** How a reading is offered: what it is called, what pressing it says, and the tool that it needs. */
export const offers: Partial<
  Readonly<Record<Intent, { readonly label: string; readonly value: string; readonly tool: string }>>
> = {
  balance: { label: "See my balance", value: "What is my balance?", tool: "get_balance" },
  transactions: { label: "See my transactions", value: "Show my last transactions", tool: "list_transactions" },
  payees: { label: "See my payees", value: "Who are my payees?", tool: "list_payees" },
  transfer: { label: "Send money", value: "Send money", tool: "transfer_money" },
  recommend: { label: "Get a recommendation", value: "Which product suits me?", tool: "recommend_products" },
  feesQuestion: { label: "Fees", value: "What fees are there?", tool: "search_documents" },
  cardQuestion: { label: "Cards", value: "What credit cards do you have?", tool: "search_documents" },
  savingsQuestion: { label: "Savings", value: "What savings accounts are there?", tool: "search_documents" },
  loanQuestion: { label: "Loans", value: "What loans are there?", tool: "search_documents" },
  securityQuestion: { label: "Security", value: "How do I protect myself against fraud?", tool: "search_documents" },
  openingQuestion: { label: "Opening an account", value: "How do I open an account?", tool: "search_documents" },
  transferQuestion: { label: "How transfers work", value: "How long does a transfer take?", tool: "search_documents" },
  complaint: { label: "Make a complaint", value: "How do I make a complaint?", tool: "search_documents" },
};
const LIKELY_ENOUGH = 0.25;
const MOST_CHOICES = 3;

/** Says plainly that this is not the assistant's business, and what is. */
export function foreignDraft(reading: Reading | undefined, desk: Desk): Draft {
  const choices = guesses(reading, desk);
  const text =
    choices.length > 0
      ? "I am not sure what you mean. Did you mean one of these?"
      : `I cannot help with that. ${summaryOf(desk)}`;
  return { text, choices: choices.length > 0 ? choices : sampleChoices(desk), confidence: 0.3 };
}

/** The next likely readings, as requests to press. */
export function guesses(reading: Reading | undefined, desk: Desk): readonly Choice[] {
  return (reading?.understood.alternatives ?? [])
    .filter(({ confidence }) => confidence >= LIKELY_ENOUGH)
    .flatMap(({ intent }) => {
      const offer = offers[intent];
      return offer === undefined || findTool(offer.tool, desk) === undefined ? [] : [{ intent, ...offer }];
    })
    .slice(0, MOST_CHOICES)
    .map(({ intent, label, value }) => ({ id: `did-you-mean-${intent}`, label, value }));
}
