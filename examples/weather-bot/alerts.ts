import { defineTool, type Tool } from "parleyjs/adapter";
import { z } from "zod";
import german from "./language/de.json" with { type: "json" };
import english from "./language/en.json" with { type: "json" };

const DAYS = 90;

const kinds = {
  storm: { en: "storm", de: "Sturm" },
  frost: { en: "frost", de: "Frost" },
  heat: { en: "heat", de: "Hitze" },
  rain: { en: "rain", de: "Regen" },
} as const;

/** Who is warned of what, by the key of the confirmed call: the same call again gives the same alert. */
export type Alerts = Map<string, { readonly person: string; readonly city: string; readonly kind: keyof typeof kinds }>;

/** Sets an alert. It is shown first, and its requester confirms it. */
export function setWeatherAlert(alerts: Alerts): Tool {
  return defineTool({
    name: "set_weather_alert",
    description: "Sets an alert: the person gets a message when a warning of this kind is given for the place.",
    input: z.strictObject({ city: z.string().min(1).max(80), kind: z.enum(["storm", "frost", "heat", "rain"]) }),
    slots: { city: { entity: "text", provenance: "own-words" }, kind: { entity: "choice" } },
    language: { en: english.set_weather_alert, de: german.set_weather_alert },
    risk: "low",
    confirmation: "always",
    scopes: ["private"],
    depends: "user",
    propose: async ({ city, kind }, { locale }) => ({
      summary: locale.startsWith("de")
        ? `Warnung vor ${kinds[kind].de} für ${city} einrichten`
        : `Set a ${kinds[kind].en} alert for ${city}`,
    }),
    execute: async ({ city, kind }, { person, idempotencyKey }) => {
      alerts.set(idempotencyKey, { person, city, kind });
      return { value: { city, kind: kinds[kind], days: DAYS } };
    },
  });
}
