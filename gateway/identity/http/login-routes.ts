/** Logging in: a password, then what else the user has; or a passkey alone. */
import { z } from "zod";
import { ParleyError } from "../../../core/errors.ts";
import type { HttpRequest, HttpRoute } from "../../../core/http.ts";
import { LoginAnswer } from "../passkeys.ts";
import { SecondFactor } from "../second-factors.ts";
import type { IssuedSession } from "../sessions.ts";
import { clearSessionCookies, cookieOf, requirePage, setSessionCookies } from "./cookies.ts";
import { toProblem } from "../../problem.ts";
import { REFRESH_COOKIE, SESSION_COOKIE } from "../identities.ts";
import { type IdentityRouteParts, LOGINS_PER_MINUTE } from "./parts.ts";
import { iso, Login, Nothing, Password } from "./shown.ts";
import { requireSafeTransport } from "./transport.ts";

const Cookies = z.boolean().default(false).describe("For browsers: the tokens come as cookies that no script reads.");
const Time = z.iso.datetime();

const NewSession = z.object({
  kind: z.literal("session"),
  userId: z.string(),
  sessionId: z.string(),
  accessExpiresAt: Time,
  refreshExpiresAt: Time,
  /** Where no cookies were asked for. */
  accessToken: z.string().optional(),
  refreshToken: z.string().optional(),
});
const Challenge = z.object({
  kind: z.literal("second-factor"),
  challenge: z.string(),
  methods: z.array(z.enum([...SecondFactor.options, "passkey"])),
  handle: z.string().optional(),
});

const PasswordLogin = z.strictObject({ login: Login, password: Password, cookies: Cookies });
const SecondStep = z.strictObject({
  challenge: z.string().min(1).max(200),
  method: SecondFactor,
  code: z.string().min(1).max(100),
  handle: z.string().min(1).max(200).optional(),
  cookies: Cookies,
});
const PasskeyLogin = z.strictObject({ answer: LoginAnswer, cookies: Cookies });
const Refresh = z.strictObject({ refreshToken: z.string().min(1).max(200).optional() });

/** What all calls have in common by which somebody logs in. */
export const beforeLogin = {
  tags: ["login"],
  permission: "public",
  holdsSecrets: true,
  perMinute: LOGINS_PER_MINUTE,
} as const;

const SESSION_EXAMPLE = {
  kind: "session",
  userId: "01K2V8Q6Z9",
  sessionId: "01K2V8R3MH",
  accessExpiresAt: "2026-09-01T10:15:00.000Z",
  refreshExpiresAt: "2026-09-08T10:00:00.000Z",
  accessToken: "eyJhbGciOiJIUzI1NiJ9.…",
  refreshToken: "mB2…",
};

/** The calls by which somebody gets a session. */
export function loginRoutes(parts: IdentityRouteParts): readonly HttpRoute[] {
  return [passwordRoute(parts), secondRoute(parts), ...passkeyRoutes(parts), refreshRoute(parts)];
}

/** Over a safe way, and where cookies are asked for from a page of this server. */
function requireLogin(request: HttpRequest, cookies: boolean): void {
  requireSafeTransport(request);
  if (cookies) requirePage(request);
}

/** Hands a new session over; one that the browser had before ends, so that nobody goes on in another's. */
async function given(
  { identity, clock }: IdentityRouteParts,
  request: HttpRequest,
  session: IssuedSession,
  cookies: boolean,
): Promise<Response> {
  if (cookies) await endFormer(identity, request);
  return answered(session, cookies, clock());
}

function answered(session: IssuedSession, cookies: boolean, now: number): Response {
  const { userId, sessionId, accessToken, refreshToken, accessExpiresAt, refreshExpiresAt } = session;
  const headers = new Headers();
  if (cookies) setSessionCookies(headers, session, now);
  const told: z.input<typeof NewSession> = {
    kind: "session",
    userId,
    sessionId,
    accessExpiresAt: iso(accessExpiresAt),
    refreshExpiresAt: iso(refreshExpiresAt),
    ...(cookies ? {} : { accessToken, refreshToken }),
  };
  return Response.json(told, { headers });
}

/** The session of a browser's cookie ends, if there is one. */
export async function endFormer(
  { identities, sessions }: IdentityRouteParts["identity"],
  request: HttpRequest,
): Promise<void> {
  const token = cookieOf(request, SESSION_COOKIE);
  if (token === undefined) return;
  const cookies = new Map([[SESSION_COOKIE, token]]);
  const { address } = request.caller;
  const former = await identities.authenticate({ bearer: undefined, cookies, address, method: "POST" });
  const id = /^session:(.+)$/u.exec(former?.credential ?? "")?.[1];
  if (id !== undefined) await sessions.end(id, "logout");
}

function passwordRoute(parts: IdentityRouteParts): HttpRoute {
  return {
    ...beforeLogin,
    method: "POST",
    path: "/api/v1/auth/login",
    summary: "Log in with a password; asks for the second factor where the user has one",
    body: PasswordLogin,
    responses: { 200: z.discriminatedUnion("kind", [NewSession, Challenge]) },
    examples: [
      {
        summary: "With tokens, for a program",
        body: { login: "jana@example.org", password: "copper lantern drifts north" },
        status: 200,
        answer: SESSION_EXAMPLE,
      },
      {
        summary: "With cookies, for a page of this server, of a user with an authenticator app",
        body: { login: "jana@example.org", password: "copper lantern drifts north", cookies: true },
        status: 200,
        answer: { kind: "second-factor", challenge: "0pR…", methods: ["totp", "recovery-code"] },
      },
    ],
    handle: async (request) => {
      const { login, password, cookies } = PasswordLogin.parse(request.body);
      requireLogin(request, cookies);
      const { address } = request.caller;
      const outcome = await parts.identity.logins.password({ login, password, client: { address } });
      if (outcome.kind === "session") return await given(parts, request, outcome.session, cookies);
      return Response.json(outcome);
    },
  };
}

function secondRoute(parts: IdentityRouteParts): HttpRoute {
  return {
    ...beforeLogin,
    method: "POST",
    path: "/api/v1/auth/login/second-factor",
    summary: "The second step: a code of the authenticator app, a recovery code, or a code that was sent",
    body: SecondStep,
    responses: { 200: NewSession },
    examples: [
      {
        summary: "A code of the app",
        body: { challenge: "0pR…", method: "totp", code: "492039" },
        status: 200,
        answer: SESSION_EXAMPLE,
      },
      {
        summary: "A recovery code",
        body: { challenge: "0pR…", method: "recovery-code", code: "ABCD-EFGH-JKMN-PQRS-TUVW-XYZ2" },
        status: 200,
        answer: SESSION_EXAMPLE,
      },
    ],
    handle: async (request) => {
      const { cookies, ...answer } = SecondStep.parse(request.body);
      requireLogin(request, cookies);
      const session = await parts.identity.logins.second(answer, { address: request.caller.address });
      return await given(parts, request, session, cookies);
    },
  };
}

function passkeyRoutes(parts: IdentityRouteParts): readonly HttpRoute[] {
  return [
    {
      ...beforeLogin,
      method: "POST",
      path: "/api/v1/auth/login/passkey/options",
      summary: "What the browser's navigator.credentials.get is called with",
      body: Nothing,
      responses: { 200: z.looseObject({ challenge: z.string() }) },
      examples: [{ summary: "Begin", body: {}, status: 200, answer: { challenge: "Zk4…", rpId: "bot.example.com" } }],
      handle: async (request) => {
        requireSafeTransport(request);
        return Response.json(await passkeysOf(parts).beginLogin());
      },
    },
    {
      ...beforeLogin,
      method: "POST",
      path: "/api/v1/auth/login/passkey",
      summary: "Log in with a passkey, which counts as both factors",
      body: PasskeyLogin,
      responses: { 200: NewSession },
      examples: [
        {
          summary: "The browser's answer",
          body: {
            answer: {
              id: "u1w",
              rawId: "u1w",
              type: "public-key",
              response: { clientDataJSON: "eyJ0", authenticatorData: "SZYN", signature: "MEUC" },
            },
            cookies: true,
          },
          status: 200,
        },
      ],
      handle: async (request) => {
        const { answer, cookies } = PasskeyLogin.parse(request.body);
        requireLogin(request, cookies);
        passkeysOf(parts);
        const session = await parts.identity.logins.withPasskey(answer, { address: request.caller.address });
        return await given(parts, request, session, cookies);
      },
    },
  ];
}

/** Throws `identity/no-passkeys` where the installation has no domain. */
export function passkeysOf({ identity: { passkeys } }: IdentityRouteParts) {
  if (passkeys !== undefined) return passkeys;
  throw new ParleyError(
    "identity/no-passkeys",
    "Passkeys belong to a domain, and this server has none: name it in gateway.hosts.",
    { status: 503 },
  );
}

function refreshRoute(parts: IdentityRouteParts): HttpRoute {
  return {
    ...beforeLogin,
    method: "POST",
    path: "/api/v1/auth/refresh",
    summary: "Another access token; the refresh token is used up by it, and a new one comes with the answer",
    body: Refresh,
    responses: { 200: NewSession },
    examples: [{ summary: "For a program", body: { refreshToken: "mB2…" }, status: 200, answer: SESSION_EXAMPLE }],
    handle: async (request) => {
      const { refreshToken } = Refresh.parse(request.body);
      const cookies = refreshToken === undefined;
      requireLogin(request, cookies);
      const token = refreshToken ?? cookieOf(request, REFRESH_COOKIE) ?? "";
      try {
        const session = await parts.identity.sessions.refresh(token, { address: request.caller.address });
        return answered(session, cookies, parts.clock());
      } catch (thrown) {
        if (!cookies || !(thrown instanceof ParleyError) || thrown.status !== 401) throw thrown;
        return ended(thrown, request.correlationId);
      }
    },
  };
}

/** A browser keeps cookies that count no more until it is told. */
function ended(thrown: ParleyError, correlationId: string): Response {
  const headers = new Headers({ "content-type": "application/problem+json" });
  clearSessionCookies(headers);
  return new Response(JSON.stringify(toProblem(thrown, correlationId)), { status: thrown.status, headers });
}
