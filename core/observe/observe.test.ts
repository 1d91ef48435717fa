import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { trace } from "@opentelemetry/api";
import { afterEach, describe, expect, it } from "vitest";
import { createLogger } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import { inSpan } from "./spans.ts";

describe("logs", () => {
  it("carry the correlation id and never a secret or a message text", () => {
    const lines: string[] = [];
    const log = createLogger({ destination: { write: (line) => lines.push(line) } });
    log.child({ correlationId: "e1" }).info({ token: "xoxb-1", request: { text: "my salary" } }, "sent");
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ correlationId: "e1", msg: "sent", token: "[redacted]" });
    expect(lines.join("")).not.toMatch(/xoxb|salary/u);
  });
});

const IBAN = "DE89 3704 0044 0532 0130 00";

describe("personal data", () => {
  it("is masked in every text of a line: fields, errors, the sentence, and what a child adds", () => {
    const lines: string[] = [];
    const log = createLogger({ destination: { write: (line) => lines.push(line) } });
    const error = new Error(`no account ${IBAN} of anna@example.org`);
    const child = log.child({ from: "anna@example.org", correlationId: "5f2c1e80-9a3b-4c55-8d0e-1b2c3d4e5f60" });
    child.warn(
      { error: `failed: ${IBAN}`, thrown: error, list: [{ url: "https://x.example/?token=abcd1234" }] },
      `by ${IBAN}`,
    );
    const line: unknown = JSON.parse(lines[0] ?? "");
    expect(line).toMatchObject({
      from: "[email]",
      correlationId: "5f2c1e80-9a3b-4c55-8d0e-1b2c3d4e5f60",
      error: "failed: [iban]",
      thrown: "Error: no account [iban] of [email]",
      list: [{ url: "https://x.example/?token=[secret]" }],
      msg: "by [iban]",
    });
  });

  it("is masked in spans: attributes, exceptions, the status", async () => {
    const exporter = new InMemorySpanExporter();
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
    const failing = async () => await Promise.reject(new Error(`refused: ${IBAN}`));
    await expect(inSpan({ name: "tool", attributes: { to: "anna@example.org" } }, failing)).rejects.toThrow(IBAN);
    trace.disable();
    const [span] = exporter.getFinishedSpans();
    expect(span?.attributes).toEqual({ to: "[email]" });
    expect(span?.status.message).toBe("Error: refused: [iban]");
    expect(JSON.stringify([span?.events, span?.attributes, span?.status])).not.toMatch(/0532|example\.org/u);
  });
});

describe("metrics", () => {
  it("expose every fact of the road in the Prometheus format", async () => {
    const { metrics, expose } = createMetrics(async () => ({
      waiting: 3,
      running: 1,
      scheduled: 0,
      outbox: 2,
      dead: 1,
    }));
    metrics.event({ platform: "web", type: "message", outcome: "accepted" });
    metrics.delivery({ platform: "web", outcome: "delivered" }, 0.02);
    metrics.cost({ model: "claude", bot: "harbour" }, 2_500_000);
    metrics.breaker({ service: "model", state: "open" });
    const { body } = await expose();
    expect(body).toContain('parley_events_total{platform="web",type="message",outcome="accepted"} 1');
    expect(body).toContain('parley_cost_dollars_total{model="claude",bot="harbour"} 2.5');
    expect(body).toContain('parley_queue{state="waiting"} 3');
    expect(body).toContain('parley_breaker_open{service="model"} 1');
    expect(body).toContain('parley_delivery_seconds_count{platform="web",outcome="delivered"} 1');
  });

  it("still answer a scrape while the broker is down, and say that it is", async () => {
    const { expose } = createMetrics(async () => await Promise.reject(new Error("down")));
    const { body } = await expose();
    expect(body).toContain("parley_broker_up 0");
  });
});

describe("spans", () => {
  afterEach(() => trace.disable());

  it("nest and carry the error of the work", async () => {
    const exporter = new InMemorySpanExporter();
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
    await expect(
      inSpan(
        { name: "parley.turn", attributes: { "parley.event": "e1" } },
        async () => await Promise.reject(new Error("no")),
      ),
    ).rejects.toThrow("no");
    const [span] = exporter.getFinishedSpans();
    expect(span).toMatchObject({
      name: "parley.turn",
      attributes: { "parley.event": "e1" },
      status: { message: "Error: no" },
    });
  });
});
