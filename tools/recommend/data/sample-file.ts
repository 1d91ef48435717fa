/** Interactions that stand in a JSON file: what a new bot knows before anybody has talked to it. */
import { z } from "zod";
import type { Interaction } from "../../../core/store/interactions/index.ts";
import { readJsonFile } from "../catalogue/read-json.ts";

const SampleFile = z.object({
  users: z.array(z.object({ userId: z.string(), segment: z.string(), ageGroup: z.string().optional() })),
  interactions: z.array(
    z.object({
      userId: z.string(),
      productId: z.string(),
      type: z.enum(["view", "comparison", "search", "shown", "accepted", "dismissed"]),
      timestamp: z.iso.datetime(),
    }),
  ),
});

/** Reads the file. Throws `recommend/unreadable-file` or `recommend/invalid-file`. */
export async function readSampleInteractions(path: string): Promise<readonly Interaction[]> {
  const { users, interactions } = await readJsonFile(path, SampleFile);
  const people = new Map(users.map((user) => [user.userId, user]));
  return interactions.map(({ userId, productId, type, timestamp }, index): Interaction => {
    const { segment, ageGroup } = people.get(userId) ?? {};
    const isPlain = type === "view" || type === "comparison" || type === "search";
    return {
      id: `${index}`,
      source: "file",
      userId,
      sessionId: userId,
      ...(isPlain ? { type } : { type: "interaction", action: type }),
      timestamp,
      receivedAt: timestamp,
      productIds: [productId],
      demographics: { ...(segment !== undefined && { segment }), ...(ageGroup !== undefined && { ageGroup }) },
    };
  });
}
