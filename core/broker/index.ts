/** The broker: the contract, its errors, and the loops that every implementation shares. */
export * from "./broker.ts";
export * from "./outbox-entry.ts";
export * from "./errors.ts";
export { DEFAULT_RETRY, retryDelay } from "./retry-policy.ts";
export { createEmbeddedBroker, type EmbeddedBrokerOptions } from "./embedded/embedded-broker.ts";
