/** Which proxy is used for which address: the conventions of HTTP_PROXY, HTTPS_PROXY and NO_PROXY, and the settings. */
import { BlockList, isIP } from "node:net";
import { Secret } from "../config/secret.ts";

/** A proxy, kept as a secret: its address may hold a password. */
export interface ProxyRules {
  readonly http?: Secret;
  readonly https?: Secret;
  /** Hosts that are reached directly, as NO_PROXY names them. */
  readonly direct: readonly string[];
}

type Variables = Readonly<Record<string, string | undefined>>;

export interface ProxySettings {
  readonly proxy?: string | Secret | false | undefined;
  readonly noProxy?: readonly string[] | undefined;
}

/** The settings win over the environment, and small letters over capitals, as curl has it. */
export function readProxyRules({ proxy, noProxy }: ProxySettings, environment: Variables): ProxyRules {
  const direct = noProxy ?? (find(environment, "no_proxy")?.value ?? "").split(/[\s,]+/u).filter((part) => part !== "");
  if (proxy === false) return { direct };
  if (proxy !== undefined) {
    const secret = proxy instanceof Secret ? proxy : new Secret(proxy, "network.proxy");
    return { http: secret, https: secret, direct };
  }
  const secretOf = (name: string): Secret | undefined => {
    const found = find(environment, name) ?? find(environment, "all_proxy");
    return found === undefined ? undefined : new Secret(withScheme(found.value), `env ${found.name}`);
  };
  const [http, https] = [secretOf("http_proxy"), secretOf("https_proxy")];
  return { ...(http && { http }), ...(https && { https }), direct };
}

/** What is wrong with the address of a proxy; undefined where nothing is. The address itself is not repeated. */
export function proxyFault(proxy: Secret): string | undefined {
  try {
    const { protocol, hostname } = new URL(proxy.reveal());
    if (protocol !== "http:" && protocol !== "https:") return `speaks ${protocol.slice(0, -1)}, not http or https`;
    return hostname === "" ? "has no host" : undefined;
  } catch {
    return "is no address such as http://proxy.example:3128";
  }
}

/** The proxy for an address of http(s) or ws(s); undefined where it is reached directly. */
export function proxyFor(rules: ProxyRules, address: string | URL): Secret | undefined {
  const url = new URL(address);
  const isSecure = url.protocol === "https:" || url.protocol === "wss:";
  const proxy = isSecure ? rules.https : rules.http;
  return proxy === undefined || isDirect(rules.direct, url, isSecure) ? undefined : proxy;
}

function isDirect(entries: readonly string[], url: URL, isSecure: boolean): boolean {
  const host = url.hostname
    .replace(/^\[|\]$/gu, "")
    .replace(/\.$/u, "")
    .toLowerCase();
  const port = url.port === "" ? (isSecure ? "443" : "80") : url.port;
  return entries.some((entry) => matches(entry.toLowerCase(), host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === "*") return true;
  if (entry.includes("/")) return isInRange(entry, host);
  const { name, ofPort } = splitPort(entry);
  if (ofPort !== undefined && ofPort !== port) return false;
  if (isIP(name) !== 0) return isIP(host) !== 0 && isInRange(`${name}/${isIP(name) === 4 ? 32 : 128}`, host);
  const domain = name.replace(/^\*?\./u, "").replace(/\.$/u, "");
  return domain !== "" && (host === domain || host.endsWith(`.${domain}`));
}

function splitPort(entry: string): { readonly name: string; readonly ofPort?: string } {
  const [, bracketed, ofBracketed] = /^\[([^\]]+)\](?::(\d+))?$/u.exec(entry) ?? [];
  if (bracketed !== undefined) return { name: bracketed, ...(ofBracketed !== undefined && { ofPort: ofBracketed }) };
  if (isIP(entry) !== 0) return { name: entry };
  const [, name = entry, ofPort] = /^(.*):(\d+)$/u.exec(entry) ?? [];
  return { name, ...(ofPort !== undefined && { ofPort }) };
}

function isInRange(range: string, host: string): boolean {
  const [network = "", bits = ""] = range.split("/");
  const [ofNetwork, ofHost] = [isIP(network), isIP(host)];
  if (ofNetwork === 0 || ofHost === 0 || !/^\d{1,3}$/u.test(bits)) return false;
  if (Number(bits) > (ofNetwork === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(bits), ofNetwork === 4 ? "ipv4" : "ipv6");
  return list.check(host, ofHost === 4 ? "ipv4" : "ipv6");
}

/** curl's habit: an address without a scheme is one of http. */
function withScheme(address: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//iu.test(address) ? address : `http://${address}`;
}

function find(environment: Variables, name: string): { readonly name: string; readonly value: string } | undefined {
  for (const spelled of [name, name.toUpperCase()]) {
    const value = environment[spelled]?.trim() ?? "";
    if (value !== "") return { name: spelled, value };
  }
  return undefined;
}
