/** How much one network address may ask for as guests: a guest is free to make, an address is not. */
import { LRUCache } from "lru-cache";
import { RateLimitedError } from "./errors.ts";
import type { WebSettings } from "./settings.ts";

export interface AddressLimits {
  /** Counts a new guest's session. Throws `web/rate-limited`. */
  readonly session: (address: string) => void;
  /** Counts a guest's message. Throws `web/rate-limited`. */
  readonly message: (address: string) => void;
}

interface Bucket {
  tokens: number;
  at: number;
}

const MINUTE_MS = 60_000;
/** Addresses that are remembered; the one that was quiet longest is forgotten first. */
const MAX_ADDRESSES = 10_000;

export function createAddressLimits(
  clock: () => number,
  { perAddress }: Pick<WebSettings, "perAddress">,
): AddressLimits {
  return {
    session: counter(clock, perAddress.newSessionsPerMinute),
    message: counter(clock, perAddress.messagesPerMinute),
  };
}

/** Buckets that fill up within a minute. */
function counter(clock: () => number, perMinute: number): (address: string) => void {
  const buckets = new LRUCache<string, Bucket>({ max: MAX_ADDRESSES });
  const msPerToken = MINUTE_MS / perMinute;
  return (address) => {
    const now = clock();
    const bucket = buckets.get(address) ?? { tokens: perMinute, at: now };
    bucket.tokens = Math.min(perMinute, bucket.tokens + Math.max(0, now - bucket.at) / msPerToken);
    bucket.at = now;
    buckets.set(address, bucket);
    if (bucket.tokens < 1) throw new RateLimitedError((1 - bucket.tokens) * msPerToken);
    bucket.tokens -= 1;
  };
}
