/** Tool calls, or none, by the route of each message. */
import type { Frame } from "../../core/dialogue.ts";
import type { Step } from "../dialogue/step.ts";
import type { CrewState, Desk, Intention, Selection, WantedCall } from "../roles/contract.ts";
import { SEARCH } from "./abilities.ts";
import type { Reading } from "./reading.ts";
import { asksForSomething, routeOf } from "./routes.ts";
import { acceptedBy, findTool } from "./tool-input.ts";

/** What a bot looks up when somebody wants a person: the words with which documents give their numbers. */
const CONTACT_QUERY = "Call us: phone number of customer service, Monday to Friday";
/** A message that seems foreign is looked up only when a question to documents is nearly as likely. */
const LIKELY_QUESTION = 0.3;

/** Chooses the next call that the message needs. */
export function selectEmbedded(state: CrewState, desk: Desk): Selection {
  const { reading, steps } = state.intention ?? {};
  if (steps !== undefined) return state.made.length === 0 ? callsFor(steps) : { kind: "enough" };
  if (state.intention === null || reading === undefined) return { kind: "enough" };
  const wanted = wantedCall(state, state.intention, reading);
  if (wanted === undefined || findTool(wanted.tool, desk) === undefined) return { kind: "enough" };
  return { kind: "call", calls: [{ ...wanted, input: acceptedBy(wanted, desk) }] };
}

function wantedCall({ made }: CrewState, { request, configured }: Intention, reading: Reading): WantedCall | undefined {
  const { answer, documents, tool, search } = configured ?? {};
  if (answer !== undefined || documents !== undefined || tool !== undefined)
    return documents === true && made.length === 0 ? searchFor(request, search) : undefined;
  return made.length === 0 ? firstCall({ request, search }, reading) : undefined;
}

function callsFor(steps: readonly Step[]): Selection {
  const calls = steps.flatMap((step) => (step.kind === "call" ? [callOf(step.frame)] : []));
  return calls.length === 0 ? { kind: "enough" } : { kind: "call", calls };
}

/** The call that a request has come to. */
export function callOf(frame: Frame): WantedCall {
  const { tool, slots } = frame;
  return { frame, tool, input: Object.fromEntries(Object.entries(slots).map(([field, { value }]) => [field, value])) };
}

interface Asked {
  /** With what earlier messages add to it. */
  readonly request: string;
  /** Words of its topic. */
  readonly search: string | undefined;
}

function firstCall(asked: Asked, reading: Reading): WantedCall | undefined {
  if (reading.about !== undefined) return reading.about.kind === "question" ? searchFor(asked.request) : undefined;
  if (reading.earlier !== undefined && asksForSomething(reading.understood.route))
    return searchFor(asked.request, asked.search);
  return callByRoute(asked, reading);
}

function callByRoute({ request, search }: Asked, reading: Reading): WantedCall | undefined {
  switch (reading.understood.route) {
    case "documents":
    case "answer":
      return searchFor(request, search);
    case "tool":
    case "foreign":
      return mayBeQuestion(reading) ? searchFor(request) : undefined;
    case "hand-over":
      return searchFor(CONTACT_QUERY);
    case "talk":
    case "memory":
      return undefined;
  }
}

function mayBeQuestion({ understood: { recognized, knowsTopics } }: Reading): boolean {
  // Where nobody taught what documents answer, all that is not understood is looked for in them.
  if (!knowsTopics) return true;
  const served = recognized.alternatives.find(({ label }) => !["tool", "foreign"].includes(routeOf(label)));
  return served !== undefined && routeOf(served.label) === "documents" && served.confidence >= LIKELY_QUESTION;
}

/** More passages than are shown: the best sentence of all is looked for in them. */
function searchFor(query: string, topic?: string): WantedCall {
  return { tool: SEARCH, input: { query, topic, limit: 8 } };
}
