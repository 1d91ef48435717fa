import { collectDefaultMetrics, Counter, Gauge, Histogram, type LabelValues, Registry } from "prom-client";
import type { BrokerCounts } from "../broker/broker.ts";
import type { Metrics } from "../telemetry.ts";
import { pauseFor } from "../timing/sleep.ts";
import type { TopicCounts } from "../topics/topics.ts";

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Prometheus metrics; names and labels are listed in `docs/metrics.md`. */
export interface PrometheusMetrics {
  readonly metrics: Metrics;
  /** The text exposition format. */
  readonly expose: () => Promise<{ readonly contentType: string; readonly body: string }>;
}

/** Makes the metrics in a registry of their own. `counts` fills the queue gauges at each scrape. */
export function createMetrics(
  counts?: () => Promise<BrokerCounts>,
  topics?: () => Promise<Readonly<Record<string, TopicCounts>>>,
): PrometheusMetrics {
  const registry = new Registry();
  let watching: Promise<void> | undefined;
  if (counts !== undefined) queueGauges(registry, counts);
  if (topics !== undefined) topicGauge(registry, topics);
  return {
    metrics: roadMetrics(registry),
    expose: async () => {
      watching ??= watchProcess(registry);
      await watching;
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
  };
}

/** How often the event loop's delay is measured, in ms. By default it would wake an idle process a hundred times a second. */
const LOOP_EVERY_MS = 100;

/** The process's own metrics, from the first scrape on: where nobody asks nothing is measured. Waits for a first measure. */
async function watchProcess(registry: Registry): Promise<void> {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_EVERY_MS });
  await pauseFor(2 * LOOP_EVERY_MS);
}

function roadMetrics(registry: Registry): Metrics {
  const registers = [registry];
  const counter = (name: string, help: string, ...labelNames: string[]) => {
    const metric = new Counter({ name, help, labelNames, registers });
    return (labels: LabelValues<string>, count = 1): void => metric.inc(labels, count);
  };
  const histogram = (name: string, help: string, ...labelNames: string[]) => {
    const metric = new Histogram({ name, help, labelNames, buckets: SECONDS, registers });
    return (labels: LabelValues<string>, seconds: number): void => metric.observe(labels, seconds);
  };
  const cost = counter("parley_cost_dollars_total", "Cost of model calls in US dollars.", "model", "bot");
  const waits = histogram("parley_queue_wait_seconds", "Time from arrival to the start of the turn.", "platform");
  const cache = counter("parley_cache_total", "Answer cache by outcome.", "outcome");
  const breaker = new Gauge({
    name: "parley_breaker_open",
    help: "1 open, 0.5 half-open, 0 closed.",
    labelNames: ["service"],
    registers,
  });
  return {
    event: counter("parley_events_total", "Inbound events by what became of them.", "platform", "type", "outcome"),
    turn: histogram("parley_turn_seconds", "Time of a turn.", "bot", "outcome"),
    queueWait: (labels, seconds) => waits(labels, Math.max(0, seconds)),
    model: histogram("parley_model_seconds", "Time of a model call.", "model", "role", "outcome"),
    tool: histogram("parley_tool_seconds", "Time of a tool call.", "tool", "outcome"),
    delivery: histogram("parley_delivery_seconds", "Time from the outbox to the outcome.", "platform", "outcome"),
    tokens: counter("parley_tokens_total", "Tokens by model and direction.", "model", "direction"),
    cost: (labels, microDollars) => cost(labels, microDollars / 1_000_000),
    cache: (outcome) => cache({ outcome }),
    deadLetter: counter("parley_dead_letters_total", "Events that went to the dead letters.", "platform"),
    session: counter("parley_sessions_total", "Sessions that began and ended.", "bot", "event"),
    handOver: counter("parley_hand_overs_total", "Conversations handed over to people, by cause.", "bot", "cause"),
    guard: counter("parley_guard_total", "Verdicts of the guards.", "guard", "outcome"),
    budget: counter(
      "parley_budget_warnings_total",
      "Budgets nearly or wholly spent, once a day each.",
      "bot",
      "scope",
      "level",
    ),
    recommendation: counter(
      "parley_recommendations_total",
      "What came of recommendations, by model version.",
      "bot",
      "model",
      "action",
    ),
    training: histogram("parley_training_seconds", "Time of a training of the recommender.", "bot", "outcome"),
    pruned: counter("parley_pruned_total", "Rows and files deleted for their age, by class of data.", "class"),
    cleaned: counter(
      "parley_training_interactions_total",
      "Interactions of trainings: kept, or why left out.",
      "bot",
      "reason",
    ),
    breaker: ({ service, state }) => breaker.set({ service }, { closed: 0, "half-open": 0.5, open: 1 }[state]),
  };
}

function topicGauge(registry: Registry, topics: () => Promise<Readonly<Record<string, TopicCounts>>>): void {
  const gauge = new Gauge({
    name: "parley_topic",
    help: "Messages of a topic that wait, and that are dead.",
    labelNames: ["topic", "state"],
    registers: [registry],
    async collect() {
      // A scrape during an outage must still show the other metrics; `parley_broker_up` tells the outage.
      const found = await topics().catch(() => ({}));
      this.reset();
      for (const [topic, counts] of Object.entries<TopicCounts>(found))
        for (const state of ["waiting", "dead"] as const) gauge.set({ topic, state }, counts[state]);
    },
  });
}

function queueGauges(registry: Registry, counts: () => Promise<BrokerCounts>): void {
  const gauge = new Gauge({
    name: "parley_queue",
    help: "What waits, runs, is scheduled, is to be delivered, is dead.",
    labelNames: ["state"],
    registers: [registry],
    async collect() {
      try {
        for (const [state, value] of Object.entries(await counts())) this.set({ state }, value);
        reachable.set(1);
      } catch {
        // A scrape during an outage must still show the other metrics; the outage itself is this gauge.
        reachable.set(0);
      }
    },
  });
  const reachable = new Gauge({
    name: "parley_broker_up",
    help: "1 when the broker answered this scrape.",
    registers: [registry],
  });
  gauge.set({ state: "waiting" }, 0);
}
