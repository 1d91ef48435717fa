import type { Logger, Metrics, Telemetry } from "./telemetry.ts";

const nothing = (): void => undefined;

const silentLogger: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => silentLogger,
};

const silentMetrics: Metrics = {
  event: nothing,
  turn: nothing,
  queueWait: nothing,
  model: nothing,
  tool: nothing,
  delivery: nothing,
  tokens: nothing,
  cost: nothing,
  cache: nothing,
  deadLetter: nothing,
  session: nothing,
  handOver: nothing,
  guard: nothing,
  budget: nothing,
  recommendation: nothing,
  training: nothing,
  pruned: nothing,
  cleaned: nothing,
  breaker: nothing,
};

/** Telemetry that goes nowhere: for tests, benches and library use. */
export const silentTelemetry: Telemetry = {
  log: silentLogger,
  metrics: silentMetrics,
  inSpan: async (_span, work) => await work(),
};
