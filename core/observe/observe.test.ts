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
