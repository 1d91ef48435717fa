/** One tool call, or none, by the rules of each intent. */
import type { CrewState, Desk, Selection, WantedCall } from "../roles/contract.ts";
import { bankCall } from "./bank-calls.ts";
import { productCall } from "./product-calls.ts";
import { acceptedBy, findTool } from "./tool-input.ts";

/** What a bot says when somebody wants a person. */
const CONTACT_QUERY = "How can I reach customer service by phone or e-mail?";
/** A message that seems foreign is looked up only when a question about the bank is nearly as likely. */
const LIKELY_QUESTION = 0.3;

/** Chooses the call that the message needs; a second time there is none. */
export function selectOffline(state: CrewState, desk: Desk): Selection {
  const { intention, made } = state;
  if (intention === null || made.length > 0) return { kind: "enough" };
  const call = callFor(state, desk);
  if (call === undefined || findTool(call.tool, desk) === undefined) return { kind: "enough" };
  return { kind: "call", calls: [{ ...call, input: acceptedBy(call, desk) }] };
}

function callFor(state: CrewState, desk: Desk): WantedCall | undefined {
  const { intention } = state;
  if (intention?.reading === undefined) return undefined;
  const { understood, order } = intention.reading;
  const bank = bankCall(state.words.at(-1) ?? "", intention.reading);
  if (bank !== undefined || order !== undefined) return bank;
  switch (understood.route) {
    case "recommendation":
      return productCall(intention.request, desk);
    case "information":
      return productCall(intention.request, desk) ?? searchFor(intention.request);
    case "outOfScope": {
      const [likeliest] = understood.alternatives;
      const isLikely = likeliest?.route === "information" && likeliest.confidence >= LIKELY_QUESTION;
      return isLikely ? searchFor(intention.request) : undefined;
    }
    case "dialogue":
      return understood.intent === "humanHandover" ? searchFor(CONTACT_QUERY) : undefined;
    case "account":
    case "action":
    case "memory":
      return undefined;
  }
}

function searchFor(query: string): WantedCall {
  return { tool: "search_documents", input: { query } };
}
