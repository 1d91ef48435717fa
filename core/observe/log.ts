import pino from "pino";
import { maskText } from "../privacy/mask-text.ts";
import { maskFields } from "./mask-fields.ts";
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

/**
 * JSON lines by pino, one correlation id from the platform event to the last send; secrets and message texts redacted, and
 * personal data masked in all that is left, such as the texts of errors.
 */
export function createLogger(options: LogOptions = {}): Logger {
  const { level = "info", destination = pino.destination({ fd: 2, sync: false }) } = options;
  const log = pino(
    {
      level,
      base: null,
      redact: { paths: REDACTED, censor: "[redacted]" },
      formatters: { log: maskFields },
    },
    destination,
  );
  return masking(log);
}

/** A sentence, and what a child says with each line, pass no formatter of pino. */
function masking(log: pino.Logger): Logger {
  return {
    debug: (fields, message) => log.debug(fields, maskText(message)),
    info: (fields, message) => log.info(fields, maskText(message)),
    warn: (fields, message) => log.warn(fields, maskText(message)),
    error: (fields, message) => log.error(fields, maskText(message)),
    child: (fields) => masking(log.child(maskFields(fields))),
  };
}
