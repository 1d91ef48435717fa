import type { CrewFactory } from "../core/bot.ts";
import { checkCrew } from "./check-crew.ts";
import { chooseModels } from "./choose-model.ts";
import {
  missingForCrew,
  readCrewOptions,
  type CrewOptions,
  type CrewSettings,
  type ModelSetting,
} from "./crew-options.ts";
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
    check: async (context) => await checkCrew(chooseModels(settings, context), context.network),
  };
}

function summaryOf({ models, baseUrl, specialists, ...common }: CrewSettings): Readonly<Record<string, unknown>> {
  const [first] = models;
  const named = models.map(nameOf);
  const options = models.length === 1 && first?.kind === "claude" ? first.options : {};
  const { apiKey: _secret, ...claude } = { apiKey: undefined, ...options };
  const model = named.length === 1 ? named[0] : named;
  const team = specialists.map(({ name, tools }) => `${name}: ${tools === "others" ? tools : tools.join(", ")}`);
  const own = { ...common, ...(team.length > 0 && { specialists: team }) };
  return { model, ...own, ...(baseUrl !== undefined && { baseUrl }), ...claude };
}

function nameOf(setting: ModelSetting): string {
  return setting.kind === "named" ? `${setting.model.provider}:${setting.model.id}` : setting.kind;
}
