/**
 * The same bot with Chat SDK, its Telegram adapter and its Redis state. Messages that arrive while one of the chat is
 * answered come together: each is answered, in order, so that nothing is dropped by the way the bot is written.
 */
import { createRedisState } from "@chat-adapter/state-redis";
import { createTelegramAdapter } from "@chat-adapter/telegram";
import { Chat } from "chat";

const { TELEGRAM_API = "", TELEGRAM_TOKEN = "", REDIS_URL = "", PREFIX = "" } = process.env;
const bot = new Chat({
  userName: "parley_local_bot",
  adapters: { telegram: createTelegramAdapter({ botToken: TELEGRAM_TOKEN, mode: "polling", apiUrl: TELEGRAM_API }) },
  state: createRedisState({ url: REDIS_URL, keyPrefix: PREFIX }),
  concurrency: { strategy: "queue", maxQueueSize: 1_000 },
  logger: "error",
});

bot.onDirectMessage(async (thread, message, _channel, context) => {
  for (const one of [...(context?.skipped ?? []), message]) await thread.post(`You said: ${one.text}`);
});

await bot.initialize();
