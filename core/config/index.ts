/** `bots.config.ts`: its types, its one validator, its loader, and what a change would do. */
export { adapterPackage, localPlatformOf } from "./adapter-package.ts";
export type { AdapterPackageOptions } from "./adapter-package.ts";
export { certificateFaults, certificateOf } from "./certificate.ts";
export { defineConfig } from "./config.ts";
export type { ConfigInput, ParleyConfig } from "./config.ts";
export { ConfigError, describeIssue } from "./config-error.ts";
export type { ConfigIssue } from "./config-error.ts";
export { loadConfig, readDotEnv } from "./load.ts";
export type { LoadedConfig } from "./load.ts";
export { describeConfig, describeDefaults, needsRestart, planChanges } from "./plan.ts";
export type { ConfigDescription, PlannedChange } from "./plan.ts";
export { env, file, Secret, secret, SecretReference } from "./secret.ts";
export { validateConfig } from "./validate.ts";
