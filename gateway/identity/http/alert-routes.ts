/** What was out of the ordinary. */
import { z } from "zod";
import type { HttpRoute } from "../../../core/http.ts";
import type { IdentityRouteParts } from "./parts.ts";
import { iso, pageOf, ShownAlert, showAlert } from "./shown.ts";

const Listed = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  before: z.iso.datetime().optional(),
});
const AlertPage = z.object({ alerts: z.array(ShownAlert), next: z.string().optional() });

/** `GET /api/v1/alerts`. */
export function alertRoutes({ identity: { alerts } }: IdentityRouteParts): readonly HttpRoute[] {
  return [
    {
      tags: ["users"],
      permission: "audit:read",
      method: "GET",
      path: "/api/v1/alerts",
      summary: "Failed logins that locked, stolen refresh tokens, new networks; the newest first",
      query: Listed,
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
        const { limit, before } = Listed.parse(query);
        const found = await alerts({ limit: limit + 1, ...(before !== undefined && { before: Date.parse(before) }) });
        const { items, ...more } = pageOf(found, limit, ({ at }) => iso(at));
        return Response.json({ alerts: items.map(showAlert), ...more });
      },
    },
  ];
}
