import { SpanStatusCode, trace } from "@opentelemetry/api";
import { describeError, toError } from "../errors.ts";
import { maskText } from "../privacy/mask-text.ts";
import type { InSpan } from "../telemetry.ts";

/** Spans through the OpenTelemetry API: free until an SDK is registered, then exported by it, without personal data. */
export const inSpan: InSpan = async ({ name, attributes }, work) =>
  await trace.getTracer("parley").startActiveSpan(name, { attributes: maskAttributes(attributes) }, async (span) => {
    try {
      return await work();
    } catch (thrown) {
      const { name: type, message, stack = "" } = toError(thrown);
      span.recordException({ name: type, message: maskText(message), stack: maskText(stack) });
      span.setStatus({ code: SpanStatusCode.ERROR, message: maskText(describeError(thrown)) });
      throw thrown;
    } finally {
      span.end();
    }
  });

type Attributes = NonNullable<Parameters<InSpan>[0]["attributes"]>;

function maskAttributes(attributes: Attributes = {}): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, typeof value === "string" ? maskText(value) : value]),
  );
}
