/** A browser's session: cookies that only this host can have set, that no script reads, and no foreign page sends. */
import type { HttpRequest } from "../../../core/http.ts";
import { cookiesOf } from "../../access/credentials.ts";
import { requireOwnPage } from "../../access/same-origin.ts";
import { REFRESH_COOKIE, SESSION_COOKIE } from "../identities.ts";
import type { IssuedSession } from "../sessions.ts";

/** Holds no secret: it tells a page's script until when the session's cookie is good, so that it refreshes in time. */
const LOGIN_COOKIE = "__Host-parley_login";
/** Each binds one login at another provider to the browser that began it; the login's state follows. */
const OPENID_COOKIE = "__Host-parley_openid_";
/** Logins at another provider that a browser may have begun at once: its cookies have to fit into a header. */
const MOST_BEGUN = 10;

type Raw = Pick<HttpRequest, "raw">;

/** A cookie of the call; undefined where it has none. */
export function cookieOf({ raw }: Raw, name: string): string | undefined {
  return cookiesOf(raw.headers.get("cookie") ?? "").get(name);
}

/** The cookie of the login with this state. */
export function openIdCookie(state: string): string {
  return `${OPENID_COOKIE}${state}`;
}

/** Makes room for one more login at another provider. */
export function clearOldestOpenId(headers: Headers, { raw }: Raw): void {
  // Browsers send the oldest first.
  const begun = [...cookiesOf(raw.headers.get("cookie") ?? "").keys()].filter((name) => name.startsWith(OPENID_COOKIE));
  for (const name of begun.slice(0, Math.max(0, begun.length - MOST_BEGUN + 1))) setCookie(headers, name, "", 0);
}

/** Throws `gateway/cross-site` where another site's page made the browser call. */
export function requirePage({ raw: { headers } }: Raw): void {
  requireOwnPage({
    origin: headers.get("origin") ?? undefined,
    host: headers.get("host") ?? undefined,
    site: headers.get("sec-fetch-site") ?? undefined,
  });
}

/** `Lax`: a link from elsewhere opens pages logged in; calls that change something are checked by their origin. */
export function setCookie(headers: Headers, name: string, value: string, maxAgeMs: number): void {
  append(headers, `${name}=${value}`, maxAgeMs, "Secure; HttpOnly");
}

function append(headers: Headers, pair: string, maxAgeMs: number, kind: "Secure; HttpOnly" | "Secure"): void {
  const seconds = Math.max(0, Math.floor(maxAgeMs / 1_000));
  headers.append("set-cookie", `${pair}; Path=/; Max-Age=${seconds}; ${kind}; SameSite=Lax`);
}

export function setSessionCookies(headers: Headers, session: IssuedSession, now: number): void {
  setCookie(headers, SESSION_COOKIE, session.accessToken, session.accessExpiresAt - now);
  const stays = session.refreshExpiresAt - now;
  setCookie(headers, REFRESH_COOKIE, session.refreshToken, stays);
  append(headers, `${LOGIN_COOKIE}=${session.accessExpiresAt}`, stays, "Secure");
}

export function clearSessionCookies(headers: Headers): void {
  for (const name of [SESSION_COOKIE, REFRESH_COOKIE, LOGIN_COOKIE]) setCookie(headers, name, "", 0);
}
