import { z } from "zod";
import type { HttpRoute } from "../core/http.ts";
import { type GatewayOptions, Readiness } from "./options.ts";

/** `live`: the process runs. `ready`: it can do its work; 503 with the parts that cannot. `/metrics`: Prometheus. */
export function healthRoutes(options: Pick<GatewayOptions, "readiness" | "metrics">): readonly HttpRoute[] {
  const tags = ["health"];
  return [
    {
      method: "GET",
      path: "/health/live",
      summary: "The process runs",
      tags,
      permission: "public",
      examples: [{ summary: "It runs", status: 200, answer: { live: true } }],
      responses: { 200: z.object({ live: z.literal(true) }) },
      handle: async () => Response.json({ live: true }),
    },
    {
      method: "GET",
      path: "/health/ready",
      summary: "The process can do its work",
      tags,
      permission: "public",
      examples: [{ summary: "Everything works", status: 200 }],
      responses: { 200: Readiness, 503: Readiness },
      handle: async () => {
        const state = await options.readiness();
        return Response.json(state, { status: state.ready ? 200 : 503 });
      },
    },
    {
      method: "GET",
      path: "/metrics",
      summary: "Metrics in the Prometheus text format",
      tags,
      permission: "metrics:read",
      examples: [{ summary: "For Prometheus", status: 200 }],
      handle: async () => {
        const { contentType, body } = await options.metrics();
        return new Response(body, { headers: { "content-type": contentType } });
      },
    },
  ];
}
