/** Refreshing the model, and erasing a person, over HTTP. */
import { z } from "zod";
import { describeError } from "../../../core/errors.ts";
import { type HttpRoute, ownedBy } from "../../../core/http.ts";
import type { Logger } from "../../../core/telemetry.ts";
import { type Refreshed, type Refresher, trainingRuns } from "../lifecycle/refresher.ts";

// A JSON body is asked for, so that a foreign page in somebody's browser cannot start a training by a form.
const Order = z.strictObject({
  /** Waits for the end. @default false */
  wait: z.boolean().default(false),
  /** Puts the new version in place whatever the comparison says. @default false */
  force: z.boolean().default(false),
});

const Started = z.object({ status: z.literal("started") });
const Done = z.object({
  status: z.enum(["replaced", "kept"]),
  version: z.string(),
  model: z.string(),
  why: z.string(),
  /** What was read, kept and left out of the training, and why. */
  cleaning: z.record(z.string(), z.number()),
});
const Erased = z.object({ erased: z.number().int() });
const User = z.object({ userId: z.string().min(1).max(1_000) });

const tags = ["recommendations"];

/** `POST …/refresh-model` and `DELETE …/users/:userId`. */
export function lifecycleRoutes(
  refresher: Refresher,
  { forget, log }: { readonly forget: (userId: string) => Promise<number>; readonly log: Logger },
): readonly HttpRoute[] {
  return [
    {
      method: "POST",
      path: "/api/v1/recommendations/refresh-model",
      summary: "Train a new version; it serves when it is as good as the one before",
      tags,
      permission: "trainings:start",
      examples: [{ summary: "In the background", body: {}, status: 202, answer: { status: "started" } }],
      body: Order,
      responses: { 200: Done, 202: Started },
      handle: async ({ body, signal }) => {
        const { wait, force } = Order.parse(body);
        if (refresher.isRunning()) throw trainingRuns();
        if (wait) return Response.json(outcomeOf(await refresher.refresh({ force, signal })));
        refresher
          .refresh({ force })
          .catch((thrown: unknown) =>
            log.warn({ error: describeError(thrown) }, "a training that was asked for over HTTP failed"),
          );
        return Response.json({ status: "started" }, { status: 202 });
      },
    },
    {
      method: "DELETE",
      path: "/api/v1/recommendations/users/:userId",
      summary: "Erase what a user did",
      tags,
      permission: "recommendations:erase",
      owner: ownedBy("parameters", User, ({ userId }) => ({ user: userId })),
      examples: [{ summary: "Of one person", parameters: { userId: "anna" }, status: 200 }],
      parameters: User,
      responses: { 200: Erased },
      handle: async ({ parameters }) => Response.json({ erased: await forget(User.parse(parameters).userId) }),
    },
  ];
}

function outcomeOf({ version, replaced, why, summary }: Refreshed): z.output<typeof Done> {
  return { status: replaced ? "replaced" : "kept", version, model: summary.model, why, cleaning: summary.cleaning };
}
