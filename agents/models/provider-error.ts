/** What a provider's client threw, read whichever provider it is. */
import { z } from "zod";
import { cutText } from "../../core/text/cut.ts";

/** A failure as its provider tells it. */
export interface Failure {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly errorCode: string | undefined;
  /** The provider's words about the request's structure, cut short. */
  readonly said: string;
  readonly details: {
    readonly cause: unknown;
    readonly requestId: string | undefined;
    readonly retryAfterMs: number | undefined;
  };
}

const Said = z
  .object({
    type: z.string().nullish(),
    message: z.string().nullish(),
    code: z.union([z.string(), z.number()]).nullish(),
    details: z.object({ error_code: z.string().optional() }).nullish(),
  })
  .transform(({ type, message, code, details }) => ({
    type: type ?? undefined,
    said: cutText(message == null || message === "" ? "no reason given" : message, 300),
    errorCode: details?.error_code ?? (code == null ? undefined : String(code)),
    requestId: undefined,
  }));

/** How Gemini's client writes what the service said: behind the address and the status. */
const OfGemini = z
  .string()
  .regex(/^\[GoogleGenerativeAI Error\]: .*?\[\d{3} [^\]]*\]/su)
  .transform((text) => Said.parse({ message: text.replace(/^\[.*?\]: .*?\[\d{3} [^\]]*\] ?/su, "") }));

/**
 * Two copies of a provider's client may be installed, so its errors are known by shape, not by class. Claude's and Groq's keep
 * the whole body in `error`, OpenAI's what is in it, Ollama's a text; Gemini's has it in its message alone.
 */
const Body = z.union([
  z
    .object({ error: Said, request_id: z.string().nullish() })
    .transform(({ error, request_id: requestId }) => ({ ...error, requestId: requestId ?? undefined })),
  Said.refine(({ said, type }) => type !== undefined || said !== "no reason given"),
  z.string().transform((message) => Said.parse({ message })),
]);

const ErrorDetail = z.looseObject({ reason: z.string().optional(), retryDelay: z.string().optional() });

const ProviderError = z.object({
  status: z.number().optional(),
  status_code: z.number().optional(),
  headers: z.instanceof(Headers).optional().catch(undefined),
  message: z.string(),
  error: z.unknown().optional(),
  errorDetails: z.array(ErrorDetail).default([]).catch([]),
});

/** What the provider said; undefined where it said nothing that can be read. */
export function failureOf(thrown: unknown): Failure | undefined {
  const read = ProviderError.safeParse(thrown).data;
  if (read === undefined) return undefined;
  const { headers, errorDetails, message, error } = read;
  const body = Body.safeParse(error).data ?? OfGemini.safeParse(message).data;
  if (body === undefined) return undefined;
  const { requestId = headers?.get("request-id") ?? undefined, ...said } = body;
  return {
    ...said,
    status: statusOf(read),
    details: { cause: thrown, requestId, retryAfterMs: retryAfterMs(headers) ?? retryDelayMs(errorDetails) },
  };
}

/** Gemini says 400 of a key that it does not know. */
function statusOf({ status, status_code: ofOllama, errorDetails }: z.output<typeof ProviderError>): number | undefined {
  return errorDetails.some(({ reason }) => reason === "API_KEY_INVALID") ? 401 : (status ?? ofOllama);
}

/** `retry-after-ms`, or `retry-after` in seconds or as a date. */
function retryAfterMs(headers: Headers | undefined): number | undefined {
  const milliseconds = headers?.get("retry-after-ms");
  if (milliseconds != null && milliseconds !== "" && Number(milliseconds) >= 0) return Number(milliseconds);
  const seconds = headers?.get("retry-after");
  if (seconds == null || seconds === "") return undefined;
  return Number(seconds) >= 0 ? Number(seconds) * 1000 : undefined;
}

/** Gemini's, such as `37s`. */
function retryDelayMs(details: readonly z.output<typeof ErrorDetail>[]): number | undefined {
  const told = details.flatMap(({ retryDelay }) => retryDelay ?? [])[0];
  const [, seconds] = /^([\d.]+)s$/u.exec(told ?? "") ?? [];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
