/** The own second factors: an authenticator app with its recovery codes, and passkeys. Each change asks for the password again. */
import { z } from "zod";
import { ParleyError } from "../../../core/errors.ts";
import type { HttpRoute } from "../../../core/http.ts";
import { Contact } from "../codes.ts";
import { RegistrationAnswer } from "../passkeys.ts";
import { Again, askedAgain } from "./asked-again.ts";
import { own } from "./own-routes.ts";
import { type IdentityRouteParts, loggedIn, LOGINS_PER_MINUTE } from "./parts.ts";
import { passkeysOf } from "./login-routes.ts";
import { ById, iso } from "./shown.ts";
import { requireSafeTransport } from "./transport.ts";

const Code = z.strictObject({ code: z.string().min(6).max(20) });
const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()).describe("Shown this once.") });
const PasskeyName = z.string().min(1).max(100);
const NewPasskey = z.strictObject({ name: PasskeyName, answer: RegistrationAnswer });
const Factors = z.object({
  totp: z.boolean(),
  recoveryCodesLeft: z.int(),
  passkeys: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      createdAt: z.iso.datetime(),
      lastUsedAt: z.iso.datetime().optional(),
    }),
  ),
  contact: Contact.optional().describe("Where codes are sent, which are asked for where nothing stronger is there."),
});

const shared = { ...own, holdsSecrets: true, perMinute: LOGINS_PER_MINUTE } as const;
const CODES = { recoveryCodes: ["ABCD-EFGH-JKMN-PQRS-TUVW-XYZ2"] };
const PHONE = {
  name: "Phone",
  answer: {
    id: "u1w",
    rawId: "u1w",
    type: "public-key",
    response: { clientDataJSON: "eyJ0", attestationObject: "o2Nm", transports: ["internal"] },
  },
};
const AGAIN = { password: "copper lantern drifts north" };

/** `/api/v1/me/factors`, `…/totp` and `…/passkeys`. */
export function factorRoutes(parts: IdentityRouteParts): readonly HttpRoute[] {
  return [listRoute(parts), ...totpRoutes(parts), recoveryRoute(parts), ...passkeyRoutes(parts)];
}

function listRoute({ identity: { totps, passkeys, codes } }: IdentityRouteParts): HttpRoute {
  return {
    ...own,
    method: "GET",
    path: "/api/v1/me/factors",
    summary: "The own second factors",
    responses: { 200: Factors },
    examples: [{ summary: "An app", status: 200, answer: { totp: true, recoveryCodesLeft: 10, passkeys: [] } }],
    handle: async ({ caller }) => {
      const { userId } = loggedIn(caller);
      const found = (await passkeys?.list(userId)) ?? [];
      const contact = await codes?.contactOf(userId);
      return Response.json({
        totp: await totps.isConfirmed(userId),
        recoveryCodesLeft: await totps.recoveryCodesLeft(userId),
        passkeys: found.map(({ id, name, createdAt, lastUsedAt }) => ({
          id,
          name,
          createdAt: iso(createdAt),
          ...(lastUsedAt !== undefined && { lastUsedAt: iso(lastUsedAt) }),
        })),
        ...(contact !== undefined && { contact }),
      });
    },
  };
}

function totpRoutes(parts: IdentityRouteParts): readonly HttpRoute[] {
  const { accounts, totps } = parts.identity;
  return [
    {
      ...shared,
      method: "POST",
      path: "/api/v1/me/totp",
      summary: "Begin with an authenticator app: the address to show as a QR code",
      body: Again,
      responses: { 200: z.object({ uri: z.string() }) },
      examples: [
        {
          summary: "Begin",
          body: AGAIN,
          status: 200,
          answer: { uri: "otpauth://totp/Parley:jana%40example.org?secret=…" },
        },
      ],
      handle: async (request) => {
        const { login, id } = await accounts.get(await askedAgain(parts, request));
        return Response.json(await totps.enrol({ id, login }));
      },
    },
    {
      ...shared,
      method: "POST",
      path: "/api/v1/me/totp/confirm",
      summary: "The code that the app shows: from now on it is asked for. Gives the recovery codes",
      body: Code,
      responses: { 200: RecoveryCodes },
      examples: [{ summary: "Confirm", body: { code: "492039" }, status: 200, answer: CODES }],
      handle: async (request) => {
        requireSafeTransport(request);
        const { userId } = loggedIn(request.caller);
        const recoveryCodes = await totps.confirm(userId, Code.parse(request.body).code, parts.clock());
        return Response.json({ recoveryCodes });
      },
    },
    {
      ...shared,
      method: "POST",
      path: "/api/v1/me/totp/remove",
      summary: "Do without the authenticator app; its recovery codes end too",
      body: Again,
      examples: [{ summary: "Remove it", body: AGAIN, status: 204 }],
      handle: async (request) => {
        if (!(await totps.remove(await askedAgain(parts, request)))) throw noFactor();
        return new Response(null, { status: 204 });
      },
    },
  ];
}

function recoveryRoute(parts: IdentityRouteParts): HttpRoute {
  const { totps } = parts.identity;
  return {
    ...shared,
    method: "POST",
    path: "/api/v1/me/recovery-codes",
    summary: "Ten new recovery codes; earlier ones are void",
    body: Again,
    responses: { 200: RecoveryCodes },
    examples: [{ summary: "New ones", body: AGAIN, status: 200, answer: CODES }],
    handle: async (request) => {
      const userId = await askedAgain(parts, request);
      if (!(await totps.isConfirmed(userId))) throw noFactor();
      return Response.json({ recoveryCodes: await totps.renewRecoveryCodes(userId) });
    },
  };
}

function passkeyRoutes(parts: IdentityRouteParts): readonly HttpRoute[] {
  const { accounts } = parts.identity;
  return [
    {
      ...shared,
      method: "POST",
      path: "/api/v1/me/passkeys/options",
      summary: "What the browser's navigator.credentials.create is called with",
      body: Again,
      responses: { 200: z.looseObject({ challenge: z.string() }) },
      examples: [{ summary: "Begin", body: AGAIN, status: 200, answer: { challenge: "Zk4…" } }],
      handle: async (request) => {
        const { id, login } = await accounts.get(await askedAgain(parts, request));
        return Response.json(await passkeysOf(parts).beginRegistration({ id, login }));
      },
    },
    {
      ...shared,
      method: "POST",
      path: "/api/v1/me/passkeys",
      summary: "Keep the passkey that the browser made",
      body: NewPasskey,
      examples: [{ summary: "A phone", body: PHONE, status: 204 }],
      handle: async (request) => {
        requireSafeTransport(request);
        const { name, answer } = NewPasskey.parse(request.body);
        await passkeysOf(parts).register(loggedIn(request.caller).userId, answer, name);
        return new Response(null, { status: 204 });
      },
    },
    {
      ...shared,
      method: "POST",
      path: "/api/v1/me/passkeys/:id/remove",
      summary: "Remove a passkey",
      parameters: ById,
      body: Again,
      examples: [{ summary: "Of a lost phone", parameters: { id: "u1w" }, body: AGAIN, status: 204 }],
      handle: async (request) => {
        const userId = await askedAgain(parts, request);
        const isGone = await passkeysOf(parts).remove(userId, ById.parse(request.parameters).id);
        if (!isGone) throw noFactor();
        return new Response(null, { status: 204 });
      },
    },
  ];
}

/** The same for another's and for none. */
function noFactor(): ParleyError {
  return new ParleyError("identity/unknown-factor", "You have no such second factor.", { status: 404 });
}
