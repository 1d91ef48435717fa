/**
 * Where a webhook goes. Its address was given by somebody, and may mean the own network: so the name is looked up once, all
 * that it stands for is checked, and the connection goes to what was checked. Nobody looks the name up a second time.
 */
import { isIP } from "node:net";
import { bareHost } from "../../core/attachments/allowed-url.ts";
import { isLoopbackAddress, isPublicAddress } from "../../core/attachments/public-address.ts";
import type { Resolve, ResolvedAddress } from "../../core/network/lookup.ts";
import { WebhookAddressError } from "./errors.ts";
import { isInternalAddress } from "./internal-address.ts";

export interface DestinationRules {
  /** Where set, no other host gets webhooks: `hooks.example.com`, `*.example.com`, with or without a port. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Hosts of the own network that get them too, by name or address; link-local ones never do. @default none */
  readonly internalHosts?: readonly string[] | undefined;
}

/** An address that was checked. */
export interface Destination {
  readonly url: URL;
  /** What the name stands for; never empty. */
  readonly addresses: readonly [ResolvedAddress, ...ResolvedAddress[]];
}

/** The same words for whatever is wrong with a host: they tell nobody which names the own network knows. */
const UNREACHABLE =
  "its host is not found on the public internet (one of the own network has to stand in gateway.webhooks.internalHosts)";

/** Looks up and checks. Throws `webhook/address`. */
export async function checkDestination(
  address: string,
  rules: DestinationRules,
  resolve: Resolve,
): Promise<Destination> {
  const url = checkAddress(address, rules);
  const host = bareHost(url);
  const isInternal = isListed(url, rules.internalHosts ?? []);
  const version = isIP(host);
  const found = version === 0 ? await lookUp(host, resolve) : [{ address: host, family: version }];
  // One that must not be reached spoils all: which of them a connection takes is chance.
  if (!found.every((one) => isAllowed(one.address, isInternal))) throw new WebhookAddressError(UNREACHABLE);
  const [first, ...others] = found;
  if (first === undefined) throw new WebhookAddressError(UNREACHABLE);
  return { url, addresses: [first, ...others] };
}

/** What can be said of an address before anything is looked up. */
function checkAddress(address: string, rules: DestinationRules): URL {
  if (!URL.canParse(address)) throw new WebhookAddressError("it is no URL");
  const url = new URL(address);
  if (url.protocol !== "https:" && url.protocol !== "http:")
    throw new WebhookAddressError("it is neither https nor http");
  if (url.username !== "" || url.password !== "") throw new WebhookAddressError("it carries credentials");
  if (url.hash !== "") throw new WebhookAddressError("it has a fragment (#…), which is never sent");
  if (url.hostname.endsWith(".")) throw new WebhookAddressError("its host name ends in a dot");
  const { allowedHosts, internalHosts = [] } = rules;
  if (allowedHosts !== undefined && !isListed(url, [...allowedHosts, ...internalHosts]))
    throw new WebhookAddressError("its host is not among those that this installation allows");
  return url;
}

async function lookUp(host: string, resolve: Resolve): Promise<readonly ResolvedAddress[]> {
  try {
    return await resolve(host);
  } catch {
    throw new WebhookAddressError(UNREACHABLE);
  }
}

function isAllowed(address: string, isInternal: boolean): boolean {
  if (isPublicAddress(address)) return true;
  return isInternal && (isLoopbackAddress(address) || isInternalAddress(address));
}

/** An entry without a port stands for all of them. */
function isListed(url: URL, entries: readonly string[]): boolean {
  const port = url.port === "" ? (url.protocol === "https:" ? "443" : "80") : url.port;
  return entries.some((entry) => {
    const { name, ofPort } = readEntry(entry.toLowerCase());
    if (ofPort !== undefined && ofPort !== port) return false;
    const host = bareHost(url);
    return name.startsWith("*.") ? host.endsWith(name.slice(1)) : host === name;
  });
}

/** `host`, `host:8443`, `[::1]:8443`, `::1`. */
function readEntry(entry: string): { readonly name: string; readonly ofPort: string | undefined } {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/u.exec(entry);
  if (bracketed !== null) return { name: bracketed[1] ?? "", ofPort: bracketed[2] };
  if (isIP(entry) !== 0) return { name: entry, ofPort: undefined };
  const [, name = entry, ofPort] = /^(.*):(\d+)$/u.exec(entry) ?? [];
  return { name, ofPort };
}
