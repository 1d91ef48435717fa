/** For `doctor`: whether browsers take the certificate of the gateway, and how long yet. */
import type { Check } from "../../core/check.ts";
import { certificateFaults, certificateOf, type LoadedConfig } from "../../core/config/index.ts";

const DAY_MS = 86_400_000;
const SOON_DAYS = 14;

/** Nothing where the gateway ends no TLS itself. */
export function checkCertificate(loaded: LoadedConfig, now: number): readonly Check[] {
  const own = certificateOf(loaded);
  if (own === undefined) return [];
  const name = "certificate";
  const faults = certificateFaults(loaded, now);
  if (faults.length > 0)
    return faults.map(({ file, path, message, value, fix }) => ({
      name,
      status: "error",
      detail: `${file} ${path}: ${message} (found ${value})`,
      ...(fix !== undefined && { remedy: fix }),
    }));
  const days = Math.floor((Date.parse(own.validTo) - now) / DAY_MS);
  const detail = `${loaded.config.gateway.tls?.certificate}: good for ${days} more days`;
  if (days >= SOON_DAYS) return [{ name, status: "ok", detail }];
  return [{ name, status: "warning", detail, remedy: "Renew it: new files are read without a restart." }];
}
