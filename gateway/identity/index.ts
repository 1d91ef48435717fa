/** Who is who, and who may do what: accounts, logins, sessions, API keys, roles. */
export type { Account, Accounts, OneUseLink } from "./accounts.ts";
export type { NotifyAlert } from "./alerts.ts";
export { createAccounts } from "./accounts.ts";
export { createApiKeyService, LONGEST_DAYS } from "./api-keys.ts";
export type { ApiKeyService } from "./api-keys.ts";
export { type Identity, openIdentity } from "./identity.ts";
export { openKeyRing } from "./key-ring.ts";
export { readLogin } from "./login-name.ts";
export { LoginAnswer, RegistrationAnswer } from "./passkeys.ts";
export { isImportableHash } from "./passwords.ts";
export { type OpenIdProvider } from "./open-id.ts";
export { identityRoutes } from "./http/index.ts";
export type { SealContext, Sealer } from "./sealer.ts";
export { SecondFactor } from "./second-factors.ts";
export { createHasher } from "./secrets.ts";
export type { ApiKey } from "./store/api-keys.ts";
export { type IdentityStore, openIdentityStore } from "./store/identity-store.ts";
