import { z } from "zod";
import type { HttpRoute } from "../core/http.ts";
import type { GatewayOptions } from "./options.ts";

const Ready = z.object({
  ready: z.boolean(),
  parts: z.array(z.object({ name: z.string(), state: z.string(), detail: z.string() })),
});

/** `live`: the process runs. `ready`: it can do its work; 503 with the parts that cannot. `/metrics`: Prometheus. */
export function healthRoutes({
  readiness,
  metrics,
}: Pick<GatewayOptions, "readiness" | "metrics">): readonly HttpRoute[] {
  const tags = ["health"];
  return [
    {
      method: "GET",
      path: "/health/live",
      summary: "The process runs",
      tags,
      responses: { 200: z.object({ live: z.literal(true) }) },
      handle: async () => Response.json({ live: true }),
    },
    {
      method: "GET",
      path: "/health/ready",
      summary: "The process can do its work",
      tags,
      responses: { 200: Ready, 503: Ready },
      handle: async () => {
        const state = await readiness();
        return Response.json(state, { status: state.ready ? 200 : 503 });
      },
    },
    {
      method: "GET",
      path: "/metrics",
      summary: "Metrics in the Prometheus text format",
      tags,
      handle: async () => {
        const { contentType, body } = await metrics();
        return new Response(body, { headers: { "content-type": contentType } });
      },
    },
  ];
}
