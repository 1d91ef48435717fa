/** Whether an address may be fetched at all, before anything is looked up. */
import { isIP } from "node:net";
import { AttachmentHostError } from "./errors.ts";
import { isLoopbackAddress } from "./public-address.ts";

export interface UrlRules {
  /** Exact hosts (`cdn.example.com`, `cdn.example.com:8443`), or `*.example.com` for all below one. */
  readonly allowedHosts: readonly string[];
  /** For platforms that run on this machine: also plain http and this machine's own addresses. @default false */
  readonly allowLoopback?: boolean;
}

/** Parses and checks an address, the first one and that of each redirect. Throws `attachment/host-not-allowed`. */
export function checkUrl(address: string, rules: UrlRules, base?: URL): URL {
  if (!URL.canParse(address, base?.href)) throw new AttachmentHostError("its address is no URL");
  const url = new URL(address, base);
  if (url.username !== "" || url.password !== "") throw new AttachmentHostError("its address carries credentials");
  const local = rules.allowLoopback === true && isLoopbackHost(url.hostname);
  if (url.protocol !== "https:" && !(local && url.protocol === "http:")) {
    throw new AttachmentHostError(`"${url.protocol}" is not https`);
  }
  if (url.hostname.endsWith(".")) throw new AttachmentHostError("its host name ends in a dot");
  if (!rules.allowedHosts.some((allowed) => matches(url, allowed, local))) {
    throw new AttachmentHostError(`the host "${url.host}" is not on the list`);
  }
  return url;
}

/** The host without the brackets of an IPv6 address. */
export function bareHost(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, "$1");
}

function isLoopbackHost(hostname: string): boolean {
  const bare = hostname.replace(/^\[(.*)\]$/, "$1");
  return isIP(bare) === 0 ? bare === "localhost" : isLoopbackAddress(bare);
}

/** A host without a port means the default port; on this machine, where ports are picked freely, any. */
function matches(url: URL, allowed: string, local: boolean): boolean {
  const wanted = allowed.toLowerCase();
  if (wanted.startsWith("*.")) return url.port === "" && url.hostname.endsWith(wanted.slice(1));
  return url.host === wanted || (local && url.hostname === wanted);
}
