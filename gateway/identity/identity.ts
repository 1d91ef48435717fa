/** Everything about who is who, opened at once. */
import type { Environment } from "../../core/environment.ts";
import type { Databases } from "../../core/store/databases.ts";
import type { Logger } from "../../core/telemetry.ts";
import type { Identities } from "../access/principal.ts";
import { createAccessTokens } from "./access-jwt.ts";
import { type Accounts, createAccounts } from "./accounts.ts";
import { createAlerts, type NotifyAlert } from "./alerts.ts";
import { type ApiKeyService, createApiKeyService } from "./api-keys.ts";
import { type Codes, createCodes, type SendCode } from "./codes.ts";
import { createIdentities } from "./identities.ts";
import type { KeyRing } from "./key-ring.ts";
import { createLoginGuard } from "./login-guard.ts";
import { createLogins, type Logins } from "./login.ts";
import { createOpenId, type OpenId } from "./open-id.ts";
import type { OpenIdProvider } from "./open-id-provider.ts";
import type { IsLeaked } from "./password-policy.ts";
import { createPasskeys, type Passkeys, type PasskeySite } from "./passkeys.ts";
import type { Sealer } from "./sealer.ts";
import { createSecondFactors } from "./second-factors.ts";
import { createHasher } from "./secrets.ts";
import { createSessionService, type SessionService } from "./sessions.ts";
import { type IdentityStore, openIdentityStore } from "./store/identity-store.ts";
import { createTotps, type Totps } from "./totp.ts";

export interface IdentityOptions {
  readonly databases: Databases;
  readonly keys: KeyRing;
  readonly sealer: Sealer;
  readonly environment: Environment;
  readonly log: Logger;
  /** What authenticator apps and passkeys show. */
  readonly name: string;
  /** Left out: no passkeys. */
  readonly site?: Omit<PasskeySite, "name"> | undefined;
  /** Left out: no codes by mail or SMS. */
  readonly sendCode?: SendCode | undefined;
  /** Left out: no login by another provider. */
  readonly provider?: OpenIdProvider | undefined;
  readonly isLeaked?: IsLeaked | undefined;
  readonly notify?: NotifyAlert | undefined;
}

export interface Identity extends Pick<IdentityStore, "prune" | "check" | "close"> {
  readonly accounts: Accounts;
  readonly logins: Logins;
  readonly sessions: SessionService;
  readonly totps: Totps;
  readonly passkeys: Passkeys | undefined;
  readonly codes: Codes | undefined;
  readonly apiKeys: ApiKeyService;
  readonly openId: OpenId | undefined;
  /** What the gateway asks who calls. */
  readonly identities: Identities;
  readonly alerts: IdentityStore["anomalies"]["alerts"];
}

/** Opens the accounts of an installation. Close it before the databases. */
export async function openIdentity(options: IdentityOptions): Promise<Identity> {
  const { databases, keys, sealer, environment, log, name, site, sendCode: send, isLeaked } = options;
  const { clock, randomBelow } = environment;
  const store = await openIdentityStore(databases);
  const hasher = createHasher(keys.hashing);
  const tokens = createAccessTokens(keys);
  const shared = { store, hasher, sealer, clock, environment, randomBelow };
  const raise = createAlerts({ anomalies: store.anomalies, environment, log, notify: options.notify });
  const totps = createTotps({ ...shared, factors: store.factors, issuer: name });
  const passkeys = site === undefined ? undefined : createPasskeys({ ...shared, site: { ...site, name } });
  const codes = send === undefined ? undefined : createCodes({ ...shared, send });
  const sessions = createSessionService({ ...shared, tokens, raise });
  const guard = createLoginGuard({ ...shared, raise });
  const secondFactors = createSecondFactors({ ...shared, guard, totps, passkeys, codes });
  const apiKeys = createApiKeyService(shared);
  const logins = createLogins({ store, guard, sessions, secondFactors, passkeys, clock, isLeaked });
  const { provider } = options;
  return {
    accounts: createAccounts({ ...shared, isLeaked }),
    logins,
    sessions,
    totps,
    passkeys,
    codes,
    apiKeys,
    openId: provider === undefined ? undefined : createOpenId({ ...shared, provider, logins, log }),
    identities: createIdentities({ store, tokens, apiKeys, clock }),
    alerts: store.anomalies.alerts,
    prune: store.prune,
    check: store.check,
    close: store.close,
  };
}
