/** Logs (pino), metrics (Prometheus) and spans (OpenTelemetry) of the whole road. */
export { createLogger } from "./log.ts";
export type { LogOptions } from "./log.ts";
export { createMetrics } from "./metrics.ts";
export type { PrometheusMetrics } from "./metrics.ts";
export { inSpan } from "./spans.ts";
