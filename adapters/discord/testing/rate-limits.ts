/** Rate limits by bucket, with the headers by which a client learns of them, and the global one. */

export interface RateLimited {
  readonly retryAfterSeconds: number;
  readonly global: boolean;
}

export interface RateLimits {
  /** Counts a request; gives its headers, and the refusal when it is one too many. */
  readonly take: (
    method: string,
    path: string,
  ) => { readonly headers: Record<string, string>; readonly refused?: RateLimited };
}

/** Requests allowed in how many ms. */
interface Bucket {
  readonly limit: number;
  readonly perMs: number;
}

const MESSAGES: Bucket = { limit: 5, perMs: 5_000 };
const GLOBAL: Bucket = { limit: 50, perMs: 1_000 };

/** Interactions and their webhooks have limits of their own, which no bot of one person at a time reaches. */
function bucketOf(method: string, path: string): { readonly key: string; readonly bucket: Bucket } | undefined {
  const messages = /^\/channels\/(\d+)\/messages(?:\/(\d+))?$/.exec(path);
  if (messages === null || method === "GET") return undefined;
  const kind = method === "POST" ? "create" : method === "PATCH" ? "edit" : "delete";
  return { key: `${kind}:${messages[1] ?? ""}`, bucket: MESSAGES };
}

/** `strict` false lifts the limits, for tests that are about something else. */
export function createRateLimits(strict: boolean, clock: () => number): RateLimits {
  const grants = new Map<string, number[]>();
  const recent = (key: string, { perMs }: Bucket): number[] => {
    const now = clock();
    const kept = (grants.get(key) ?? []).filter((at) => at > now - perMs);
    grants.set(key, kept);
    return kept;
  };
  return {
    take: (method, path) => {
      if (!strict) return { headers: {} };
      const all = path.startsWith("/interactions/") ? [] : recent("global", GLOBAL);
      const first = all[0];
      if (all.length >= GLOBAL.limit && first !== undefined) {
        const retryAfterSeconds = (first + GLOBAL.perMs - clock()) / 1_000;
        return { headers: { "X-RateLimit-Global": "true" }, refused: { retryAfterSeconds, global: true } };
      }
      all.push(clock());
      const found = bucketOf(method, path);
      if (found === undefined) return { headers: {} };
      const { key, bucket } = found;
      const taken = recent(key, bucket);
      const resetAfter = ((taken[0] ?? clock()) + bucket.perMs - clock()) / 1_000;
      const headers = (remaining: number): Record<string, string> => ({
        "X-RateLimit-Bucket": key.split(":")[0] ?? key,
        "X-RateLimit-Limit": String(bucket.limit),
        "X-RateLimit-Remaining": String(remaining),
        "X-RateLimit-Reset-After": resetAfter.toFixed(3),
        "X-RateLimit-Scope": "user",
      });
      if (taken.length >= bucket.limit)
        return { headers: headers(0), refused: { retryAfterSeconds: resetAfter, global: false } };
      taken.push(clock());
      return { headers: headers(bucket.limit - taken.length) };
    },
  };
}
