import { describe, expect, it } from "vitest";
import { createAbandonment } from "./abandonment.ts";

describe("abandonment", () => {
  it("waits for work that ends, before and after the abort", async () => {
    const stopping = new AbortController();
    const { ended } = createAbandonment(stopping.signal);
    expect(await ended(Promise.resolve())).toBe(true);
    await expect(ended(Promise.reject(new Error("no")))).rejects.toThrow("no");
    stopping.abort();
    expect(await ended(Promise.resolve())).toBe(true);
    await expect(ended(Promise.reject(new Error("no")))).rejects.toThrow("no");
  });

  it("leaves work behind that ignores the abort, whenever it began", async () => {
    const stopping = new AbortController();
    const { ended } = createAbandonment(stopping.signal);
    const before = ended(new Promise(() => undefined));
    stopping.abort();
    const after = ended(new Promise(() => undefined));
    expect(await Promise.all([before, after])).toEqual([false, false]);
  });
});
