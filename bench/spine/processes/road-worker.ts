/** A worker process of the bench: turns, and (the first one) deliveries. */
import { z } from "zod";
import type { DeliveryAttempt } from "../../../core/broker/broker.ts";
import { account, delivery, echoRoad, echoTurns, openBroker, openStore } from "../parts.ts";
import { answerParent } from "./answer-parent.ts";

const Start = z.object({
  kind: z.enum(["redis", "embedded"]),
  url: z.string(),
  prefix: z.string(),
  directory: z.string(),
  database: z.string().optional(),
  delivers: z.boolean(),
  /** `road`: the durable road alone. `product`: guards, conversation, history, trace, rendering and receipts as well. */
  scope: z.enum(["road", "product"]),
  /** Whether each send is noted with its time. */
  times: z.boolean(),
});

const road = Start.parse(JSON.parse(process.argv[2] ?? "{}"));
const broker = await openBroker(road);
const store = await openStore(road);
let sent = 0;
const sentAt: (readonly [string, number])[] = [];
const onSent = (eventId: string): void => {
  sent += 1;
  if (road.times) sentAt.push([eventId, Number(process.hrtime.bigint() / 1_000n)]);
};
const isProduct = road.scope === "product";
broker.work(isProduct ? echoTurns(broker, store) : echoRoad, { concurrency: 50 });
if (road.delivers) {
  const handler = isProduct
    ? await delivery(broker, store, onSent)
    : async ({ entry }: DeliveryAttempt) => onSent(entry.eventId);
  broker.deliver(account, handler, { concurrency: 50 });
}
answerParent({ finished: () => sent, times: () => sentAt.splice(0) });
