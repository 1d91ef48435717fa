import pino from "pino";
import type { Logger } from "../telemetry.ts";

/** Fields that must never be printed, wherever they appear in a log line. */
const REDACTED = ["token", "secret", "password", "apiKey", "authorization", "text", "iban"].flatMap((name) => [
  name,
  `*.${name}`,
]);

export interface LogOptions {
  /** @default "info" */
  readonly level?: string;
  /** Where lines go. @default standard error, so that a terminal chat stays readable */
  readonly destination?: { readonly write: (line: string) => void };
}

/** JSON lines by pino, one correlation id from the platform event to the last send; secrets and message texts redacted. */
export function createLogger(options: LogOptions = {}): Logger {
  const { level = "info", destination = pino.destination({ fd: 2, sync: false }) } = options;
  return pino({ level, base: null, redact: { paths: REDACTED, censor: "[redacted]" } }, destination);
}
