import { defineTool, InvalidInputError } from "parleyjs/adapter";
import { z } from "zod";
import german from "./language/de.json" with { type: "json" };
import english from "./language/en.json" with { type: "json" };

const DAY_MS = 86_400_000;
const LAST_DAY = 6;

const skies = [
  { en: "sunny", de: "sonnig" },
  { en: "cloudy", de: "bewölkt" },
  { en: "light rain", de: "leichter Regen" },
  { en: "heavy showers", de: "kräftige Schauer" },
  { en: "fog, then sun", de: "Nebel, später Sonne" },
] as const;

/** Tells the weather. The figures are made up, and the same for the same place and day. */
export const getForecast = defineTool({
  name: "get_forecast",
  description: "Gives the weather of a place for today or one of the six days after it.",
  input: z.strictObject({ city: z.string().min(1).max(80), date: z.iso.date().optional() }),
  slots: { city: { entity: "text", provenance: "own-words" }, date: { entity: "date" } },
  language: { en: english.get_forecast, de: german.get_forecast },
  risk: "low",
  confirmation: "never",
  scopes: ["public"],
  depends: "public",
  execute: async ({ city, date }, { environment, locale }) => {
    const today = dayOf(environment.clock());
    const day = date ?? today;
    const ahead = (Date.parse(day) - Date.parse(today)) / DAY_MS;
    if (ahead < 0 || ahead > LAST_DAY) throw new InvalidInputError("weather/no-forecast", outOfReach(locale));
    return { value: { city, date: day, ...weatherOf(`${city.toLowerCase()} ${day}`) } };
  },
});

/** The day where the desk is, as `YYYY-MM-DD`. */
function dayOf(time: number): string {
  return new Date(time).toLocaleDateString("sv-SE", { timeZone: "Europe/Berlin" });
}

function outOfReach(locale: string): string {
  return locale.startsWith("de")
    ? "Ich kann das Wetter nur für heute und die sechs Tage danach vorhersagen. Bitte nennen Sie einen solchen Tag."
    : "I can only forecast today and the six days after it. Please name one of these days.";
}

function weatherOf(seed: string) {
  let sum = 7;
  for (const sign of seed) sum = (sum * 31 + (sign.codePointAt(0) ?? 0)) % 100_003;
  const sky = skies[sum % skies.length] ?? skies[0];
  const low = (sum % 13) - 4;
  return { sky, low, high: low + 3 + (sum % 6), wind: 5 + (sum % 60), rain: 5 * (sum % 20) };
}
