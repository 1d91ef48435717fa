/** Rate limits as platforms count them: so much at once, and then so much each second. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** Takes one from the bucket of this name; gives 0, or in how many seconds there is one again. */
export type TakeFrom = (bucket: string, rate: Rate) => number;

/** Buckets that are full at first. */
export function createBuckets(now: () => number = Date.now): TakeFrom {
  const buckets = new Map<string, { readonly left: number; readonly at: number }>();
  return (name, { burst, perSecond }) => {
    const { left, at } = buckets.get(name) ?? { left: burst, at: now() };
    const filled = Math.min(burst, left + ((now() - at) / 1_000) * perSecond);
    if (filled < 1) return (1 - filled) / perSecond;
    buckets.set(name, { left: filled - 1, at: now() });
    return 0;
  };
}
