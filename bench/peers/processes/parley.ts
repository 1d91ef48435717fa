/** The product with one Telegram account and a crew that echoes. */
import { telegram, telegramAdapter } from "../../../adapters/telegram/index.ts";
import { startRuntime } from "../../../cli/runtime/runtime.ts";
import type { CrewFactory } from "../../../core/bot.ts";
import { Secret } from "../../../core/config/index.ts";
import { validateConfig } from "../../../core/config/validate.ts";

const { TELEGRAM_API = "", TELEGRAM_TOKEN = "", REDIS_URL, PREFIX = "", DIRECTORY = "" } = process.env;

const echo: CrewFactory = {
  name: "echo",
  summary: {},
  open: async () => ({
    run: async ({ text }) => ({
      reply: { text: `You said: ${text}`, confidence: 1, model: "echo" },
      remember: [],
      cacheable: false,
    }),
    close: async () => {},
  }),
};

/** The other bots know nothing of Telegram's limits and send as fast as they can; here that is how fast it is. */
const unlimited: typeof telegramAdapter = {
  ...telegramAdapter,
  bind: (...settings) => {
    const bound = telegramAdapter.bind(...settings);
    const rate = { perChatPerSecond: 1_000_000, perAccountPerSecond: 1_000_000 };
    return { ...bound, manifest: { ...bound.manifest, capabilities: { ...bound.manifest.capabilities, rate } } };
  },
};

const account = telegram({ token: new Secret(TELEGRAM_TOKEN, "the bench"), apiRoot: TELEGRAM_API });
const exported = {
  bots: {
    echo: {
      name: "Echo",
      accounts: [{ ...account, adapter: unlimited }],
      crew: echo,
      tools: [],
      cacheSeconds: 0,
      limits: { rate: { messages: 1_000_000, perSeconds: 60 } },
    },
  },
  dataDirectory: DIRECTORY,
  log: { level: "silent" },
  ...(REDIS_URL === undefined ? {} : { broker: { kind: "redis", url: REDIS_URL, prefix: PREFIX } }),
};
const config = validateConfig(exported, "bots.config.ts", { environment: {}, readFile: () => "" });
const loaded = { config, file: "bots.config.ts", directory: DIRECTORY };
const runtime = await startRuntime(loaded, { roles: new Set(["adapters", "workers"]) });
// Only a profile needs it: a bot of the bench is killed.
process.once("SIGTERM", () => void runtime.close().then(() => process.exit(0)));
