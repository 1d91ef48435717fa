/** The tools of the bots: what models may call, with which arguments, how risky it is, and how often people asked for it. */
import { z } from "zod";
import type { HttpRoute } from "../../core/http.ts";
import { botAsked, chosen, OfBot, type ServiceParts } from "./parts.ts";

const ToolQuery = OfBot.extend({ risk: z.enum(["low", "medium", "high"]).optional() });
const Tool = z.object({
  bot: z.string(),
  name: z.string(),
  description: z.string(),
  risk: z.enum(["low", "medium", "high"]),
  confirmation: z.enum(["never", "always", "unless-said"]),
  /** JSON Schema of its arguments. */
  inputSchema: z.record(z.string(), z.unknown()),
  /** Of those that were to be confirmed and are still kept: how many, by what became of them. */
  proposals: z.record(z.string(), z.int()),
});
const Tools = z.object({ tools: z.array(Tool) });

/** `GET /api/v1/tools`. */
export function toolRoute(parts: ServiceParts): HttpRoute {
  return {
    method: "GET",
    path: "/api/v1/tools",
    summary: "The tools of the bots: schema, risk, and how often they were asked for",
    tags: ["tools"],
    permission: "tools:read",
    bot: botAsked,
    query: ToolQuery,
    responses: { 200: Tools },
    examples: [{ summary: "What moves money", query: { bot: "harbour", risk: "high" }, status: 200 }],
    handle: async ({ query }) => {
      const { bot: asked, risk: wanted } = ToolQuery.parse(query);
      const counts = await parts.actions.counts();
      const tools = chosen(parts, asked).flatMap(({ config: { id: bot }, tools: all }) =>
        all
          .filter(({ risk }) => wanted === undefined || risk === wanted)
          .map(({ name, description, risk, confirmation, inputSchema }) => {
            const own = counts.filter((one) => one.bot === bot && one.tool === name);
            const proposals = Object.fromEntries(own.map(({ status, count }) => [status, count]));
            return { bot, name, description, risk, confirmation, inputSchema: { ...inputSchema }, proposals };
          }),
      );
      return Response.json({ tools } satisfies z.input<typeof Tools>);
    },
  };
}
