/** What a bot can do, told from the tools that it really has. */
import type { Choice } from "../../core/reply.ts";
import type { Desk } from "../roles/contract.ts";
import { cutText } from "../../core/text/cut.ts";

export interface Ability {
  /** Behind "I can …". */
  readonly ability: string;
  /** A message that uses it; undefined where the tool is not known here. */
  readonly sample?: string;
}

const known: Readonly<Record<string, Ability>> = {
  search_documents: {
    ability: "answer questions from the documents, with sources",
    sample: "What does a replacement card cost?",
  },
  get_balance: { ability: "tell your balances", sample: "What is my balance?" },
  list_transactions: { ability: "go through your transactions", sample: "Show my last 5 transactions" },
  transfer_money: { ability: "prepare transfers that you confirm", sample: "Send money" },
  list_payees: { ability: "list your payees", sample: "Who are my payees?" },
  add_payee: { ability: "save new payees", sample: "Add a payee" },
  recommend_products: { ability: "recommend products", sample: "Which product suits me?" },
  compare_products: { ability: "compare products" },
  link_customer: { ability: "link this chat to your bank accounts", sample: "Link my account" },
};
/** Parts of other abilities, not worth a line of their own. */
const implied = new Set([
  "explain_product",
  "unlink_customer",
  "export_transactions",
  "answer_recommendation",
  "allow_learning",
]);
const MOST_CHOICES = 4;
/** What most people come for, told and offered first. */
const main = ["search_documents", "get_balance", "transfer_money", "recommend_products"];

/** What the bot's tools add up to. In groups, only what can be done there. */
export function abilities(desk: Desk): readonly Ability[] {
  return usableTools(desk).map(abilityOf);
}

/** The same, what most people come for first. */
export function mainAbilities(desk: Desk): readonly Ability[] {
  const rank = ({ name }: { readonly name: string }): number =>
    main.includes(name) ? main.indexOf(name) : main.length;
  return usableTools(desk)
    .toSorted((left, right) => rank(left) - rank(right))
    .map(abilityOf);
}

function usableTools({ input, turn }: Desk) {
  return turn.tools.tools.filter(
    ({ name, depends }) => !implied.has(name) && (input.chatType === "direct" || depends === "public"),
  );
}

function abilityOf({ name, description }: { readonly name: string; readonly description: string }): Ability {
  return known[name] ?? { ability: firstSentence(description) };
}

/** Sample requests to press. */
export function sampleChoices(desk: Desk): readonly Choice[] {
  const samples = mainAbilities(desk).flatMap(({ sample }) => (sample === undefined ? [] : [sample]));
  return samples
    .slice(0, MOST_CHOICES)
    .map((sample, index) => ({ id: `sample-${index + 1}`, label: sample, value: sample }));
}

/** Tools of others are described by their authors. */
function firstSentence(description: string): string {
  const sentence = cutText(/^[^.!?\n]+/u.exec(description)?.[0] ?? description, 120);
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
