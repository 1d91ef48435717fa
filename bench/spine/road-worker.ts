/** A worker process of the bench: turns, and (the first one) deliveries. Tells its parent which events were answered. */
import { z } from "zod";
import { account, delivery, echoTurns, openBroker, openStore } from "./parts.ts";

const Start = z.object({
  kind: z.enum(["redis", "embedded"]),
  url: z.string(),
  prefix: z.string(),
  directory: z.string(),
  delivers: z.boolean(),
});

const road = Start.parse(JSON.parse(process.argv[2] ?? "{}"));
const broker = await openBroker(road);
const store = await openStore(road);
const sent: string[] = [];
const running = [broker.work(echoTurns(broker, store), { concurrency: 50 })];
if (road.delivers)
  running.push(
    broker.deliver(account, await delivery(broker, store, (eventId) => void sent.push(eventId)), { concurrency: 50 }),
  );
setInterval(() => {
  if (sent.length > 0) process.send?.({ sent: sent.splice(0), at: Date.now() });
}, 2);
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpu: user + system });
});
process.send?.({ ready: true });
process.on("disconnect", () => process.exit(0));
