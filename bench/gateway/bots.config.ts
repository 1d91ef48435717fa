import { crew, defineConfig, web } from "parleyjs";

const NO_LIMIT = 1_000_000;

/** A bot without the limits that would slow the bench down. */
export default defineConfig({
  bots: {
    bench: {
      name: "Bench",
      persona: "Answers.",
      locale: "en",
      timeZone: "Europe/Berlin",
      accounts: [
        web({ perAddress: { newSessionsPerMinute: NO_LIMIT, messagesPerMinute: NO_LIMIT, sockets: 100_000 } }),
      ],
      crew: crew({ model: "auto" }),
      tools: [],
      limits: { rate: { messages: NO_LIMIT, perSeconds: 60 } },
    },
  },
  gateway: { limits: { perAddress: 10_000_000 } },
});
