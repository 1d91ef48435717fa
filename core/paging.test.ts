import { describe, expect, it } from "vitest";
import { z } from "zod";
import { pagesOf } from "./paging.ts";

const { query, page, placeOf } = pagesOf(z.tuple([z.int(), z.string()]));
const at = (count: number): [number, string] => [1_000 - count, `id-${count}`];

describe("pages of a list", () => {
  it("go on behind the last item, by a cursor that only they read", () => {
    const { items, next } = page([1, 2, 3], 2, at);
    expect(items).toEqual([1, 2]);
    const { cursor, limit } = query.parse({ limit: "2", cursor: next });
    expect(limit).toBe(2);
    expect(placeOf(cursor)).toEqual(at(2));
  });

  it("have no next one where the list ends", () => {
    expect(page([1, 2], 2, at)).toEqual({ items: [1, 2] });
    expect(page([], 2, at)).toEqual({ items: [] });
  });

  it("begin with the first one where no cursor is sent", () => {
    expect(placeOf(query.parse({}).cursor)).toBeUndefined();
  });

  it.each(["", "01K2V8", "💥", Buffer.from('["id-2"]').toString("base64url"), "x".repeat(2_001)])(
    "refuse %j, which is no cursor of theirs",
    (cursor) => {
      expect(query.safeParse({ cursor }).error?.issues[0]?.path).toEqual(["cursor"]);
    },
  );
});
