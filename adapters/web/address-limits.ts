/** How much one network address may ask for as guests: a guest is free to make, an address is not. */
import { LRUCache } from "lru-cache";
import { countedAddress } from "../../adapter.ts";
import { RateLimitedError, TooManySocketsError } from "./errors.ts";
import type { WebSettings } from "./settings.ts";

export interface AddressLimits {
  /** Counts a new guest's session. Throws `web/rate-limited`. */
  readonly session: (address: string) => void;
  /** Counts a guest's message. Throws `web/rate-limited`. */
  readonly message: (address: string) => void;
  /** Counts an open socket; gives the function that ends the count. Throws `web/too-many-sockets`. */
  readonly socket: (address: string) => () => void;
  /** Counts the bytes of an upload as they come. Throws `web/rate-limited`. */
  readonly upload: (address: string, bytes: number) => void;
}

interface Bucket {
  tokens: number;
  at: number;
}

const MINUTE_MS = 60_000;
const MEBIBYTE = 1024 * 1024;
/** Addresses that are remembered; the one that was quiet longest is forgotten first. */
const MAX_ADDRESSES = 10_000;

export function createAddressLimits(
  clock: () => number,
  { perAddress }: Pick<WebSettings, "perAddress">,
): AddressLimits {
  return {
    session: counter(clock, perAddress.newSessionsPerMinute),
    message: counter(clock, perAddress.messagesPerMinute),
    socket: socketCounter(perAddress.sockets),
    upload: counter(clock, (perAddress.uploadedMebibytesPerHour * MEBIBYTE) / 60, 60),
  };
}

/** Buckets that fill up within so many minutes. */
function counter(clock: () => number, perMinute: number, minutes = 1): (address: string, count?: number) => void {
  const buckets = new LRUCache<string, Bucket>({ max: MAX_ADDRESSES });
  const most = perMinute * minutes;
  const msPerToken = MINUTE_MS / perMinute;
  return (given, count = 1) => {
    const address = countedAddress(given);
    const now = clock();
    const bucket = buckets.get(address) ?? { tokens: most, at: now };
    bucket.tokens = Math.min(most, bucket.tokens + Math.max(0, now - bucket.at) / msPerToken);
    bucket.at = now;
    buckets.set(address, bucket);
    if (bucket.tokens < count) throw new RateLimitedError((count - bucket.tokens) * msPerToken);
    bucket.tokens -= count;
  };
}

function socketCounter(most: number): (address: string) => () => void {
  const open = new Map<string, number>();
  return (given) => {
    const address = countedAddress(given);
    const count = open.get(address) ?? 0;
    if (count >= most) throw new TooManySocketsError("from this address");
    open.set(address, count + 1);
    return () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left === 0) open.delete(address);
      else open.set(address, left);
    };
  };
}
