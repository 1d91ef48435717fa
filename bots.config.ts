import { bank, consoleChat, crew, defineConfig, support, web } from "parleyjs";
import { documents } from "parleyjs/documents";
import { recommend } from "parleyjs/recommend";

const accounts = bank();

/** One bot of a fictional bank, on a web page and in this terminal. It needs no key, no token and no Redis. */
export default defineConfig({
  bots: {
    harbour: {
      name: "Harbour Assistant",
      persona: "The assistant of Harbour Bank: friendly, brief, precise, never pushy.",
      locale: "en",
      timeZone: "Europe/Berlin",
      accounts: [
        web({
          suggestions: [
            "What does a replacement card cost?",
            "link ANNA-7K42",
            "What is my balance?",
            "Which savings product suits me?",
          ],
        }),
        consoleChat(),
      ],
      // "auto": Claude when ANTHROPIC_API_KEY is set, else the embedded brain that needs nothing.
      crew: crew({ model: "auto" }),
      tools: [
        documents({
          directory: "samples/bank/documents",
          samples: { default: "What does a replacement card cost?", de: "Was kostet eine Ersatzkarte?" },
        }),
        accounts,
        // The customers are invented: the bot may learn from them. For real people, "consented" asks each of them.
        recommend({ profileOf: accounts.profileOf, capture: "on" }),
        support(),
      ],
      limits: { rate: { messages: 20, perSeconds: 60 } },
      // Whoever asks for a person gets one: parley hand-over list.
      handOver: {
        contact: {
          default: "Our people are here Monday to Friday, 8 to 20 o'clock, and answer at +49 30 23125 100 as well.",
          de: "Unsere Leute sind Montag bis Freitag von 8 bis 20 Uhr da, auch unter +49 30 23125 100.",
        },
      },
      compliance: {
        informationNotice: { default: "I am an automated assistant. Harbour Bank and its customers are invented." },
      },
    },
  },
});
