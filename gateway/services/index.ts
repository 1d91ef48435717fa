/** Calls about the installation: its agents, tools, sessions and actions. */
import type { HttpRoute } from "../../core/http.ts";
import { actionRoute } from "./action-routes.ts";
import { agentRoute } from "./agent-routes.ts";
import { endSessionRoute } from "./end-session-route.ts";
import { historyRoute } from "./history-route.ts";
import type { ServiceParts } from "./parts.ts";
import { preferenceRoutes } from "./preference-routes.ts";
import { sessionRoute } from "./session-routes.ts";
import { toolRoute } from "./tool-routes.ts";

export type { ServedBot } from "./parts.ts";

/** All of them. */
export function serviceRoutes(parts: ServiceParts): readonly HttpRoute[] {
  return [
    sessionRoute(parts),
    historyRoute(parts),
    endSessionRoute(parts),
    actionRoute(parts),
    agentRoute(parts),
    toolRoute(parts),
    ...preferenceRoutes(parts),
  ];
}
