/** The one HTTP server: mounts what adapters and tools offer, validates, documents and guards it. */
export { createGateway } from "./gateway.ts";
export type { Gateway } from "./gateway.ts";
export type { GatewayOptions, Readiness } from "./options.ts";
