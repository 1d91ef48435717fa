import type { ToolPackFactory } from "parleyjs/adapter";
import { type Alerts, setWeatherAlert } from "./alerts.ts";
import { getForecast } from "./forecast.ts";

/** The pack that `bots.config.ts` lists. */
export function weather(alerts: Alerts = new Map()): ToolPackFactory {
  return {
    name: "weather",
    summary: {},
    open: async () => ({ tools: [getForecast, setWeatherAlert(alerts)], close: async () => {} }),
  };
}
