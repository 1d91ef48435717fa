import { consoleChat, crew, defineConfig, web } from "parleyjs";
import { documents } from "parleyjs/documents";
import { weather } from "./weather.ts";

/** The weather desk of a made-up region. It needs no key: its tools teach the embedded brain what people ask them. */
export default defineConfig({
  bots: {
    weather: {
      name: "Weather Desk",
      persona: "The assistant of the Vardlund Weather Desk: friendly and brief.",
      locale: "en",
      timeZone: "Europe/Berlin",
      accounts: [web(), consoleChat()],
      crew: crew({ model: "auto" }),
      tools: [weather(), documents({ directory: "documents" })],
    },
  },
});
