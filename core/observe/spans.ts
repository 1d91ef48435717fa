import { SpanStatusCode, trace } from "@opentelemetry/api";
import { describeError, toError } from "../errors.ts";
import type { InSpan } from "../telemetry.ts";

/** Spans through the OpenTelemetry API: free until an SDK is registered, then exported by it. */
export const inSpan: InSpan = async ({ name, attributes }, work) =>
  await trace.getTracer("parley").startActiveSpan(name, { attributes: { ...attributes } }, async (span) => {
    try {
      return await work();
    } catch (thrown) {
      span.recordException(toError(thrown));
      span.setStatus({ code: SpanStatusCode.ERROR, message: describeError(thrown) });
      throw thrown;
    } finally {
      span.end();
    }
  });
