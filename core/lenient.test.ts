import { describe, expect, it } from "vitest";
import { z } from "zod";
import { optionalPart, readableItems } from "./lenient.ts";

const Message = z.object({
  id: z.string(),
  title: optionalPart(z.string().max(5)),
  files: readableItems(z.object({ id: z.string(), size: optionalPart(z.number()) })),
});

describe("platforms G: what a platform sends in an odd shape", () => {
  it.each([[null], [7], ["far too long"], [{}]])("leaves out a field that is %j", (title) => {
    expect(Message.parse({ id: "1", title, files: [] })).toEqual({ id: "1", title: undefined, files: [] });
  });

  it("leaves out the list's elements that cannot be read, and their odd fields", () => {
    const files = [{ id: "a", size: "big" }, null, { size: 3 }, { id: "b", size: 2 }];
    expect(Message.parse({ id: "1", files }).files).toEqual([{ id: "a" }, { id: "b", size: 2 }]);
  });

  it.each([[null], ["none"], [undefined]])("reads %j as an empty list", (files) => {
    expect(Message.parse({ id: "1", files }).files).toEqual([]);
  });

  it("still refuses what a message cannot do without", () => {
    expect(Message.safeParse({ id: null, files: [] }).success).toBe(false);
  });
});
