/** Everything that can go wrong with a provider, and how each ends. */
import {
  always,
  billingError,
  connectionDropped,
  cut,
  endsEarly,
  failsMidStream,
  onlyPings,
  overloaded,
  rateLimited,
  serverError,
  spendLimitReached,
  stalls,
  type Step,
} from "../support/messages-api/faults.ts";
import type { Responder } from "../support/messages-api/server.ts";

export interface FaultCase {
  readonly name: string;
  readonly script: readonly Step[] | Responder;
  /** `model`: the model answers all the same; `embedded`: the embedded brain does; a code: the turn fails with it. */
  readonly ends: "model" | "embedded" | `model/${string}`;
  readonly withinMs: number;
}

const text = "The Premium Account costs €14.90 a month [1].";
const answer = { text };
const search: Step = { toolUse: [{ name: "search_documents", input: { query: "Premium Account per month" } }] };
const half: Step = {
  toolUse: [{ name: "search_documents", input: {}, rawInput: '{"query": "Prem' }],
  stopReason: "tool_use",
};
const refused = { status: 401, type: "authentication_error", message: "invalid x-api-key" } as const;
const unknown = { status: 404, type: "not_found_error", message: "model: claude-x" } as const;

/** Answered soon: no pause of a retry is longer than a few seconds. */
const SOON = 12_000;
/** One idle time, and a little. */
const SILENT = 16_000;

export const faultCases: readonly FaultCase[] = [
  { name: "overloaded once", script: [overloaded, search, answer], ends: "model", withinMs: SOON },
  { name: "overloaded for ever", script: always(overloaded), ends: "embedded", withinMs: SOON },
  {
    name: "an error inside the service",
    script: [serverError, search, serverError, answer],
    ends: "model",
    withinMs: SOON,
  },
  { name: "a dropped connection", script: [connectionDropped, search, answer], ends: "model", withinMs: SOON },
  { name: "rate limited for a second", script: [rateLimited(1), search, answer], ends: "model", withinMs: SOON },
  { name: "rate limited for a minute", script: always(rateLimited(60)), ends: "embedded", withinMs: SOON },
  { name: "no credit", script: always(billingError), ends: "embedded", withinMs: SOON },
  { name: "the spend limit of the account", script: always(spendLimitReached), ends: "embedded", withinMs: SOON },
  { name: "a refused key", script: always({ failure: refused }), ends: "embedded", withinMs: SOON },
  { name: "an unknown model", script: always({ failure: unknown }), ends: "embedded", withinMs: SOON },
  { name: "a socket cut in the answer", script: [search, cut(answer, 2), answer], ends: "model", withinMs: SOON },
  {
    name: "an error event in the answer",
    script: [search, failsMidStream(answer, 2), answer],
    ends: "model",
    withinMs: SOON,
  },
  { name: "an answer that just ends", script: [search, endsEarly(answer, 2), answer], ends: "model", withinMs: SOON },
  {
    name: "answers that always break off",
    script: (request) => (request.model.includes("haiku") ? search : cut(answer, 2)),
    ends: "embedded",
    withinMs: SOON,
  },
  { name: "silence while it reads", script: always(stalls(answer, 1)), ends: "embedded", withinMs: SILENT },
  { name: "pings only while it reads", script: always(onlyPings(answer, 1, 500)), ends: "embedded", withinMs: SILENT },
  { name: "pings only in the answer", script: [search, onlyPings(answer, 2, 500)], ends: "embedded", withinMs: SILENT },
  {
    name: "cut by max_tokens",
    script: [search, { text: "The Premium Account costs ", stopReason: "max_tokens" }, { text: "€14.90 a month [1]." }],
    ends: "model",
    withinMs: SOON,
  },
  {
    name: "paused by the provider",
    script: [
      search,
      { thinking: "hm", text: "The Premium Account costs ", stopReason: "pause_turn" },
      { text: "€14.90 a month [1]." },
    ],
    ends: "model",
    withinMs: SOON,
  },
  {
    name: "cut by max_tokens for ever",
    script: (request) => (request.model.includes("haiku") ? search : { text: "and ", stopReason: "max_tokens" }),
    ends: "embedded",
    withinMs: SOON,
  },
  { name: "a tool call that is no JSON, once", script: [half, search, answer], ends: "model", withinMs: SOON },
  { name: "a tool call that is no JSON, always", script: always(half), ends: "embedded", withinMs: SOON },
  { name: "an answer without words", script: [search, { thinking: "hm" }], ends: "embedded", withinMs: SOON },
  {
    name: "no room left in the context",
    script: [search, { text: "I", stopReason: "model_context_window_exceeded" }, answer],
    ends: "model",
    withinMs: SOON,
  },
  { name: "a refusal", script: [search, { text: "I", stopReason: "refusal" }], ends: "model/refused", withinMs: SOON },
];

export const healthy: readonly Step[] = [search, answer];
export const asked = "How much is the Premium Account per month?";
