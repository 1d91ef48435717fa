/** What an answer of this turn may rest on. */
import { hostOf } from "../../core/markdown/index.ts";
import type { Evidence } from "../output-check/index.ts";
import type { CrewState, Desk, MadeCall } from "../roles/contract.ts";
import { numberSources, valueText } from "./evidence.ts";

/** The person's words, what they refer to, and what the tools gave. */
export function answerEvidence({ words, made, intention }: CrewState, { input, turn }: Desk): Evidence {
  const sources = numberSources(made);
  const done = made.filter(({ outcome }) => outcome.status === "done");
  const listed = ({ tool }: MadeCall) => turn.tools.tools.find(({ name }) => name === tool);
  const hasEffects = (call: MadeCall): boolean => {
    const tool = listed(call);
    return tool !== undefined && (tool.confirmation !== "never" || tool.risk !== "low");
  };
  return {
    said: [
      ...words,
      ...input.history.filter(({ role }) => role === "user").map(({ text }) => text),
      ...input.referred.map(({ text }) => text),
      ...input.memory.map(({ value }) => value),
      ...input.attachments.map(({ text = "" }) => text),
      ...sources.map(({ text }) => text),
      ...made.flatMap(({ outcome }) => ("message" in outcome ? [outcome.message] : [])),
    ],
    answered: [...input.history.filter(({ role }) => role !== "user").map(({ text }) => text), input.summary ?? ""],
    values: done.flatMap(({ outcome }) =>
      outcome.status === "done" ? [outcome.result.value, outcome.result.cards ?? []] : [],
    ),
    executed: done.filter(hasEffects).map((call) => {
      const titles = Object.values(listed(call)?.language ?? {}).map(({ title }) => title);
      return [call.tool, ...titles].join(" ").toLowerCase();
    }),
    called: done.filter((call) => !hasEffects(call)).map(({ tool }) => tool.toLowerCase()),
    reports: done.filter((call) => listed(call)?.depends === "user").map(({ outcome }) => valueText(outcome)),
    isRemembered: (intention?.remember ?? []).length > 0,
    hosts: new Set([...(input.linkHosts ?? []), ...sources.flatMap(({ source }) => hostOf(source.url) ?? [])]),
  };
}
