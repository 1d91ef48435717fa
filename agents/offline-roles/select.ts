/** Tool calls, or none, by the rules of each intent. */
import type { CrewState, Desk, MadeCall, Selection, WantedCall } from "../roles/contract.ts";
import { bankCall } from "./bank-calls.ts";
import { hasProducts } from "./product-answer.ts";
import { comparedProducts, productAsked, productCall } from "./product-calls.ts";
import type { Reading } from "./reading.ts";
import { acceptedBy, findTool } from "./tool-input.ts";

/** What a bot looks up when somebody wants a person: the words with which documents give their numbers. */
const CONTACT_QUERY = "Call us: phone number of customer service, Monday to Friday";
/** A message that seems foreign is looked up only when a question about the bank is nearly as likely. */
const LIKELY_QUESTION = 0.3;

/** Routes of messages that may carry an earlier question on. */
const FOLLOWED: ReadonlySet<string> = new Set(["information", "recommendation", "outOfScope"]);
const ABOUT_PRODUCT =
  /\b(?:tell me (?:more )?about|what is|what's|describe|explain|details (?:of|on|about)|information (?:on|about))\b/iu;

/** Chooses the next call that the message needs. */
export function selectOffline(state: CrewState, desk: Desk): Selection {
  const reading = state.intention?.reading;
  if (state.intention === null || reading === undefined) return { kind: "enough" };
  const { request } = state.intention;
  const wanted =
    state.made.length === 0
      ? firstCall({ request, text: state.words.at(-1) ?? "" }, reading, desk)
      : reading.about === undefined
        ? nextCall(state.made, request, reading)
        : undefined;
  if (wanted === undefined || findTool(wanted.tool, desk) === undefined) return { kind: "enough" };
  return { kind: "call", calls: [{ ...wanted, input: acceptedBy(wanted, desk) }] };
}

interface Asked {
  /** With what earlier messages add to it. */
  readonly request: string;
  /** The newest words alone. */
  readonly text: string;
}

function firstCall(asked: Asked, reading: Reading, desk: Desk): WantedCall | undefined {
  if (reading.about !== undefined) return reading.about.kind === "question" ? searchFor(asked.request) : undefined;
  const bank = bankCall(asked.text, reading);
  if (bank !== undefined || reading.order !== undefined) return bank;
  if (comparedProducts(asked.text).length > 1 && findTool("compare_products", desk) !== undefined) {
    return productCall(asked.text, reading, desk);
  }
  if (reading.earlier !== undefined && FOLLOWED.has(reading.understood.route)) return searchFor(asked.request);
  return callByRoute(asked, reading, desk);
}

function callByRoute({ request, text }: Asked, reading: Reading, desk: Desk): WantedCall | undefined {
  const { intent, route } = reading.understood;
  switch (route) {
    case "recommendation":
      return productCall(request, reading, desk);
    case "information": {
      const product = intent === "productQuestion" ? productDescribed(text, desk) : undefined;
      return product === undefined ? searchFor(request) : explain(product);
    }
    case "outOfScope":
      return mayBeQuestion(reading) ? searchFor(request) : undefined;
    case "dialogue":
      return intent === "humanHandover" ? searchFor(CONTACT_QUERY) : undefined;
    case "account":
    case "action":
    case "memory":
      return undefined;
  }
}

function productDescribed(text: string, desk: Desk): string | undefined {
  const isKnown = ABOUT_PRODUCT.test(text) && findTool("explain_product", desk) !== undefined;
  return isKnown ? productAsked(text) : undefined;
}

function mayBeQuestion({ understood }: Reading): boolean {
  const [likeliest] = understood.alternatives;
  return likeliest?.route === "information" && likeliest.confidence >= LIKELY_QUESTION;
}

/** Where one source knows nothing, the other may. */
function nextCall(made: readonly MadeCall[], request: string, { understood }: Reading): WantedCall | undefined {
  const [first] = made;
  if (made.length > 1 || first?.outcome.status !== "done") return undefined;
  const { result } = first.outcome;
  if (first.tool === "search_documents" && understood.route === "information" && (result.sources ?? []).length === 0) {
    const product = productAsked(request);
    return product === undefined ? undefined : explain(product);
  }
  const isProductTool = first.tool === "compare_products" || first.tool === "explain_product";
  if (isProductTool && !hasProducts(result)) return searchFor(request);
  return undefined;
}

function explain(product: string): WantedCall {
  return { tool: "explain_product", input: { products: [product] } };
}

/** More passages than are shown: the best sentence of all is looked for in them. */
function searchFor(query: string): WantedCall {
  return { tool: "search_documents", input: { query, limit: 8 } };
}
