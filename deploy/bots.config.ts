import { bank, crew, defineConfig, env, support, web } from "parleyjs";
import { documents } from "parleyjs/documents";
import { postgres } from "parleyjs/postgres";
import { recommend } from "parleyjs/recommend";
import { redis } from "parleyjs/redis";
import { telegram } from "parleyjs/telegram";

const accounts = bank();

/** The sample bank for several processes: what docker-compose.yml and `npm run deploy:local` run. */
export default defineConfig({
  bots: {
    harbour: {
      name: "Harbour Assistant",
      persona: "The assistant of Harbour Bank: friendly, brief, precise, never pushy.",
      timeZone: "Europe/Berlin",
      accounts: [web(), ...(process.env["TELEGRAM_TOKEN"] ? [telegram({ token: env("TELEGRAM_TOKEN") })] : [])],
      crew: crew({ model: "auto" }),
      tools: [
        documents({ directory: "samples/bank/documents" }),
        accounts,
        recommend({ profileOf: accounts.profileOf, capture: "on" }),
        support(),
      ],
      // Whoever asks for a person gets one: parley hand-over list.
      handOver: { contact: { default: "Our people are here Monday to Friday, 8 to 20 o'clock." } },
    },
  },
  broker: redis({ url: env("REDIS_URL") }),
  store: postgres({ url: env("DATABASE_URL") }),
  gateway: { accessToken: env("PARLEY_ACCESS_TOKEN") },
});
