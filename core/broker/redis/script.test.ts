import { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { createBatch } from "./script.ts";

/** One that is never used: nothing is sent here. */
const connection = new Redis({ lazyConnect: true });

describe("a batch", () => {
  it("executes the calls of one moment together, by group and in their order", async () => {
    const executed: (readonly string[])[] = [];
    const batch = createBatch<string>(connection, async (calls) => {
      executed.push(calls);
      return calls.map((call) => call.toUpperCase());
    });
    const answers = [batch.run("x", "a"), batch.run("y", "b"), batch.run("x", "c")];
    expect(executed).toEqual([]);
    expect(await Promise.all(answers)).toEqual(["A", "B", "C"]);
    expect(executed).toEqual([["a", "c"], ["b"]]);
    expect(await batch.run("x", "d")).toBe("D");
  });

  it("never makes one execution too long", async () => {
    const sizes: number[] = [];
    const batch = createBatch<number>(connection, async (calls) => {
      sizes.push(calls.length);
      return calls;
    });
    const numbers = Array.from({ length: 150 }, (_, index) => index);
    expect(await Promise.all(numbers.map((number) => batch.run("x", number)))).toEqual(numbers);
    expect(sizes).toEqual([64, 64, 22]);
  });

  it("fails the one call whose answer is an error, and all of a batch that was not executed", async () => {
    const batch = createBatch<string>(connection, async (calls) => {
      if (calls.includes("cut off")) throw new Error("no connection");
      return calls.map((call) => (call === "bad" ? new Error("WRONGTYPE") : call));
    });
    const mixed = await Promise.allSettled([batch.run("x", "good"), batch.run("x", "bad")]);
    expect(mixed).toMatchObject([{ value: "good" }, { reason: { message: "WRONGTYPE" } }]);
    const lost = await Promise.allSettled([batch.run("x", "good"), batch.run("x", "cut off")]);
    expect(lost.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  });
});
