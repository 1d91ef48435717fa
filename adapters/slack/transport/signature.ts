import { createHmac, timingSafeEqual } from "node:crypto";

/** A request that is older may be one that somebody recorded and sends again. */
const OLDEST_SECONDS = 5 * 60;

/** A request as it came, and what it is checked with. */
export interface SignedRequest {
  readonly body: string;
  readonly headers: Headers;
  readonly signingSecret: string;
  readonly nowMs: number;
}

/**
 * Whether Slack signed the bytes of this request with the app's secret, a moment ago
 * (https://docs.slack.dev/authentication/verifying-requests-from-slack).
 */
export function isSignedBySlack({ body, headers, signingSecret, nowMs }: SignedRequest): boolean {
  const timestamp = headers.get("x-slack-request-timestamp") ?? "";
  const age = nowMs / 1_000 - Number(timestamp || Number.NaN);
  if (!(age <= OLDEST_SECONDS)) return false;
  const digest = createHmac("sha256", signingSecret).update(`v0:${timestamp}:${body}`).digest("hex");
  const [given, wanted] = [Buffer.from(headers.get("x-slack-signature") ?? ""), Buffer.from(`v0=${digest}`)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
