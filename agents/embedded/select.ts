/** Tool calls, or none, by the route of each message. */
import type { Frame } from "../../core/dialogue.ts";
import type { Step } from "../dialogue/step.ts";
import type { CrewState, Desk, Intention, Selection, WantedCall } from "../roles/contract.ts";
import type { Reading } from "./reading.ts";
import { asksForSomething, routeOf } from "./routes.ts";
import { searchFor } from "../understanding/language.ts";
import { acceptedBy, isSearch } from "./tool-input.ts";

/** A message that seems foreign is looked up only when a question to documents is nearly as likely. */
const LIKELY_QUESTION = 0.3;
/** The same behind an answer from documents. */
const LIKELY_FURTHER_QUESTION = 0.2;

/** Chooses the next call that the message needs. */
export function selectEmbedded(state: CrewState, desk: Desk): Selection {
  const { reading, steps } = state.intention ?? {};
  if (steps !== undefined) return state.made.length === 0 ? callsFor(steps) : { kind: "enough" };
  if (state.intention === null || reading === undefined) return { kind: "enough" };
  const wanted = wantedSearch(state, state.intention, reading);
  const tool = desk.turn.tools.tools.find(isSearch);
  if (wanted === undefined || tool === undefined) return { kind: "enough" };
  // More passages than are shown: the best sentence of all is looked for in them.
  const call = { tool: tool.name, input: { ...wanted, limit: 8 } };
  return { kind: "call", calls: [{ ...call, input: acceptedBy(call, desk) }] };
}

/** What is looked for in documents. */
interface Search {
  readonly query: string;
  readonly topics?: Intention["topics"];
}

function wantedSearch({ made }: CrewState, intention: Intention, reading: Reading): Search | undefined {
  if (made.length > 0) return undefined;
  const { request: query, topics, configured, language } = intention;
  const { answer, documents, tool, search } = configured ?? {};
  // Beside what is said anyhow stand the figures of its topic, however it was asked.
  if (answer !== undefined) return documents === true ? { query: search?.[0] ?? query } : undefined;
  if (documents !== undefined || tool !== undefined) {
    // Words of a language that no document is in find nothing, and may resemble anything.
    const asked = language === undefined || search === undefined ? { query, topics } : { query: search.join(" ") };
    return documents === true ? asked : undefined;
  }
  return firstSearch({ query, topics }, reading);
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

function firstSearch(asked: Search, reading: Reading): Search | undefined {
  if (reading.about !== undefined) return reading.about.kind === "question" ? asked : undefined;
  if (reading.earlier !== undefined && asksForSomething(reading.understood.route)) return asked;
  return searchByRoute(asked, reading);
}

function searchByRoute(asked: Search, reading: Reading): Search | undefined {
  switch (reading.understood.route) {
    case "documents":
    case "answer":
      return asked;
    case "tool":
    case "foreign":
      return mayBeQuestion(reading) ? asked : undefined;
    case "hand-over":
      return { query: searchFor(reading.understood.recognized.label) };
    case "talk":
    case "memory":
      return undefined;
  }
}

function mayBeQuestion({ understood: { recognized, knowsTopics }, cited }: Reading): boolean {
  // Where nobody taught what documents answer, all that is not understood is looked for in them.
  if (!knowsTopics) return true;
  const served = recognized.alternatives.find(({ label }) => !["tool", "foreign"].includes(routeOf(label)));
  const least = cited.length > 0 ? LIKELY_FURTHER_QUESTION : LIKELY_QUESTION;
  return served !== undefined && routeOf(served.label) === "documents" && served.confidence >= least;
}
