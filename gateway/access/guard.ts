/** Each call is let in by its route's permission, and each object by its owner. Deny by default. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { ParleyError } from "../../core/errors.ts";
import { addressAlone } from "../../core/counted-address.ts";
import type { Caller, Demand, HttpRequest, HttpRoute, Owner } from "../../core/http.ts";
import type { Permission, RoutePermission } from "../../core/permission.ts";
import { REFRESH_COOKIE, SESSION_COOKIE } from "../identity/identities.ts";
import type { GatewayOptions } from "../options.ts";
import { cookiesOf } from "./credentials.ts";
import { botsOf, isOwn, reachOf, SOME_BOT } from "./decide.ts";
import { createIdentify } from "./identify.ts";
import type { Denial, Principal } from "./principal.ts";
import { requireSameOrigin } from "./same-origin.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Left out only by what the gateway itself answers, such as a preflight. */
    readonly permission?: RoutePermission;
    readonly bot?: string | undefined;
    readonly isSocket?: boolean;
    /** Whether it can be told whose object the call is about. */
    readonly isOwned?: boolean;
    /** Of which bot it is, only the request tells. */
    readonly isBotAsked?: boolean;
    readonly perMinute?: number | undefined;
  }
  interface FastifyRequest {
    /** Undefined where the route is public or signed. */
    principal: Principal | undefined;
  }
}

/** What a route says of its objects. */
export interface Ownership {
  readonly owner: HttpRoute["owner"] | undefined;
  readonly bot: HttpRoute["bot"] | undefined;
  readonly demands?: HttpRoute["demands"] | undefined;
}
type Sent = Pick<HttpRequest, "parameters" | "query" | "body" | "caller">;

/** What the mounting of routes needs of it. */
export interface Guard {
  /**
   * Throws `gateway/no-such-object` where the object is not the caller's and has to be, and `gateway/forbidden` where it is
   * of a bot that the caller has nothing to do with.
   */
  readonly requireOwner: (request: FastifyRequest, ownership: Ownership, sent: Sent) => Promise<void>;
  /**
   * What was asked, about the caller's only bot where it may name one and does not. Throws `gateway/forbidden` where it has
   * several but not all: it names them.
   */
  readonly withBot: (request: FastifyRequest, route: Pick<HttpRoute, "query" | "bot">, query: unknown) => unknown;
}

const Asked = z.looseObject({ bot: z.string().optional() });

/** Checks every call before its body is read. */
export function guardCalls(server: FastifyInstance, options: GatewayOptions): Guard {
  const identify = createIdentify(options);
  const deny = (request: FastifyRequest, principal: Principal, denial: Refusal): void =>
    tell(options, {
      ...denial,
      principal: principal.id,
      call: `${request.method} ${request.routeOptions.url ?? ""}`,
      correlationId: request.id,
    });
  server.decorateRequest("principal", undefined);
  server.addHook("onRequest", async (request) => {
    const { permission, bot, isOwned, isBotAsked } = request.routeOptions.config;
    // There is no such route, or it is a preflight, which carries no credentials and tells nothing.
    if (request.is404 || request.method === "OPTIONS" || permission === "public" || permission === "signed") return;
    if (permission === undefined) throw withoutPermission(request);
    const principal = await identify(request);
    if (principal.by === "cookie") requireSameOrigin(request);
    request.principal = principal;
    const reach = reachOf(principal, permission, isBotAsked === true ? SOME_BOT : bot);
    if (reach === "any" || (reach === "own" && isOwned === true)) return;
    // What is nobody's in particular is nobody's own.
    const reason = reach === "own" ? "no-grant" : reach;
    deny(request, principal, { permission, bot, reason });
    throw refusal(request, principal, outOfReach(permission, reason, bot));
  });
  const requireAll = (request: FastifyRequest, principal: Principal, demands: readonly Demand[]): void => {
    for (const { permission, bot } of demands) {
      const reach = reachOf(principal, permission, bot);
      if (reach === "any") continue;
      const reason = reach === "own" ? "no-grant" : reach;
      deny(request, principal, { permission, bot, reason });
      throw refusal(request, principal, outOfReach(permission, reason, bot));
    }
  };
  return {
    withBot: (request, route, query) => {
      const { principal } = request;
      const { permission } = request.routeOptions.config;
      if (principal === undefined || !isAsked(permission)) return query;
      const { asked, bots } = botsMeant(botsOf(principal, permission), route, query);
      if (bots.length === 0) return query;
      if (bots.length === 1) return { ...asked, bot: bots[0] };
      deny(request, principal, { permission, bot: undefined, reason: "other-bot" });
      throw nameBot(bots);
    },
    requireOwner: async (request, { owner, bot: of, demands }, sent) => {
      const { principal } = request;
      const { permission, bot: ofRoute } = request.routeOptions.config;
      if (principal === undefined || !isAsked(permission)) return;
      // What it takes besides is told to those alone who may know that the object is there.
      if (demands === undefined || of !== undefined) {
        const bot = typeof of === "function" ? await of(sent) : ofRoute;
        const reason = await refusalOf(principal, permission, bot, async () => await owner?.(sent));
        if (reason !== undefined) {
          deny(request, principal, { permission, bot, reason });
          const why = reason === "foreign-object" ? noSuchObject() : forbidden(permission, reason, bot);
          throw refusal(request, principal, why);
        }
      }
      requireAll(request, principal, (await demands?.(sent)) ?? []);
    },
  };
}

/** The bots of which a call is that may name one and does not; none where all are meant, or the named one. */
function botsMeant(
  held: "all" | readonly string[],
  { query: schema, bot }: Pick<HttpRoute, "query" | "bot">,
  query: unknown,
): { readonly asked: object; readonly bots: readonly string[] } {
  const asked = Asked.safeParse(query).data;
  const mayName = typeof bot === "function" && schema?.shape["bot"] !== undefined;
  if (held === "all" || !mayName || asked === undefined || asked.bot !== undefined) return { asked: {}, bots: [] };
  return { asked, bots: held };
}

/** Why an object is not for the caller; undefined where it is. */
async function refusalOf(
  principal: Principal,
  permission: Permission,
  bot: string | undefined,
  ownerOf: () => Promise<Owner | undefined>,
): Promise<Denial["reason"] | undefined> {
  const reach = reachOf(principal, permission, bot);
  if (reach === "any") return undefined;
  if (reach !== "own") return reach;
  return isOwn(principal, await ownerOf()) ? undefined : "foreign-object";
}

function isAsked(permission: RoutePermission | undefined): permission is Permission {
  return permission !== undefined && permission !== "public" && permission !== "signed";
}

type Refusal = Pick<Denial, "permission" | "bot" | "reason">;

/** Who calls, for the handlers. */
export function callerOf({ ip, principal, routeOptions }: FastifyRequest): Caller {
  const address = addressAlone(ip);
  if (principal === undefined) return { address, mayNameUsers: false };
  const { id, credential = id, userId } = principal;
  const reach = (permission: Permission) => reachOf(principal, permission, routeOptions.config.bot);
  const may = (permission: Permission): boolean => ["any", "own"].includes(reach(permission));
  const mayNameUsers = reach("users:act-as") === "any";
  return { address, mayNameUsers, credential, may, ...(userId === undefined ? {} : { userId }) };
}

function tell({ log, denied }: Pick<GatewayOptions, "log" | "denied">, denial: Denial): void {
  log.warn({ ...denial }, "a call was refused for want of a right");
  denied?.(denial);
}

/** A browser whose login has ended is told that, and not what a guest is refused for. */
function refusal({ headers }: FastifyRequest, { by }: Principal, why: ParleyError): ParleyError {
  const cookies = cookiesOf(headers.cookie);
  // The browser drops the first when its time is over, and keeps the other.
  if (by !== "nothing" || !(cookies.has(SESSION_COOKIE) || cookies.has(REFRESH_COOKIE))) return why;
  return new ParleyError("gateway/unauthorized", "Your login has ended. Refresh it, or log in again.", { status: 401 });
}

/** A bot that is none: the installation. */
function outOfReach(permission: Permission, reason: "no-grant" | "other-bot", bot: string | undefined): ParleyError {
  const isOfAll = reason === "other-bot" && bot === undefined;
  return isOfAll ? ofInstallation(permission) : forbidden(permission, reason, bot);
}

/** What belongs to no bot, for somebody whose roles are with some of them. */
function ofInstallation(permission: Permission): ParleyError {
  return new ParleyError(
    "gateway/forbidden",
    `This call is about the whole installation: it needs the permission ${permission} of a role with all bots, and its caller has it with some. Ask whoever runs this for the role with all bots ("*").`,
    { status: 403 },
  );
}

function nameBot(bots: readonly string[]): ParleyError {
  return new ParleyError(
    "gateway/forbidden",
    `Name the bot that is meant: ?bot=${bots.join(" or ?bot=")}. What all bots have together needs a role with all of them.`,
    { status: 403 },
  );
}

function forbidden(permission: Permission, reason: "no-grant" | "other-bot", bot: string | undefined): ParleyError {
  const where = reason === "no-grant" ? "" : bot === undefined ? " for this bot" : ` for the bot ${bot}`;
  return new ParleyError(
    "gateway/forbidden",
    `This call needs the permission ${permission}${where}, which its caller has not. Ask whoever runs this for a role or a key with it.`,
    { status: 403 },
  );
}

/** The same whether it is another's or is not there at all. */
function noSuchObject(): ParleyError {
  return new ParleyError("gateway/no-such-object", "There is no such object, or it is not yours.", { status: 404 });
}

function withoutPermission({ method, routeOptions }: FastifyRequest): ParleyError {
  return new ParleyError(
    "gateway/route-without-permission",
    `${method} ${routeOptions.url ?? ""} names no permission, so that nobody may call it. Give its route one.`,
    { status: 403 },
  );
}
