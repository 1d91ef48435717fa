import type { BrokerCounts } from "../../core/broker/broker.ts";
import { createLogger } from "../../core/observe/log.ts";
import { createMetrics, type PrometheusMetrics } from "../../core/observe/metrics.ts";
import { inSpan } from "../../core/observe/spans.ts";
import type { Telemetry } from "../../core/telemetry.ts";
import type { TopicCounts } from "../../core/topics/topics.ts";

/** The process's telemetry and its metrics endpoint. */
export interface Observed {
  readonly telemetry: Telemetry;
  readonly expose: PrometheusMetrics["expose"];
}

const NOTHING: BrokerCounts = { waiting: 0, running: 0, scheduled: 0, outbox: 0, dead: 0 };

/** Makes logs, metrics and spans. `counts` and `topics` are asked at each scrape. */
export function observe(
  level: string,
  destination: { readonly write: (line: string) => void } | undefined,
  counts: () => Promise<BrokerCounts | undefined>,
  topics: () => Promise<Readonly<Record<string, TopicCounts>>>,
): Observed {
  const log = createLogger({ level, ...(destination === undefined ? {} : { destination }) });
  const { metrics, expose } = createMetrics(async () => (await counts()) ?? NOTHING, topics);
  return { telemetry: { log, metrics, inSpan }, expose };
}
