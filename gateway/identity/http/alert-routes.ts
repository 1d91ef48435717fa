/** What was out of the ordinary. */
import { z } from "zod";
import type { HttpRoute } from "../../../core/http.ts";
import { Next, pagesOf } from "../../../core/paging.ts";
import type { IdentityRouteParts } from "./parts.ts";
import { ShownAlert, showAlert } from "./shown.ts";

const pages = pagesOf(z.tuple([z.number(), z.string()]));
const AlertPage = z.object({ alerts: z.array(ShownAlert), next: Next });

/** `GET /api/v1/alerts`. */
export function alertRoutes({ identity: { alerts } }: IdentityRouteParts): readonly HttpRoute[] {
  return [
    {
      tags: ["users"],
      permission: "audit:read",
      method: "GET",
      path: "/api/v1/alerts",
      summary: "Failed logins that locked, stolen refresh tokens, new networks; the newest first",
      query: pages.query,
      responses: { 200: AlertPage },
      examples: [
        {
          summary: "The last ones",
          query: { limit: "20" },
          status: 200,
          answer: {
            alerts: [
              { id: "01K2V8", at: "2026-09-01T10:00:00.000Z", kind: "token-reuse", userId: "01K2V8Q6Z9", detail: {} },
            ],
          },
        },
      ],
      handle: async ({ query }) => {
        const { limit, cursor } = pages.query.parse(query);
        const [at, id] = pages.placeOf(cursor) ?? [];
        const behind = at === undefined || id === undefined ? {} : { before: { at, id } };
        const { items, ...more } = pages.page(await alerts({ limit: limit + 1, ...behind }), limit, (one) => [
          one.at,
          one.id,
        ]);
        return Response.json({ alerts: items.map(showAlert), ...more });
      },
    },
  ];
}
