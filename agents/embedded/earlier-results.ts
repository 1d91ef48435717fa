/** What calls gave that no answer tells: of a model that failed then, or before new words came. */
import { languageOfLocale } from "../../core/language/index.ts";
import { sayResult } from "../dialogue/say.ts";
import type { CrewState, Desk, MadeCall } from "../roles/contract.ts";
import { abilityOf, upperFirst } from "./abilities.ts";
import { languageFor } from "./say.ts";
import { findTool } from "./tool-input.ts";

/** What was called before the words were read, and not again since. */
export function earlierResults({ made, earlier }: Pick<CrewState, "made" | "earlier">, desk: Desk): string {
  const since = new Set(made.slice(earlier).map(({ outcome }) => outcome));
  return resultsOf(
    made.slice(0, earlier).filter(({ outcome }) => !since.has(outcome)),
    desk,
  );
}

/** In each tool's own words, else by what it is for; what public tools gave is left out: it can be asked again. */
export function resultsOf(calls: readonly MadeCall[], desk: Desk): string {
  const { locale } = desk.input;
  const told = calls.flatMap(({ tool: name, outcome }) => {
    const tool = findTool(name, desk);
    if (outcome.status !== "done" || tool === undefined || tool.depends === "public") return [];
    const said = sayResult(tool, outcome.result, { language: languageOfLocale(locale), locale });
    return [said ?? `- ${upperFirst(abilityOf(tool, languageFor(desk.input)).ability)}`];
  });
  return [...new Set(told)].join("\n\n");
}
