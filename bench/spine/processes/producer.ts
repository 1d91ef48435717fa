/** Puts messages in: into the road, or into a bare BullMQ queue. The same code and the same pace for both. */
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { z } from "zod";
import type { InboundEvent } from "../../../core/event.ts";
import { completeEvent, createIntake } from "../../../core/intake/intake.ts";
import { silentTelemetry } from "../../../core/silent-telemetry.ts";
import { account, draftOf, environment, openBroker, openStore } from "../parts.ts";
import { answerParent, type Put } from "./answer-parent.ts";

const Start = z.object({
  kind: z.enum(["redis", "embedded", "bullmq"]),
  url: z.string(),
  prefix: z.string(),
  directory: z.string(),
  database: z.string().optional(),
  scope: z.enum(["road", "product"]),
});

const start = Start.parse(JSON.parse(process.argv[2] ?? "{}"));
const put = await openPut();
const acceptedAt: (readonly [string, number])[] = [];
let accepted = 0;

answerParent({
  finished: () => accepted,
  times: () => acceptedAt.splice(0),
  put: async ({ from, count, chats, everyMs }) => {
    if (everyMs > 0) await paced({ from, count, chats, everyMs });
    else await inRounds({ from, count, chats });
  },
});

async function openPut(): Promise<(chat: number, index: number) => Promise<string>> {
  const complete = (chat: number, index: number): InboundEvent =>
    completeEvent(draftOf(chat, index), { account, bot: "echo", environment });
  if (start.kind === "bullmq") {
    const connection = new Redis(start.url, { maxRetriesPerRequest: null });
    const queue = new Queue(start.prefix, { connection, defaultJobOptions: { removeOnComplete: true } });
    await queue.waitUntilReady();
    return async (chat, index) => {
      const event = complete(chat, index);
      await queue.add("message", event);
      return event.id;
    };
  }
  const road = { ...start, kind: start.kind };
  const broker = await openBroker(road);
  if (start.scope === "road") {
    return async (chat, index) => {
      const event = complete(chat, index);
      await broker.accept(event);
      return event.id;
    };
  }
  const store = await openStore(road);
  const intake = createIntake({
    account,
    bot: "echo",
    burstMs: () => 0,
    broker,
    store,
    environment,
    telemetry: silentTelemetry,
  });
  return async (chat, index) => (await intake({ event: draftOf(chat, index) }))?.eventId ?? "";
}

async function inRounds({ from, count, chats }: Omit<Put, "everyMs">): Promise<void> {
  for (let index = from; index < from + count; index += chats) {
    const round = Array.from({ length: Math.min(chats, from + count - index) }, async (_, chat) => {
      await put(chat, index);
      accepted += 1;
    });
    await Promise.all(round);
  }
}

/** One message every so often, whatever the answers take; its time is that of the call. */
async function paced({ from, count, chats, everyMs }: Put): Promise<void> {
  const begun = performance.now();
  const waiting: Promise<void>[] = [];
  for (let number = 0; number < count; number += 1) {
    const ahead = begun + number * everyMs - performance.now();
    if (ahead > 0) await new Promise((resolve) => setTimeout(resolve, ahead));
    const at = Number(process.hrtime.bigint() / 1_000n);
    waiting.push(
      put(number % chats, from + number).then((id) => {
        accepted += 1;
        acceptedAt.push([id, at]);
      }),
    );
  }
  await Promise.all(waiting);
}
