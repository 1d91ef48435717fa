/**
 * What a careful person writes with grammY and BullMQ: each update becomes a job (known by its id, so that none is done
 * twice), a worker answers, and one chat's messages follow each other. Runs in the folder where the bench installs both.
 */
import { Queue, Worker } from "bullmq";
import { Bot } from "grammy";
import { Redis } from "ioredis";

const { TELEGRAM_API = "", TELEGRAM_TOKEN = "", REDIS_URL = "", PREFIX = "" } = process.env;
const connect = () => new Redis(REDIS_URL, { maxRetriesPerRequest: null });
const bot = new Bot(TELEGRAM_TOKEN, { client: { apiRoot: TELEGRAM_API } });
const queue = new Queue("messages", { connection: connect(), prefix: PREFIX });

bot.on("message:text", async ({ update, chat, message }) => {
  const job = { chat: chat.id, text: message.text };
  await queue.add("echo", job, {
    jobId: `update-${update.update_id}`,
    attempts: 4,
    backoff: { type: "exponential", delay: 1_000 },
    removeOnComplete: { count: 10_000 },
  });
});

/** The last answer that was begun in each chat. */
const last = new Map();

const answer = async ({ data: { chat, text } }) => {
  const before = last.get(chat);
  const mine = (async () => {
    await before?.catch(() => undefined);
    await bot.api.sendMessage(chat, `You said: ${text}`);
  })();
  last.set(chat, mine);
  try {
    await mine;
  } finally {
    if (last.get(chat) === mine) last.delete(chat);
  }
};

const worker = new Worker("messages", answer, { connection: connect(), prefix: PREFIX, concurrency: 50 });
worker.on("error", (error) => console.error(error));
await bot.start();
