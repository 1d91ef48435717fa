/** The files of `gateway.tls`: whether they can be used at all, and whether browsers would take them now. */
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { basename, resolve } from "node:path";
import type { ParleyConfig } from "./config.ts";
import type { ConfigIssue } from "./config-error.ts";
import { valueAt } from "./expectation.ts";
import { missingPath } from "./missing-path.ts";

/** No pair that can be used: nothing starts with it. */
export function certificateIssues(root: unknown, directory: string): readonly ConfigIssue[] {
  const [certificate, key] = ["certificate", "key"].map((name) => valueAt(root, ["gateway", "tls", name]));
  const absent = [
    ...(isPath(certificate) ? missingPath("file", certificate, CERTIFICATE, directory) : []),
    ...(isPath(key) ? missingPath("file", key, KEY, directory) : []),
  ];
  if (absent.length > 0 || !isPath(certificate) || !isPath(key)) return absent;
  const own = read(certificate, directory, (pem) => new X509Certificate(pem));
  const secret = read(key, directory, createPrivateKey);
  if (own !== undefined && secret !== undefined) return pairIssues(own, secret, { certificate, key });
  return [...(own === undefined ? [noCertificate(certificate)] : []), ...(secret === undefined ? [noKey(key)] : [])];
}

/** Whose files they are: paths start at the folder of the configuration. */
interface Loaded {
  readonly config: Pick<ParleyConfig, "gateway">;
  readonly file: string;
  readonly directory: string;
}

/**
 * What browsers would refuse at that time. It holds up no start: the bots on other platforms go on without the page. A name
 * in `gateway.hosts` is not this certificate's where a proxy stands in front, which has one of its own.
 */
export function certificateFaults(loaded: Loaded, now: number): readonly ConfigIssue[] {
  const { gateway } = loaded.config;
  const own = certificateOf(loaded);
  if (own === undefined || gateway.tls === undefined) return [];
  const isBehindProxy = [gateway.trustedProxies].flat().some((trusted) => trusted !== 0);
  const hosts = isBehindProxy ? [] : gateway.hosts.map((host) => host.replace(/:\d+$/u, ""));
  const foreign = hosts.filter((host) => !isFor(own, host));
  const place = { path: CERTIFICATE, value: JSON.stringify(gateway.tls.certificate), file: basename(loaded.file) };
  return [
    ...(Date.parse(own.validTo) < now
      ? [{ ...place, message: `the certificate ended on ${dayOf(own.validTo)}`, fix: RENEW }]
      : []),
    ...(Date.parse(own.validFrom) > now
      ? [{ ...place, message: `the certificate counts only from ${dayOf(own.validFrom)} on`, fix: WAIT }]
      : []),
    ...(foreign.length > 0
      ? [
          {
            ...place,
            message: `the certificate is for ${namesOf(own)}, and not for ${foreign.join(", ")} of gateway.hosts`,
            fix: "Get one for every name in gateway.hosts, or correct the names there.",
          },
        ]
      : []),
  ];
}

/** The certificate that is served; undefined without `gateway.tls`, and where there is none in the file any more. */
export function certificateOf({ config: { gateway }, directory }: Loaded): X509Certificate | undefined {
  return gateway.tls && read(gateway.tls.certificate, directory, (pem) => new X509Certificate(pem));
}

const CERTIFICATE = "gateway.tls.certificate";
const KEY = "gateway.tls.key";
const RENEW = "Renew it, and put the new one and its key where these are: they are read again without a restart.";
const WAIT = "See whether the clock of this machine is right; if it is, name a certificate that counts already.";

interface Pair {
  readonly certificate: string;
  readonly key: string;
}

function pairIssues(own: X509Certificate, secret: KeyObject, { certificate, key }: Pair): readonly ConfigIssue[] {
  if (own.checkPrivateKey(secret)) return [];
  const message = `this key does not belong to the certificate in ${certificate}`;
  const fix =
    "Name the key with which the certificate was made. In a chain, the server's own certificate stands first.";
  return [{ path: KEY, message, value: JSON.stringify(key), fix }];
}

function noCertificate(path: string): ConfigIssue {
  const fix = "Name the file with -----BEGIN CERTIFICATE-----; of DER: openssl x509 -inform der -in … -out …";
  return {
    path: CERTIFICATE,
    message: "there is no certificate in PEM in this file",
    value: JSON.stringify(path),
    fix,
  };
}

function noKey(path: string): ConfigIssue {
  const message = "there is no key in PEM in this file that can be read without a passphrase";
  const fix = "Name the file with -----BEGIN PRIVATE KEY-----; a passphrase is taken off by: openssl pkey -in … -out …";
  return { path: KEY, message, value: JSON.stringify(path), fix };
}

function isPath(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

/** Undefined where it is nothing of the kind. */
function read<Kind>(path: string, directory: string, as: (pem: Buffer) => Kind): Kind | undefined {
  try {
    return as(readFileSync(resolve(directory, path)));
  } catch {
    return undefined;
  }
}

/** As browsers see it, which read no name from the subject. */
function isFor(own: X509Certificate, host: string): boolean {
  return (isIP(host) === 0 ? own.checkHost(host, { subject: "never" }) : own.checkIP(host)) !== undefined;
}

function namesOf({ subjectAltName }: X509Certificate): string {
  return subjectAltName?.replaceAll(/(?:DNS|IP Address):/gu, "") ?? "no name (subjectAltName)";
}

function dayOf(date: string): string {
  return new Date(date).toISOString().replace(/T(\d\d:\d\d).*$/u, " $1 UTC");
}
