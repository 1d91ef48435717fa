/** Login by another provider (OpenID Connect): code flow with PKCE, state and nonce. */
import { z } from "zod";
import { describeError, ParleyError } from "../../core/errors.ts";
import type { Logger } from "../../core/telemetry.ts";
import { EVERY_BOT } from "../access/roles.ts";
import type { Environment } from "../../core/environment.ts";
import type { Client } from "./client.ts";
import type { Logins } from "./login.ts";
import { readLogin } from "./login-name.ts";
import { type Claims, claimsOf } from "./open-id-claims.ts";
import { discoverOnce, library, type OpenIdProvider, reasonOf } from "./open-id-provider.ts";
import type { SealContext, Sealer } from "./sealer.ts";
import { type Hasher, newSecret } from "./secrets.ts";
import type { IssuedSession } from "./sessions.ts";
import type { IdentityStore } from "./store/identity-store.ts";
import type { User } from "./store/users.ts";

const VALID_MS = 10 * 60_000;

const Begun = z.strictObject({
  nonce: z.string(),
  verifier: z.string(),
  redirectUri: z.string(),
  returnTo: z.string(),
});

export interface OpenId {
  /**
   * Where to send the browser, and what it keeps until it comes back with this state. Throws `identity/openid-unavailable`
   * where the provider does not answer, and `identity/openid-issuer` where it has another name.
   */
  readonly begin: (to: {
    /** Where the provider sends it back to: as registered there. */
    readonly redirectUri: string;
    /** The page of this server that it came from. */
    readonly returnTo: string;
  }) => Promise<{ readonly url: string; readonly state: string; readonly handle: string }>;
  /**
   * Throws `identity/openid-refused`, `identity/openid-no-user`, `identity/openid-unconfirmed` and `identity/login-refused`, and
   * logs why.
   */
  readonly finish: (back: {
    readonly state: string;
    /** What the browser kept for that state. */
    readonly handle: string;
    /** The query with which the provider sent the browser back. */
    readonly query: string;
    readonly client: Client;
    readonly correlationId: string;
  }) => Promise<{ readonly session: IssuedSession; readonly returnTo: string }>;
}

export interface OpenIdOptions {
  readonly provider: OpenIdProvider;
  readonly store: Pick<IdentityStore, "users" | "links" | "oneUse">;
  readonly logins: Pick<Logins, "proved">;
  readonly hasher: Hasher;
  readonly sealer: Sealer;
  readonly environment: Pick<Environment, "clock" | "newId">;
  readonly log: Logger;
}

/** The logins by the provider. */
export function createOpenId(options: OpenIdOptions): OpenId {
  const { hasher, sealer, environment, store, logins, log } = options;
  const configuration = discoverOnce(options.provider);
  const findUser = createFindUser(options);
  /** By both, so that each tab has a login of its own, and a state of another one uses none up. */
  const hashOf = (state: string, handle: string): string => hasher("one-use", `${state}.${handle}`);

  async function take({ state, handle }: { readonly state: string; readonly handle: string }) {
    const hash = hashOf(state, handle);
    const found = await store.oneUse.take({ hash, purpose: "openid-login", now: environment.clock() });
    if (found?.payload === undefined) throw refused("it was not begun in this browser, or too long ago");
    const opened = await sealer.open(contextOf(hash), found.payload);
    return Begun.parse(JSON.parse(Buffer.from(opened).toString("utf8")));
  }

  return {
    begin: async ({ redirectUri, returnTo }) => {
      const { buildAuthorizationUrl, calculatePKCECodeChallenge, randomPKCECodeVerifier } = await library();
      const config = await configuration();
      const [state, handle] = [newSecret(), newSecret()];
      const begun = { nonce: newSecret(), verifier: randomPKCECodeVerifier(), redirectUri, returnTo };
      const url = buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: "openid email profile",
        state,
        nonce: begun.nonce,
        code_challenge: await calculatePKCECodeChallenge(begun.verifier),
        code_challenge_method: "S256",
      });
      const hash = hashOf(state, handle);
      const now = environment.clock();
      const payload = await sealer.seal(contextOf(hash), Buffer.from(JSON.stringify(begun)));
      await store.oneUse.create({ hash, purpose: "openid-login", payload, now, expiresAt: now + VALID_MS });
      return { url: url.href, state, handle };
    },
    finish: async ({ client, correlationId, ...back }) => {
      try {
        const begun = await take(back);
        const config = await configuration();
        const claims = await confirmed(claimsOf(config, { ...begun, ...back }));
        return { session: await logins.proved(await findUser(claims), client), returnTo: begun.returnTo };
      } catch (thrown) {
        // The others are logged with the request.
        if (thrown instanceof ParleyError && thrown.status < 500) {
          const reason = thrown.cause === undefined ? undefined : reasonOf(thrown.cause);
          log.warn({ correlationId, error: describeError(thrown), reason }, "a login by the provider was refused");
        }
        throw thrown;
      }
    },
  };
}

/** What the provider has to confirm. */
async function confirmed<T>(said: Promise<T>): Promise<T> {
  try {
    return await said;
  } catch (thrown) {
    throw refused("the provider did not confirm it", thrown);
  }
}

/** The user of an account at the provider: linked before, made by an admin under its mail address, or new. */
function createFindUser({ store, provider, environment }: OpenIdOptions): (claims: Claims) => Promise<User> {
  const { users, links } = store;

  async function made(login: string, name: string): Promise<User | undefined> {
    const { newUsers: role } = provider;
    if (role === undefined) return undefined;
    const user = { id: environment.newId(), login, name: name.trim().slice(0, 200), createdAt: environment.clock() };
    try {
      await users.create(user, [{ bot: EVERY_BOT, role }], { by: `openid:${provider.issuer}`, at: user.createdAt });
      return user;
    } catch (thrown) {
      // Two first logins at once: the other one made it.
      if (thrown instanceof ParleyError && thrown.code === "identity/login-taken") return await users.byLogin(login);
      throw thrown;
    }
  }

  return async ({ issuer, subject, person }) => {
    const account = { issuer, subject };
    const linked = await links.userOf(account);
    if (linked !== undefined) return (await users.find(linked)) ?? noUser(NOBODY);
    const { confirmed: address, name } = await confirmed(person());
    // An address that the provider has not checked may be anybody's.
    if (address === undefined) throw unconfirmed();
    const login = readLogin(address) ?? noUser(NOBODY);
    const user = (await users.byLogin(login)) ?? (await made(login, name)) ?? noUser(NOBODY);
    const isLinked = await links.add(account, { id: user.id, now: environment.clock() });
    // The address belonged to another account of the provider before.
    if (!isLinked && (await links.userOf(account)) !== user.id) return noUser(OF_ANOTHER);
    return user;
  };
}

function contextOf(row: string): SealContext {
  return { table: "identity_one_use", column: "payload", row };
}

const NOBODY = "nobody has its mail address";
const OF_ANOTHER = "the one with its mail address belongs to another account of the provider";

function noUser(why: string): never {
  throw new ParleyError(
    "identity/openid-no-user",
    `There is no user here for your account: ${why}. Ask whoever runs this to make one.`,
    { status: 403 },
  );
}

function unconfirmed(): ParleyError {
  return new ParleyError(
    "identity/openid-unconfirmed",
    "The login provider does not say that it has confirmed your mail address, so no user is looked for by it. Whoever runs this sets at the provider that it sends email and email_verified, with Entra ID the optional claims email and xms_edov: docs/identity.md, 'What a login provider has to send'.",
    { status: 403 },
  );
}

function refused(why: string, cause?: unknown): ParleyError {
  return new ParleyError("identity/openid-refused", `This login is not accepted: ${why}. Begin it again.`, {
    status: 401,
    cause,
  });
}
