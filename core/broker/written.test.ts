import { describe, expect, it } from "vitest";
import { createWritten } from "./written.ts";

describe("what was written", () => {
  it("is found by its text, and by no other", () => {
    const written = createWritten<{ readonly text: string }>();
    const value = { text: "hello" };
    const stored = written.write(value);
    expect(stored).toBe('{"text":"hello"}');
    expect(written.find(stored)).toBe(value);
    expect(written.find('{"text":"hallo"}')).toBeUndefined();
  });

  it("is forgotten when much came after it, and at once when it is long", () => {
    const written = createWritten<string>();
    const [first, long] = [written.write("first"), written.write("long".repeat(1_000))];
    expect([written.find(first), written.find(long)]).toEqual(["first", undefined]);
    for (let index = 0; index < 2_000; index += 1) written.note(`text ${index}`, "value");
    expect([written.find(first), written.find("text 0")]).toEqual([undefined, "value"]);
  });
});
