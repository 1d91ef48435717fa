import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { ParleyError } from "../../core/errors.ts";
import { isLoopback } from "../known-hosts.ts";
import { hasProxies } from "../proxies.ts";
import type { GatewayOptions } from "../options.ts";
import { credentialsOf, isSameSecret } from "./credentials.ts";
import type { Credentials, Principal } from "./principal.ts";
import { CLIENT, GUEST, LOCAL, noLessThanGuest, SCRAPER, SYSTEM } from "./roles.ts";

/** Who sends a request. Throws `gateway/unauthorized` where nobody may be nobody. */
export type Identify = (request: FastifyRequest) => Promise<Principal>;

type AccessOptions = Pick<
  GatewayOptions,
  "accessToken" | "trustedToken" | "identities" | "guests" | "isHealthOnly" | "host" | "trustedProxies" | "state"
>;

const TicketQuery = z.object({ ticket: z.string().max(200) });

/** The ways to prove oneself, one after the other. */
export function createIdentify(options: AccessOptions): Identify {
  return async (request) => {
    const principal =
      (await byTicket(request, options)) ?? (await byCredentials(request, options)) ?? (await anonymous(options));
    if (principal !== undefined) return asLetIn(principal, options);
    throw unauthorized("This server asks who calls: send its access token or yours as `Authorization: Bearer …`.");
  };
}

/** Whose a credential is now, with all that they may; undefined where it ended, or its person was locked. */
export async function currentOf(credential: string, options: AccessOptions): Promise<Principal | undefined> {
  const principal = await options.identities?.current(credential);
  return principal && asLetIn(principal, options);
}

/** Where guests are let in, whoever is logged in may do at least as much. */
function asLetIn(principal: Principal, options: AccessOptions): Principal {
  return principal.kind === "user" && letsGuestsIn(options) ? noLessThanGuest(principal) : principal;
}

function letsGuestsIn({ accessToken, guests = true }: AccessOptions): boolean {
  return accessToken === undefined && guests;
}

/** Who somebody is that proves nothing; undefined where that is refused. */
async function anonymous(options: AccessOptions): Promise<Principal | undefined> {
  const { trustedToken, identities, host, trustedProxies = 0, isHealthOnly = false } = options;
  if (!letsGuestsIn(options)) return undefined;
  if (isHealthOnly) return SCRAPER;
  const isThisMachine = isLoopback(host) && !hasProxies(trustedProxies);
  if (trustedToken !== undefined || !isThisMachine) return GUEST;
  return (await identities?.isManaged()) === true ? GUEST : LOCAL;
}

/** A browser cannot set headers on a WebSocket; a ticket in its address is worthless to whoever reads it later. */
async function byTicket(request: FastifyRequest, { state, identities }: AccessOptions): Promise<Principal | undefined> {
  const { config, url = "" } = request.routeOptions;
  const query = config.isSocket === true ? TicketQuery.safeParse(request.query) : undefined;
  if (query?.success !== true || state === undefined) return undefined;
  const of = await state.tickets.consume(query.data.ticket, url);
  const principal = of === undefined ? undefined : (builtIn(of) ?? (await identities?.current(of)));
  if (principal === undefined)
    throw unauthorized(
      "The ticket was used, is too old or is for another address. Get a new one: POST /api/v1/tickets.",
    );
  return { ...principal, by: "ticket" };
}

function builtIn(id: string): Principal | undefined {
  return [CLIENT, SYSTEM, GUEST, LOCAL].find((one) => one.id === id);
}

async function byCredentials(request: FastifyRequest, options: AccessOptions): Promise<Principal | undefined> {
  const credentials = credentialsOf(request);
  const { bearer, cookies } = credentials;
  const sent = bearer === undefined ? undefined : byToken(bearer, options);
  if (sent !== undefined) return sent;
  const person = await options.identities?.authenticate(credentials);
  if (person !== undefined) return person;
  if (bearer !== undefined && (options.identities ?? options.accessToken) !== undefined)
    throw unauthorized("The token is nobody's here, or not valid any more. Log in again, or make a new key.");
  return byPageCookie(request, cookies, options);
}

/** The chat page leaves the access token in a cookie for links to sources: it counts for reading pages only. */
function byPageCookie(
  { method, routeOptions }: FastifyRequest,
  cookies: Credentials["cookies"],
  options: AccessOptions,
): Principal | undefined {
  const left = cookies.get("parley_access");
  if (left === undefined || method !== "GET" || routeOptions.url?.startsWith("/api/") !== false) return undefined;
  const page = byToken(left, options);
  return page === undefined ? undefined : { ...page, by: "cookie" };
}

function byToken(given: string, { accessToken, trustedToken }: AccessOptions): Principal | undefined {
  if (trustedToken !== undefined && isSameSecret(given, trustedToken())) return SYSTEM;
  return accessToken !== undefined && isSameSecret(given, accessToken()) ? CLIENT : undefined;
}

function unauthorized(message: string): ParleyError {
  return new ParleyError("gateway/unauthorized", message, { status: 401 });
}
