/** Login by another provider (OpenID Connect): code flow with PKCE, state and nonce. */
import type { Configuration } from "openid-client";
import { z } from "zod";
import { ParleyError } from "../../core/errors.ts";
import { EVERY_BOT, type Role } from "../access/roles.ts";
import type { Environment } from "../../core/environment.ts";
import type { Client } from "./client.ts";
import type { Logins } from "./login.ts";
import { readLogin } from "./login-name.ts";
import type { SealContext, Sealer } from "./sealer.ts";
import { type Hasher, newSecret } from "./secrets.ts";
import type { IssuedSession } from "./sessions.ts";
import type { IdentityStore } from "./store/identity-store.ts";
import type { User } from "./store/users.ts";

/** Only installations with a provider load it. */
const library = async () => await import("openid-client");

const VALID_MS = 10 * 60_000;
const TIMEOUT_SECONDS = 10;

/** A provider, and what this installation is there. */
export interface OpenIdProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: () => string;
  /** The role of people whom nobody made a user before; left out, they are refused. */
  readonly newUsers?: Role | undefined;
}

const Begun = z.strictObject({
  nonce: z.string(),
  verifier: z.string(),
  redirectUri: z.string(),
  returnTo: z.string(),
});

const Claims = z.object({
  iss: z.string().min(1),
  sub: z.string().min(1).max(255),
  email: z.string().optional().catch(undefined),
  email_verified: z.boolean().optional().catch(undefined),
  name: z.string().optional().catch(undefined),
});
type Claims = z.infer<typeof Claims>;

export interface OpenId {
  /**
   * Where to send the browser, and what it keeps until it comes back with this state. Throws `identity/openid-unavailable`
   * where the provider does not answer.
   */
  readonly begin: (to: {
    /** Where the provider sends it back to: as registered there. */
    readonly redirectUri: string;
    /** The page of this server that it came from. */
    readonly returnTo: string;
  }) => Promise<{ readonly url: string; readonly state: string; readonly handle: string }>;
  /** Throws `identity/openid-refused`, `identity/openid-no-user` and `identity/login-refused`. */
  readonly finish: (back: {
    readonly state: string;
    /** What the browser kept for that state. */
    readonly handle: string;
    /** The query with which the provider sent the browser back. */
    readonly query: string;
    readonly client: Client;
  }) => Promise<{ readonly session: IssuedSession; readonly returnTo: string }>;
}

export interface OpenIdOptions {
  readonly provider: OpenIdProvider;
  readonly store: Pick<IdentityStore, "users" | "links" | "oneUse">;
  readonly logins: Pick<Logins, "proved">;
  readonly hasher: Hasher;
  readonly sealer: Sealer;
  readonly environment: Pick<Environment, "clock" | "newId">;
}

/** The logins by the provider. */
export function createOpenId(options: OpenIdOptions): OpenId {
  const { hasher, sealer, environment, store, logins } = options;
  const configuration = discoverOnce(options.provider);
  const findUser = createFindUser(options);
  /** By both, so that each tab has a login of its own, and a state of another one uses none up. */
  const hashOf = (state: string, handle: string): string => hasher("one-use", `${state}.${handle}`);

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
    finish: async ({ state, handle, query, client }) => {
      const hash = hashOf(state, handle);
      const found = await store.oneUse.take({ hash, purpose: "openid-login", now: environment.clock() });
      if (found?.payload === undefined) throw refused("it was not begun in this browser, or too long ago");
      const opened = await sealer.open(contextOf(hash), found.payload);
      const begun = Begun.parse(JSON.parse(Buffer.from(opened).toString("utf8")));
      const claims = await claimsOf(await configuration(), { ...begun, state, query });
      return { session: await logins.proved(await findUser(claims), client), returnTo: begun.returnTo };
    },
  };
}

/** What the provider says of who logged in: its signature, state, nonce, audience and times are checked. */
async function claimsOf(
  config: Configuration,
  begun: z.infer<typeof Begun> & { readonly state: string; readonly query: string },
): Promise<Claims> {
  const { authorizationCodeGrant } = await library();
  const back = new URL(begun.redirectUri);
  back.search = begun.query;
  try {
    const tokens = await authorizationCodeGrant(config, back, {
      pkceCodeVerifier: begun.verifier,
      expectedState: begun.state,
      expectedNonce: begun.nonce,
      idTokenExpected: true,
    });
    return Claims.parse(tokens.claims());
  } catch (thrown) {
    throw refused("the provider did not confirm it", thrown);
  }
}

/** Asks the provider for its addresses and keys at the first login, again where that failed. */
function discoverOnce({ issuer, clientId, clientSecret }: OpenIdProvider): () => Promise<Configuration> {
  let found: Promise<Configuration> | undefined;
  const discover = async (): Promise<Configuration> => {
    const { discovery, allowInsecureRequests, enableNonRepudiationChecks, ClientSecretBasic } = await library();
    const address = new URL(issuer);
    const secret = clientSecret();
    // The configuration takes plain HTTP for this machine alone.
    const execute = [enableNonRepudiationChecks, ...(address.protocol === "http:" ? [allowInsecureRequests] : [])];
    return await discovery(address, clientId, { client_secret: secret }, ClientSecretBasic(secret), {
      execute,
      timeout: TIMEOUT_SECONDS,
    });
  };
  return async () => {
    found ??= discover();
    try {
      return await found;
    } catch (thrown) {
      found = undefined;
      throw new ParleyError(
        "identity/openid-unavailable",
        `The login provider ${issuer} does not answer as one. Try again; its address is gateway.openId.issuer.`,
        { status: 503, retryable: true, cause: thrown },
      );
    }
  };
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

  return async ({ iss: issuer, sub: subject, email, email_verified: isVerified, name = "" }) => {
    const account = { issuer, subject };
    const linked = await links.userOf(account);
    if (linked !== undefined) return (await users.find(linked)) ?? noUser();
    // An address that the provider has not checked may be anybody's.
    const login = isVerified === true ? readLogin(email ?? "") : undefined;
    if (login === undefined) return noUser();
    const user = (await users.byLogin(login)) ?? (await made(login, name)) ?? noUser();
    const isLinked = await links.add(account, { id: user.id, now: environment.clock() });
    // The address belonged to another account of the provider before.
    if (!isLinked && (await links.userOf(account)) !== user.id) return noUser();
    return user;
  };
}

function contextOf(row: string): SealContext {
  return { table: "identity_one_use", column: "payload", row };
}

function noUser(): never {
  throw new ParleyError(
    "identity/openid-no-user",
    "There is no user here for your account, or its mail address is not confirmed. Ask whoever runs this to make one.",
    { status: 403 },
  );
}

function refused(why: string, cause?: unknown): ParleyError {
  return new ParleyError("identity/openid-refused", `This login is not accepted: ${why}. Begin it again.`, {
    status: 401,
    cause,
  });
}
