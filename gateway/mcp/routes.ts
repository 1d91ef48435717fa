/** `/mcp`: the tools of the bots for MCP clients, behind the gateway's own checks. */
import { ParleyError } from "../../core/errors.ts";
import type { Caller, HttpRequest, HttpRoute } from "../../core/http.ts";
import type { McpEndpoint, McpUser } from "./endpoint.ts";

/** A trusted caller names the user that it speaks for; the others speak for nobody in particular. */
const USER_HEADER = "x-parley-user";
const USER = /^[\w.@+:-]{1,128}$/u;
const METHODS = ["POST", "GET", "DELETE"] as const;

export interface McpRoutesOptions {
  readonly bots: readonly string[];
  readonly endpoint: (bot: string) => Promise<McpEndpoint>;
  /** True where the gateway has no tokens and listens on this machine alone: whoever calls is its owner. */
  readonly isOpen: boolean;
}

/** A path for each bot, and `/mcp` where there is one bot. */
export function mcpRoutes({ bots, endpoint, isOpen }: McpRoutesOptions): readonly HttpRoute[] {
  return bots.flatMap((bot) => {
    const handle = async ({ raw, caller }: HttpRequest): Promise<Response> =>
      await (await endpoint(bot)).handle(raw, userOf(raw, caller, isOpen));
    const paths = bots.length === 1 ? [`/mcp/${bot}`, "/mcp"] : [`/mcp/${bot}`];
    return paths.flatMap((path) =>
      METHODS.map((method): HttpRoute => {
        const shared = { summary: `MCP: the tools of ${bot}`, hidden: true, permission: "tools:use", bot } as const;
        return { ...shared, method, path, handle };
      }),
    );
  });
}

function userOf({ headers }: Request, { mayNameUsers, userId }: Caller, isOpen: boolean): McpUser {
  const named = headers.get(USER_HEADER);
  // A person who proved to be one speaks for no other.
  if (named === null && userId !== undefined) return { key: `user:${userId}`, userId };
  if (named === null) return isOpen ? LOCAL : GUEST;
  if (mayNameUsers && USER.test(named)) return { key: `user:${named}`, userId: named };
  throw new ParleyError(
    "mcp/user-refused",
    `Only a caller that sends gateway.trustedToken may name a user with ${USER_HEADER}, in letters, digits and . @ + : _ -.`,
    { status: 403 },
  );
}

const GUEST: McpUser = { key: "guest" };
/** Whoever sits at this machine: as with `parley mcp`. */
export const LOCAL: McpUser = { key: "local", userId: "local" };
