/** A process that works on an embedded broker until it is killed. Arguments: the file, the lease in ms. */
import { ulid } from "ulid";
import { createEmbeddedBroker } from "../../core/broker/embedded/embedded-broker.ts";
import { textOf } from "../../core/event.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { replyTo } from "./events.ts";

const [path = "", leaseMs = "500"] = process.argv.slice(2);
const broker = createEmbeddedBroker({
  path,
  environment: { clock: Date.now, newId: () => ulid(), random: Math.random },
  telemetry: silentTelemetry,
});
broker.work(
  async (claim) => {
    const [head] = claim.waiting;
    if (head === undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 1 + Math.random() * 4));
    await claim.commit({ through: head.sequence, replies: [replyTo(head.event, textOf(head.event))] });
  },
  { leaseMs: Number(leaseMs), retry: { maxCrashes: 1_000 }, batch: 5 },
);
process.stdout.write("up\n");
