/** Remembers the last `capacity` things that were added. */
export interface RecentSet {
  readonly add: (value: string) => void;
  readonly has: (value: string) => boolean;
}

export function createRecentSet(capacity: number): RecentSet {
  const values = new Set<string>();
  return {
    add: (value) => {
      values.delete(value);
      values.add(value);
      if (values.size <= capacity) return;
      for (const oldest of values) {
        values.delete(oldest);
        return;
      }
    },
    has: (value) => values.has(value),
  };
}
