import { setTimeout as sleep } from "node:timers/promises";

/** Looks until there is something. The limit is for what never comes. Throws and names it then. */
export async function until<Found>(
  what: string,
  look: () => Promise<Found | undefined> | Found | undefined,
  limitMs = 180_000,
): Promise<Found> {
  let last: unknown;
  for (const end = Date.now() + limitMs; Date.now() < end; await sleep(100)) {
    try {
      const found = await look();
      if (found !== undefined) return found;
    } catch (thrown) {
      last = thrown;
    }
  }
  throw new Error(`${what} did not come within ${limitMs / 1_000} s`, { cause: last });
}
