/** What the crew does with a message: the coarse decision that the fine intents lead to. */
export type Route = "action" | "account" | "information" | "recommendation" | "dialogue" | "memory" | "outOfScope";

/**
 * The route of each fine intent. The classifier learns the fine intents: as measured, that routes as well as learning
 * the routes directly and refuses out-of-scope text far better.
 */
export const routeOfIntent = {
  greet: "dialogue",
  goodbye: "dialogue",
  thanks: "dialogue",
  help: "dialogue",
  identity: "dialogue",
  smallTalk: "dialogue",
  distress: "dialogue",
  confirm: "dialogue",
  cancel: "dialogue",
  humanHandover: "dialogue",
  linkAccount: "dialogue",
  unlinkAccount: "dialogue",
  resetConversation: "dialogue",
  rememberFact: "memory",
  recallFact: "memory",
  forgetFact: "memory",
  balance: "account",
  transactions: "account",
  payees: "account",
  transfer: "action",
  recommend: "recommendation",
  explainRecommendation: "recommendation",
  transferQuestion: "information",
  payeeQuestion: "information",
  accountQuestion: "information",
  productQuestion: "information",
  feesQuestion: "information",
  cardQuestion: "information",
  loanQuestion: "information",
  savingsQuestion: "information",
  securityQuestion: "information",
  openingQuestion: "information",
  bankQuestion: "information",
  complaint: "information",
  outOfScope: "outOfScope",
} as const satisfies Readonly<Record<string, Route>>;

/** A fine intent of a bank customer's message. */
export type Intent = keyof typeof routeOfIntent;

/** Whether the rules know this intent. */
export const isIntent = (name: string): name is Intent => Object.hasOwn(routeOfIntent, name);
