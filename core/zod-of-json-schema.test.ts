import { describe, expect, it } from "vitest";
import { zodOf } from "./zod-of-json-schema.ts";

const text = { type: "string" };

describe("a check by a JSON Schema", () => {
  it("takes a field by the name of something inherited for left out where it is", () => {
    const check = zodOf({
      type: "object",
      properties: { constructor: text, toString: text, city: text },
      required: ["city", "constructor"],
      additionalProperties: false,
    });
    expect(check.safeParse({ city: "Ulm" })).toMatchObject({ success: true });
    expect(check.parse({ city: "Ulm", constructor: "Erb" })).toEqual({ city: "Ulm", constructor: "Erb" });
    expect(check.safeParse({ city: 7 }).success).toBe(false);
    expect(check.safeParse({}).success).toBe(false);
  });

  it.each([
    { $ref: "#/$defs/a" },
    { anyOf: [{ $ref: "#/$defs/a" }, { type: "array", items: { $ref: "#/$defs/a" } }] },
    { allOf: [{ not: { $ref: "#/properties/a" } }] },
  ])("of a part that refers to itself without end is left to whoever gave it: %j", (a) => {
    const check = zodOf({ type: "object", properties: { a: { $ref: "#/$defs/a" } }, $defs: { a } });
    expect(check.safeParse({ a: "x" })).toMatchObject({ success: true });
    expect(check.safeParse("x").success).toBe(false);
  });

  it("of a tree is made, for its recursion ends with the value", () => {
    const node = {
      type: "object",
      properties: { name: text, parts: { type: "array", items: { $ref: "#/$defs/node" } } },
    };
    const check = zodOf({ type: "object", properties: { root: { $ref: "#/$defs/node" } }, $defs: { node } });
    expect(check.safeParse({ root: { name: "a", parts: [{ name: "b", parts: [] }] } }).success).toBe(true);
    expect(check.safeParse({ root: { name: "a", parts: [{ name: 7 }] } }).success).toBe(false);
  });
});
