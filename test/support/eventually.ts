import { vi } from "vitest";

/** Waits until the assertion holds. The limit is for what never comes, not for what a slow machine brings late. */
export async function eventually(assertion: () => void | Promise<void>): Promise<void> {
  await vi.waitFor(assertion, { timeout: 30_000, interval: 10 });
}
