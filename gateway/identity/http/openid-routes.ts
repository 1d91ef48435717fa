/** Logging in at another provider: there by one address, back by the other. For browsers. */
import { z } from "zod";
import { ParleyError } from "../../../core/errors.ts";
import type { HttpRoute } from "../../../core/http.ts";
import type { OpenId } from "../open-id.ts";
import { clearOldestOpenId, cookieOf, openIdCookie, setCookie, setSessionCookies } from "./cookies.ts";
import { beforeLogin, endFormer } from "./login-routes.ts";
import type { IdentityRouteParts } from "./parts.ts";
import { requireSafeTransport } from "./transport.ts";

const BACK = "/api/v1/auth/openid/callback";
const COOKIE_MS = 10 * 60_000;

/** A page of this server: an address that a browser reads as another server's is none. */
const ReturnTo = z
  .string()
  .max(500)
  .regex(/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/u, "is no path of this server");
const Begin = z.strictObject({ returnTo: ReturnTo.default("/") });
/** As the provider sends it; more than this may stand in it. */
const Returned = z.looseObject({
  code: z.string().max(4_000).optional(),
  state: z.string().max(500).optional(),
  error: z.string().max(500).optional(),
});

/** `/api/v1/auth/openid` and where the provider sends browsers back to. */
export function openIdRoutes(parts: IdentityRouteParts): readonly HttpRoute[] {
  const { identity, clock, origin } = parts;
  return [
    {
      ...beforeLogin,
      method: "GET",
      path: "/api/v1/auth/openid",
      summary: "Send the browser to the login provider of gateway.openId",
      query: Begin,
      examples: [{ summary: "And then to the first page", query: { returnTo: "/" }, status: 302 }],
      handle: async (request) => {
        requireSafeTransport(request);
        const { returnTo } = Begin.parse(request.query);
        const redirectUri = `${origin ?? new URL(request.raw.url).origin}${BACK}`;
        const { url, state, handle } = await openIdOf(identity).begin({ redirectUri, returnTo });
        const headers = new Headers({ location: url });
        clearOldestOpenId(headers, request);
        setCookie(headers, openIdCookie(state), handle, COOKIE_MS);
        return new Response(null, { status: 302, headers });
      },
    },
    {
      ...beforeLogin,
      method: "GET",
      path: BACK,
      summary: "Where the login provider sends the browser back to: the session comes as cookies",
      query: Returned,
      examples: [{ summary: "Back", query: { code: "SplxlOBeZQQYbYS6WxSbIA", state: "af0" }, status: 303 }],
      handle: async (request) => {
        requireSafeTransport(request);
        const { state = "" } = Returned.parse(request.query);
        const handle = cookieOf(request, openIdCookie(state)) ?? "";
        const { search: query } = new URL(request.raw.url);
        const { correlationId, caller } = request;
        const client = { address: caller.address };
        const back = { state, handle, query, client, correlationId };
        const { session, returnTo } = await openIdOf(identity).finish(back);
        await endFormer(identity, request);
        const headers = new Headers({ location: returnTo });
        setCookie(headers, openIdCookie(state), "", 0);
        setSessionCookies(headers, session, clock());
        return new Response(null, { status: 303, headers });
      },
    },
  ];
}

function openIdOf({ openId }: { readonly openId: OpenId | undefined }): OpenId {
  if (openId !== undefined) return openId;
  throw new ParleyError("identity/no-openid", "This server has no login provider: it is named in gateway.openId.", {
    status: 404,
  });
}
