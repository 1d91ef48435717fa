import type { IdentityStore } from "../../../gateway/identity/store/identity-store.ts";
import type { User } from "../../../gateway/identity/store/users.ts";

/** A store, another one on the same tables as a second process has it, and a user. */
export interface IdentityContext {
  readonly store: () => IdentityStore;
  readonly other: () => IdentityStore;
  readonly addUser: (id: string, facts?: Partial<User>) => Promise<User>;
}

export const NOW = Date.parse("2026-12-01T12:00:00Z");

/** How many of them came true. */
export function countTrue(results: readonly boolean[]): number {
  return results.filter(Boolean).length;
}

/** `work` on both processes in turn, all at once. */
export async function atOnce<T>(
  { store, other }: IdentityContext,
  times: number,
  work: (store: IdentityStore) => Promise<T>,
): Promise<readonly T[]> {
  return await Promise.all(
    Array.from({ length: times }, async (_, index) => await work(index % 2 === 0 ? store() : other())),
  );
}
