import type { CrewFactory } from "../core/bot.ts";
import { checkCrew } from "./check-crew.ts";
import { chooseModel } from "./choose-model.ts";
import { missingForCrew, readCrewOptions, type CrewOptions, type CrewSettings } from "./crew-options.ts";
import { openCrew } from "./open-crew.ts";

/**
 * The agents of a bot. With Claude configured, the embedded brain takes over while the provider fails. Throws
 * `SettingsError` for wrong settings; opening it throws when a configured key is missing.
 */
export function crew(options: CrewOptions = {}): CrewFactory {
  const settings = readCrewOptions(options);
  return {
    name: "crew",
    summary: summaryOf(settings),
    missing: (place) => missingForCrew(settings, place),
    open: async (context) => openCrew(settings, context),
    check: async (context) => await checkCrew(chooseModel(settings, context), context.network),
  };
}

function summaryOf({
  model,
  roles,
  maxToolRounds,
  currency,
  baseUrl,
}: CrewSettings): Readonly<Record<string, unknown>> {
  const common = { roles, maxToolRounds, currency, ...(baseUrl !== undefined && { baseUrl }) };
  if (model.kind !== "claude") return { model: model.kind, ...common };
  const { apiKey: _secret, ...claude } = model.options;
  return { model: "claude", ...common, ...claude };
}
