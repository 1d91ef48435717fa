import type { GatewayOptions } from "./options.ts";

/** Proxies that are believed: how many hops, or which addresses and networks (`10.0.0.0/8`). */
export type TrustedProxies = NonNullable<GatewayOptions["trustedProxies"]>;

/** Whether others may call by way of somebody that listens where this machine alone can reach. */
export function hasProxies(trusted: TrustedProxies): boolean {
  return typeof trusted === "number" ? trusted > 0 : trusted.length > 0;
}

/** As the server library takes it. */
export function toTrustProxy(trusted: TrustedProxies): ((address: string, hop: number) => boolean) | string[] {
  return typeof trusted === "number" ? (_address, hop) => hop < trusted : [...trusted];
}
