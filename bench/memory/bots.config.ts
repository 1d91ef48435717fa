import { bank, consoleChat, crew, defineConfig, web } from "parleyjs";
import { documents } from "parleyjs/documents";
import { recommend } from "parleyjs/recommend";

const accounts = bank();

/** The sample bot, without the limits that would slow the bench down. */
export default defineConfig({
  bots: {
    harbour: {
      name: "Harbour Assistant",
      persona: "The assistant of Harbour Bank: friendly, brief, precise, never pushy.",
      locale: "en",
      timeZone: "Europe/Berlin",
      accounts: [web(), consoleChat()],
      // "auto": Claude when ANTHROPIC_API_KEY is set, else the embedded brain that needs nothing.
      crew: crew({ model: "auto" }),
      tools: [
        documents({ directory: "../../samples/bank/documents" }),
        accounts,
        recommend({ profileOf: accounts.profileOf }),
      ],
      limits: { rate: { messages: 1_000_000, perSeconds: 60 } },
      compliance: {
        informationNotice: { default: "I am an automated assistant. Harbour Bank and its customers are invented." },
        regulatoryNotice: { default: "" },
      },
    },
  },
  gateway: { limits: { perAddress: 10_000_000 } },
});
