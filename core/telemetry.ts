/** Logs, metrics and spans as the road uses them; `core/observe` implements it with pino, prom-client and OpenTelemetry. */

/** Structured fields first, then a sentence. Never secrets, message texts or personal data. */
export interface Logger {
  readonly debug: (fields: object, message: string) => void;
  readonly info: (fields: object, message: string) => void;
  readonly warn: (fields: object, message: string) => void;
  readonly error: (fields: object, message: string) => void;
  /** A logger that adds these fields (the correlation id) to every line. */
  readonly child: (fields: object) => Logger;
}

/** The counters and timers of the road, one method per fact. Names and labels are in `docs/metrics.md`. */
export interface Metrics {
  readonly event: (labels: { readonly platform: string; readonly type: string; readonly outcome: string }) => void;
  readonly turn: (labels: { readonly bot: string; readonly outcome: string }, seconds: number) => void;
  readonly queueWait: (labels: { readonly platform: string }, seconds: number) => void;
  readonly model: (
    labels: { readonly model: string; readonly role: string; readonly outcome: string },
    seconds: number,
  ) => void;
  readonly tool: (labels: { readonly tool: string; readonly outcome: string }, seconds: number) => void;
  readonly delivery: (labels: { readonly platform: string; readonly outcome: string }, seconds: number) => void;
  readonly tokens: (
    labels: {
      readonly model: string;
      readonly direction: "input" | "output" | "cache-read" | "cache-write";
    },
    count: number,
  ) => void;
  readonly cost: (labels: { readonly model: string; readonly bot: string }, microDollars: number) => void;
  readonly cache: (outcome: "hit" | "miss" | "skipped") => void;
  readonly deadLetter: (labels: { readonly platform: string }) => void;
  readonly session: (labels: { readonly bot: string; readonly event: "session.created" | "session.ended" }) => void;
  readonly handOver: (labels: { readonly bot: string; readonly cause: string }) => void;
  readonly guard: (labels: { readonly guard: string; readonly outcome: string }) => void;
  /** A budget of today that is nearly or wholly spent, told once a day. */
  readonly budget: (labels: { readonly bot: string; readonly scope: string; readonly level: "near" | "spent" }) => void;
  readonly recommendation: (labels: { readonly bot: string; readonly model: string; readonly action: string }) => void;
  readonly training: (labels: { readonly bot: string; readonly outcome: string }, seconds: number) => void;
  /** Rows and files deleted for their age, by class of data. */
  readonly pruned: (labels: { readonly class: string }, count: number) => void;
  /** What became of the interactions that a training read: kept, or left out and why. */
  readonly cleaned: (labels: { readonly bot: string; readonly reason: string }, count: number) => void;
  readonly breaker: (labels: { readonly service: string; readonly state: "closed" | "open" | "half-open" }) => void;
}

/** Runs `work` inside a span; the span ends with it and carries its error. */
export type InSpan = <Result>(
  span: {
    readonly name: string;
    readonly attributes?: Readonly<Record<string, string | number | boolean>>;
  },
  work: () => Promise<Result>,
) => Promise<Result>;

export interface Telemetry {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly inSpan: InSpan;
}
