/**
 * How every list over HTTP is paged: `limit` and `cursor` go in, `next` comes out, which is the `cursor` of the next page. A cursor
 * is a place in the list, so that a page goes on rightly where rows came or went meanwhile.
 */
import { z } from "zod";

/** What a list answers besides its items. */
export const Next = z.string().optional().describe("The `cursor` of the next page; left out on the last one.");

/** The pages of a list whose items have such a place in its order. */
export function pagesOf<Place extends z.ZodType>(place: Place) {
  const cursorTo = (at: z.output<Place>): string => Buffer.from(JSON.stringify(at)).toString("base64url");
  const read = (cursor: string) => place.safeParse(jsonOf(cursor));
  const cursor = z
    .string()
    .max(2_000)
    .refine((sent) => read(sent).success, "send the `next` of the page before as it came, and none for the first page")
    .describe("The `next` of the page before; the other filters stay as they were.");
  type PlaceOf<Item> = (item: Item) => z.output<Place>;
  /** A page of a list of which one more than asked for was read. */
  const page = <Item>(found: readonly Item[], limit: number, of: PlaceOf<Item>) => {
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, ...(found.length > limit && last !== undefined && { next: cursorTo(of(last)) }) };
  };
  return {
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(100).default(50).describe("Most that a page holds."),
      cursor: cursor.optional(),
    }),
    /** Behind which place a page begins; undefined for the first one. */
    placeOf: (sent: string | undefined): z.output<Place> | undefined =>
      sent === undefined ? undefined : place.parse(jsonOf(sent)),
    cursorTo,
    page,
    /** The same of a list that is read from its end and shown oldest first, as it was read: the next page is of what came before. */
    earlierPage: <Item>(found: readonly Item[], limit: number, of: PlaceOf<Item>) => {
      const { items, ...more } = page(found.toReversed(), limit, of);
      return { items: items.toReversed(), ...more };
    },
  };
}

/** Undefined for what is none. */
function jsonOf(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString());
  } catch {
    return undefined;
  }
}
