/** `/mcp`: the tools of the bots for MCP clients, behind the gateway's own checks. */
import { ParleyError } from "../../core/errors.ts";
import type { Caller, HttpRequest, HttpRoute } from "../../core/http.ts";
import { IN_A_CHAT, LOCAL as THIS_MACHINE } from "../access/roles.ts";
import type { McpEndpoint, McpUser } from "./endpoint.ts";

/** A trusted caller names the user that it speaks for; the others speak for nobody in particular. */
const USER_HEADER = "x-parley-user";
const USER = /^[\w.@+:-]{1,128}$/u;
const METHODS = ["POST", "GET", "DELETE"] as const;

export interface McpRoutesOptions {
  readonly bots: readonly string[];
  readonly endpoint: (bot: string) => Promise<McpEndpoint>;
}

/** A path for each bot, and `/mcp` where there is one bot. */
export function mcpRoutes({ bots, endpoint }: McpRoutesOptions): readonly HttpRoute[] {
  return bots.flatMap((bot) => {
    const handle = async ({ raw, caller }: HttpRequest): Promise<Response> =>
      await (await endpoint(bot)).handle(raw, userOf(raw, caller));
    const paths = bots.length === 1 ? [`/mcp/${bot}`, "/mcp"] : [`/mcp/${bot}`];
    return paths.flatMap((path) =>
      METHODS.map((method): HttpRoute => {
        const shared = { summary: `MCP: the tools of ${bot}`, hidden: true, permission: "tools:use", bot } as const;
        return { ...shared, method, path, handle };
      }),
    );
  });
}

function userOf({ headers }: Request, caller: Caller): McpUser {
  const named = headers.get(USER_HEADER);
  if (named === null) return unnamed(caller);
  if (caller.mayNameUsers && USER.test(named)) return { key: `user:${named}`, userId: named, mayAnswer: true };
  throw new ParleyError(
    "mcp/user-refused",
    `Only a caller that sends gateway.trustedToken may name a user with ${USER_HEADER}, in letters, digits and . @ + : _ -.`,
    { status: 403 },
  );
}

/** A person who proved to be one speaks for no other. */
function unnamed({ userId, credential, may }: Caller): McpUser {
  // Who has a key without these scopes is a program: it neither speaks nor decides as its user.
  if (!IN_A_CHAT.every((permission) => may?.(permission) === true)) return PROGRAM;
  if (userId !== undefined) return { key: `user:${userId}`, userId, mayAnswer: true };
  return credential === THIS_MACHINE.id ? LOCAL : GUEST;
}

const PROGRAM: McpUser = { key: "program", mayAnswer: false };
const GUEST: McpUser = { key: "guest", mayAnswer: true };
/** Whoever sits at this machine: as with `parley mcp`. */
export const LOCAL: McpUser = { key: "local", userId: "local", mayAnswer: true };
