/** A worker process of the bench: turns, and (the first one) deliveries. Tells its parent which events were answered. */
import { z } from "zod";
import type { DeliveryAttempt } from "../../core/broker/broker.ts";
import { account, delivery, echoRoad, echoTurns, openBroker, openStore } from "./parts.ts";

const Start = z.object({
  kind: z.enum(["redis", "embedded"]),
  url: z.string(),
  prefix: z.string(),
  directory: z.string(),
  delivers: z.boolean(),
  /** `road`: the durable road alone. `product`: guards, conversation, history, trace, rendering and receipts as well. */
  scope: z.enum(["road", "product"]),
});

const road = Start.parse(JSON.parse(process.argv[2] ?? "{}"));
const broker = await openBroker(road);
const store = await openStore(road);
const sent: string[] = [];
const onSent = (eventId: string): void => void sent.push(eventId);
const isProduct = road.scope === "product";
const running = [broker.work(isProduct ? echoTurns(broker, store) : echoRoad, { concurrency: 50 })];
if (road.delivers) {
  const handler = isProduct
    ? await delivery(broker, store, onSent)
    : async ({ entry }: DeliveryAttempt) => await Promise.resolve(onSent(entry.eventId));
  running.push(broker.deliver(account, handler, { concurrency: 50 }));
}
setInterval(() => {
  if (sent.length > 0) process.send?.({ sent: sent.splice(0), at: Date.now() });
}, 2);
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpu: user + system });
});
process.send?.({ ready: true });
process.on("disconnect", () => process.exit(0));
