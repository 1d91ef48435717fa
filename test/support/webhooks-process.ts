/**
 * A process that sends webhooks until it is killed: `node --import tsx webhooks-process.ts <folder> <now> <stall> <url?>`. It says
 * "stalled" where it stops for good: `tell` (an event is durable, nothing else is), `queue` (a delivery is noted, and not yet in
 * the queue), `mark` (the receiver has answered, nobody noted it), `acknowledge` (it is noted, and still in the queue).
 */
import { join } from "node:path";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { createEmbeddedTopics } from "../../core/topics/embedded/embedded-topics.ts";
import type { Topics } from "../../core/topics/topics.ts";
import { placeAt } from "./test-place.ts";
import { messageEvent, openTestWebhooks } from "./webhook-place.ts";

const [, , folder, now, stall, url] = process.argv;
if (folder === undefined || now === undefined) throw new Error("Give folder and time");

/** The whole process stands still, leases included. A pipe is written to at once. */
function standStill(): void {
  process.stdout.write("stalled\n");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

const environment = { clock: () => Number(now), random: () => 0.5, newId: () => "id" };
const own = createEmbeddedTopics({
  path: join(folder, "topics.sqlite"),
  environment,
  telemetry: silentTelemetry,
  pollMs: 20,
});
const topics: Topics = {
  ...own,
  publish: async (topic, ...rest) => {
    if (stall === "queue" && topic === "webhook-deliveries") standStill();
    await own.publish(topic, ...rest);
  },
  consume: (topic, handler, options) =>
    own.consume(
      topic,
      async (message) => {
        await handler(message);
        if (stall === "acknowledge" && topic === "webhook-deliveries") standStill();
      },
      options,
    ),
};
const telemetry = {
  ...silentTelemetry,
  // Between the answer and its note.
  metrics: { ...silentTelemetry.metrics, delivery: () => void (stall === "mark" && standStill()) },
};
const { webhooks } = await openTestWebhooks(
  folder,
  { now: Number(now) },
  { place: placeAt(folder, url), topics, telemetry },
);
await webhooks.tell(messageEvent("1"));
if (stall === "tell") standStill();
webhooks.start();
