/** Which route a single message took, told by the tools that were called and the intent that was read. */
import type { TurnFacts } from "../../cli/testing/facts.ts";
import type { Script } from "../../cli/evaluation/play.ts";
import type { Utterance } from "./format.ts";

type Route = Utterance["route"];

const OF_TOOL: Readonly<Record<string, Route>> = {
  get_balance: "balance",
  list_transactions: "bookings",
  transfer_money: "transfer",
  add_payee: "add-payee",
  list_payees: "list-payees",
  export_transactions: "export-bookings",
  recommend_products: "recommend",
  explain_product: "product",
  search_documents: "document",
  hand_over: "hand-over",
  record_complaint: "complaint",
  unlink_customer: "unlink",
  allow_learning: "learning-consent",
  forbid_learning: "learning-consent",
};

/** Requests as they are recognised, whatever the turn makes of them. */
const OF_RECOGNIZED: Readonly<Record<string, Route>> = {
  emergency: "emergency",
  small_talk: "small-talk",
  hand_over: "hand-over",
  record_complaint: "complaint",
  forget_everything: "forget",
  sum_transactions: "bookings",
  find_payment: "bookings",
};

/** What the turn takes the message for, where nothing above says more. */
const OF_INTENT: Readonly<Record<string, Route>> = {
  greet: "greeting",
  how_are_you: "greeting",
  goodbye: "greeting",
  thanks: "thanks",
  praise: "thanks",
  help: "help",
  repeat: "help",
  change_language: "help",
  identity: "small-talk",
  confirm: "small-talk",
  cancel: "small-talk",
  reset_conversation: "forget",
  remember_fact: "remember",
  recall_facts: "remember",
  forget_fact: "forget",
  remove_payee: "list-payees",
  investing_and_pension: "product",
  insurance: "product",
  complaints_procedure: "complaint",
  out_of_scope: "out-of-scope",
  other_language: "out-of-scope",
};

/** Taken where it was not asked for, one of these does or offers something that changes what is kept. */
const CHANGING: ReadonlySet<Route> = new Set([
  "transfer",
  "add-payee",
  "unlink",
  "forget",
  "remember",
  "learning-consent",
]);

/** Intents that say more than the documents they are answered from. */
const MORE_THAN_DOCUMENTS: ReadonlySet<Route> = new Set(["hand-over", "complaint", "emergency", "out-of-scope"]);

/** The route of a turn. */
export function routeOf({ calls, trace, text }: Pick<TurnFacts, "calls" | "trace" | "text">): Route {
  const intended = intendedIn(trace);
  const called = calls.map(({ tool }) => OF_TOOL[tool]).find((route) => route !== undefined);
  if (called === "document" && intended !== undefined && MORE_THAN_DOCUMENTS.has(intended)) return intended;
  // A pack that hears people before any crew does: of the sample's, the one that learns from them.
  if (trace?.steps.some(({ kind, name }) => kind === "tool" && name === "choice")) return "learning-consent";
  return called ?? intended ?? (isCommand(trace) ? "forget" : text === "" ? "out-of-scope" : "document");
}

function intendedIn(trace: TurnFacts["trace"]): Route | undefined {
  const step = trace?.steps.findLast(({ name }) => name === "intent-analyzer");
  const data = step?.data?.["recognized"];
  const recognized = typeof data === "string" ? nameOf(data) : "";
  const intent = nameOf(step?.detail?.split(",")[0] ?? "");
  return OF_RECOGNIZED[recognized] ?? OF_TOOL[recognized] ?? OF_INTENT[intent];
}

/** A label without its kind. */
const nameOf = (label: string): string => label.replace(/^[a-z]+:/u, "");

/** Code answered before any crew did. */
function isCommand(trace: TurnFacts["trace"]): boolean {
  return trace?.steps.some(({ kind, name }) => kind === "conversation" && ["forget", "reset"].includes(name)) ?? false;
}

export interface RouteReading {
  readonly utterance: Utterance;
  readonly route: Route;
}

/** Utterances as conversations of one turn each, and what route each took once it was played. */
export function routeScripts(utterances: readonly { readonly where: string; readonly row: Utterance }[]): {
  readonly scripts: readonly Script[];
  readonly readings: readonly RouteReading[];
} {
  const readings: RouteReading[] = [];
  const scripts = utterances.map(({ where, row }): Script => ({
    id: row.id,
    kind: row.route,
    language: row.language,
    where,
    chat: "direct",
    before: ["link ANNA-7K42"],
    turns: [
      {
        say: row.text,
        judge: (facts) => {
          const route = routeOf(facts);
          readings.push({ utterance: row, route });
          return [row.route, ...row.alsoOk].includes(route) ? [] : [`took ${route}, expected ${row.route}`];
        },
      },
    ],
  }));
  return { scripts, readings };
}

/** How often each route was taken for another, the most frequent first, and how often that would have changed something. */
export function confusionOf(readings: readonly RouteReading[]) {
  const wrong = readings.filter(({ utterance, route }) => ![utterance.route, ...utterance.alsoOk].includes(route));
  const pairs = new Map<string, number>();
  for (const { utterance, route } of wrong) {
    const pair = `${utterance.route} → ${route}`;
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return {
    pairs: [...pairs].toSorted(([, one], [, other]) => other - one),
    changing: wrong.filter(({ route }) => CHANGING.has(route)),
  };
}
