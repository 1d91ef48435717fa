/** Where a bank or an outside front end hands in what people did. */
import { z } from "zod";
import type { Clock } from "../../../core/environment.ts";
import type { HttpRoute } from "../../../core/http.ts";
import { Json } from "../../../core/json.ts";
import {
  type Interaction,
  InteractionDraft,
  type InteractionStore,
  InteractionType,
} from "../../../core/store/interactions/index.ts";
import type { Topics } from "../../../core/topics/topics.ts";
import { keyOf, topicOf } from "./topics.ts";

/** What is needed to take interactions in. */
export interface IngestionParts {
  readonly bot: string;
  /** Without topics they are stored at once. */
  readonly topics: Topics | undefined;
  readonly store: Pick<InteractionStore, "add">;
  readonly clock: Clock;
}

const MOST = 1_000;
const DAY_MS = 86_400_000;
/** A minute: what lives shorter is dead before anybody could take it in. */
const SHORTEST_LIFE_DAYS = 60_000 / DAY_MS;

const Batch = z.strictObject({
  /** Who reports: names a front end or a system; `chat…` is reserved. */
  source: z
    .string()
    .min(1)
    .max(100)
    .regex(/^(?!chat)/, 'sources that begin with "chat" are the bot\'s own'),
  /** After so many days without being taken in, a report is of no use. */
  timeToLiveDays: z.number().min(SHORTEST_LIFE_DAYS, "at least a minute, 0.0007").max(30).default(7),
  interactions: z.array(z.unknown()).min(1).max(MOST),
});

const Fault = z.object({ path: z.string(), message: z.string() });
const Taken = z.object({
  /** Durably taken; repeating them does no harm. */
  accepted: z.number().int(),
  /** By their place in the batch. */
  rejected: z.array(z.object({ index: z.number().int(), errors: z.array(Fault) })),
});

/** `POST /api/v1/recommendations/interactions`: each one is checked by itself, and the good ones are taken. */
export function batchRoute(parts: IngestionParts): HttpRoute {
  return {
    method: "POST",
    path: "/api/v1/recommendations/interactions",
    summary: "What people did with products, up to 1,000 at once",
    tags: ["recommendations"],
    permission: "recommendations:write",
    examples: [
      {
        summary: "A view",
        body: {
          source: "shop",
          interactions: [
            {
              id: "view-1",
              type: "view",
              userId: "anna",
              sessionId: "visit-1",
              productIds: ["everyday-account"],
              timestamp: "2026-11-30T09:00:00Z",
            },
          ],
        },
        status: 202,
      },
    ],
    body: Batch,
    responses: { 202: Taken, 400: Taken },
    handle: async ({ body }) => {
      const taken = await takeBatch(Batch.parse(body), parts);
      return Response.json(taken, { status: taken.accepted > 0 ? 202 : 400 });
    },
  };
}

async function takeBatch({ source, timeToLiveDays, interactions }: z.output<typeof Batch>, parts: IngestionParts) {
  const receivedAt = new Date(parts.clock()).toISOString();
  const accepted: Interaction[] = [];
  const rejected: z.output<typeof Taken>["rejected"] = [];
  for (const [index, given] of interactions.entries()) {
    const parsed = InteractionDraft.safeParse(given);
    if (parsed.success) accepted.push({ ...parsed.data, source, receivedAt });
    else
      rejected.push({
        index,
        errors: parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message })),
      });
  }
  await publish(accepted, Math.round(timeToLiveDays * DAY_MS), parts);
  return { accepted: accepted.length, rejected };
}

/** By topic, each in one durable step; also what `parley recommender import` does. */
export async function publish(
  interactions: readonly Interaction[],
  ttlMs: number,
  { topics, store, bot }: Omit<IngestionParts, "clock">,
): Promise<void> {
  if (topics === undefined) {
    await store.add(interactions);
    return;
  }
  for (const type of InteractionType.options) {
    const messages = interactions
      .filter((interaction) => interaction.type === type)
      .map((message) => ({ key: keyOf(message), body: Json.parse(message) }));
    await topics.publish(topicOf(bot, type), messages, { ttlMs });
  }
}
