/** Certificates that sign themselves, made at run time. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Its files in the folder: of this name (`CN` and `subjectAltName`), for thirty days. */
export function makeCertificate(folder: string, name: string) {
  const [certificate, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const names = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}`];
  const files = ["-keyout", key, "-out", certificate];
  execFileSync("openssl", ["req", "-x509", ...kind, ...names, ...files, "-days", "30"], { stdio: "ignore" });
  return { certificate, key };
}
