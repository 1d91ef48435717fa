/** Names looked up by rules of our own, in the very lookup that a connection uses. */
import { lookup as dnsLookup } from "node:dns/promises";
import type { LookupFunction } from "node:net";
import { callbackify } from "node:util";

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** All addresses of a host name. */
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>;

/** The system's resolver. */
export const systemResolve: Resolve = async (hostname) => await dnsLookup(hostname, { all: true });

/** A lookup for sockets that answers with what `resolve` gives, and fails where it rejects. */
export function lookupWith(resolve: Resolve): LookupFunction {
  const resolveAll = callbackify(async (hostname: string) => [...(await resolve(hostname))]);
  return (hostname, { all }, callback) => {
    resolveAll(hostname, (error, addresses) => {
      // The types promise an answer beside an error; there is none.
      const [first] = error === null ? addresses : [];
      if (first === undefined) callback(error ?? new Error("the host has no address"), "", 0);
      else if (all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}
