/** What an answer of this turn may rest on. */
import { hostOf } from "../../core/markdown/index.ts";
import { languageOfLocale } from "../../core/language/index.ts";
import type { DescribedTool } from "../../core/tool.ts";
import type { Deeds } from "../prompts/honest-words.ts";
import type { Evidence } from "../output-check/index.ts";
import type { CrewState, Desk, MadeCall } from "../roles/contract.ts";
import { numberSources, valueText } from "./evidence.ts";

/** What the calls of a turn did, besides telling something. */
export function deedsOf({ made, intention }: CrewState, { input, turn }: Desk): Deeds {
  const language = languageOfLocale(input.locale);
  const done = made.flatMap(({ tool: name, outcome }) => {
    const tool = turn.tools.tools.find((one) => one.name === name);
    if (outcome.status !== "done" || tool === undefined || !hasEffect(tool)) return [];
    return [tool.language[language]?.title ?? `\`${name}\``];
  });
  return {
    done: [...new Set(done)],
    isRemembered: (intention?.remember ?? []).length > 0,
    waits: made.some(({ outcome }) => outcome.status === "proposed"),
  };
}

function hasEffect(tool: DescribedTool | undefined): boolean {
  return tool !== undefined && (tool.confirmation !== "never" || tool.risk !== "low");
}

/** The person's words, what they refer to, and what the tools gave. */
export function answerEvidence({ words, made, intention }: CrewState, { input, turn }: Desk): Evidence {
  const sources = numberSources(made);
  const done = made.filter(({ outcome }) => outcome.status === "done");
  const listed = ({ tool }: MadeCall) => turn.tools.tools.find(({ name }) => name === tool);
  const hasEffects = (call: MadeCall): boolean => hasEffect(listed(call));
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
