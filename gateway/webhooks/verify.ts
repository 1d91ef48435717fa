/** For receivers of webhooks (`parleyjs/webhooks`): whether a call came from Parley, unchanged and now. */
import { timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { ParleyError } from "../../core/errors.ts";
import { JsonObject } from "../../core/json.ts";
import { keyOf, signatureOf } from "./signature.ts";

const Payload = z.looseObject({
  type: z.string(),
  /** When it happened, ISO 8601. */
  timestamp: z.string(),
  bot: z.string(),
  data: JsonObject,
});

/** A webhook that was proved to be real. */
export interface VerifiedWebhook {
  /** The same in every attempt: whoever noted it handles the event once. */
  readonly id: string;
  /** Types that you do not know are to be answered with 2xx and left alone: there will be more. */
  readonly type: string;
  readonly timestamp: string;
  readonly bot: string;
  readonly data: JsonObject;
}

/** What arrived. */
export interface ReceivedWebhook {
  /** The bytes or the text of the body as they came; JSON that was parsed and written again has another signature. */
  readonly body: string | Uint8Array;
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
}

export interface VerifyOptions {
  /** How far the sender's clock may be from this one, and how old a call may be. @default 300 */
  readonly toleranceSeconds?: number;
  /** Milliseconds since the epoch. @default Date.now */
  readonly clock?: () => number;
}

const TOLERANCE_SECONDS = 300;
/** Without a dot: what is signed could be parted elsewhere. */
const PLAIN_ID = /^[\w-]{1,200}$/u;
const SECONDS = /^\d{1,12}$/u;

function isMatch(text: string | undefined, pattern: RegExp): text is string {
  return text !== undefined && pattern.test(text);
}

/**
 * Checks signature and time with the endpoint's secret (`whsec_…`), or with several during a rotation, and gives what the
 * webhook says. Throws `webhook/unsigned`, `webhook/wrong-signature`, `webhook/wrong-time` (status 401), `webhook/no-payload`
 * (400), or `webhook/secret` where a secret is none.
 */
export function verifyWebhook(
  { body, headers }: ReceivedWebhook,
  secret: string | readonly string[],
  { toleranceSeconds = TOLERANCE_SECONDS, clock = Date.now }: VerifyOptions = {},
): VerifiedWebhook {
  const [id, at, given] = ["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) =>
    headerOf(headers, name),
  );
  if (!isMatch(id, PLAIN_ID) || !isMatch(at, SECONDS) || given === undefined)
    throw refusal("webhook/unsigned", "The call has no webhook-id, webhook-timestamp or webhook-signature.");
  const timestamp = Number(at);
  const keys = keysOf(secret);
  const expected = keys.map((key) => signatureOf(key, { id, timestamp, body }));
  if (!isOneOf(given, expected))
    throw refusal(
      "webhook/wrong-signature",
      "No signature of the call fits. Check the secret, and that the body is read as it came, before any parser.",
    );
  if (Math.abs(clock() / 1000 - timestamp) > toleranceSeconds)
    throw refusal("webhook/wrong-time", "The call is too old, or this machine's clock is wrong. Nothing of it counts.");
  return { id, ...payloadOf(body) };
}

function keysOf(secret: string | readonly string[]): readonly Buffer[] {
  const secrets = typeof secret === "string" ? [secret] : secret;
  const keys = secrets.flatMap((one) => keyOf(one) ?? []);
  if (keys.length === 0 || keys.length < secrets.length)
    throw new ParleyError(
      "webhook/secret",
      "A secret for webhooks is missing or none: it begins with whsec_ and was shown when the endpoint was made or its secret rotated.",
    );
  return keys;
}

/** Every pair is compared, in constant time: what fits, and where, cannot be measured. */
function isOneOf(given: string, expected: readonly Buffer[]): boolean {
  let fits = false;
  for (const part of given.split(" ").slice(0, MOST_SIGNATURES)) {
    const [, text] = SIGNATURE.exec(part) ?? [];
    if (text === undefined) continue;
    const signature = Buffer.from(text, "base64");
    for (const one of expected) if (timingSafeEqual(signature, one)) fits = true;
  }
  return fits;
}

/** 32 bytes; other versions are another scheme's. */
const SIGNATURE = /^v1,([A-Za-z0-9+/]{43}=)$/u;
/** A header without end must not keep the receiver busy. */
const MOST_SIGNATURES = 20;

function headerOf(headers: ReceivedWebhook["headers"], name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof found === "string" ? found : found?.join(" ");
}

function payloadOf(body: string | Uint8Array): Omit<VerifiedWebhook, "id"> {
  const text = typeof body === "string" ? body : new TextDecoder().decode(body);
  try {
    const { type, timestamp, bot, data } = Payload.parse(JSON.parse(text));
    return { type, timestamp, bot, data };
  } catch (cause) {
    throw new ParleyError("webhook/no-payload", "The body is signed, but is not what Parley sends.", {
      status: 400,
      cause,
    });
  }
}

function refusal(code: "webhook/unsigned" | "webhook/wrong-signature" | "webhook/wrong-time", message: string) {
  return new ParleyError(code, message, { status: 401 });
}
