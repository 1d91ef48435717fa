import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { crew, web } from "../../index.ts";
import { makeCertificate } from "../../test/support/certificate.ts";
import { certificateFaults, ConfigError, validateConfig } from "./index.ts";

const NAME = "bot.example.com";
const MINUTE = 60_000;

let folder: string;
let own: ReturnType<typeof makeCertificate>;
let other: ReturnType<typeof makeCertificate>;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "parley-certificate-"));
  own = makeCertificate(folder, NAME);
  other = makeCertificate(folder, "other.example.com");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function load(gateway: object) {
  const bots = { harbour: { name: "Harbour", accounts: [web()], crew: crew({ model: "offline" }) } };
  const sources = { environment: {}, readFile: () => "" };
  const config = validateConfig({ bots, gateway }, "bots.config.ts", sources, folder);
  return { config, file: join(folder, "bots.config.ts"), directory: folder };
}

/** What the validator says, which nothing starts past. */
function refused(tls: object): readonly unknown[] {
  try {
    load({ tls });
    return [];
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown;
    return thrown.issues;
  }
}

describe("files of TLS", () => {
  it("are taken where they belong together, by paths that start at the configuration", () => {
    expect(refused(own)).toEqual([]);
    expect(refused({ certificate: `${NAME}.crt`, key: `${NAME}.key` })).toEqual([]);
  });

  it("that do not belong together are refused, with both and the fix", () => {
    expect(refused({ ...own, key: other.key })).toEqual([
      {
        file: "bots.config.ts",
        path: "gateway.tls.key",
        message: `this key does not belong to the certificate in ${own.certificate}`,
        value: JSON.stringify(other.key),
        fix: expect.stringMatching(/^Name the key with which the certificate was made/u),
      },
    ]);
  });

  it("that are mixed up, or something else, are refused each by itself", () => {
    expect(refused({ certificate: own.key, key: own.certificate })).toMatchObject([
      { path: "gateway.tls.certificate", message: "there is no certificate in PEM in this file" },
      { path: "gateway.tls.key", message: expect.stringContaining("no key in PEM") },
    ]);
  });

  it("with a key behind a passphrase are refused, and nothing of the key is told", () => {
    const key = join(folder, "locked.key");
    execFileSync("openssl", ["pkey", "-in", own.key, "-aes256", "-passout", "pass:copper", "-out", key]);
    const issues = refused({ ...own, key });
    expect(issues).toMatchObject([{ path: "gateway.tls.key", fix: expect.stringContaining("openssl pkey") }]);
    expect(JSON.stringify(issues)).not.toContain(readFileSync(key, "utf8").split("\n")[1]);
  });
});

describe("a certificate", () => {
  const faults = (now: number, more: object = {}) => certificateFaults(load({ tls: own, hosts: [NAME], ...more }), now);
  const times = () => {
    const { validFrom, validTo } = new X509Certificate(readFileSync(own.certificate));
    return { from: Date.parse(validFrom), to: Date.parse(validTo) };
  };

  it("is good from its first moment to its last", () => {
    const { from, to } = times();
    expect([faults(from), faults(to)]).toEqual([[], []]);
  });

  it.each([
    [
      "that has ended",
      (): number => times().to + MINUTE,
      /^the certificate ended on \d{4}-\d\d-\d\d \d\d:\d\d UTC$/u,
      /^Renew it/u,
    ],
    ["of the future", (): number => times().from - MINUTE, /^the certificate counts only from .* UTC on$/u, /clock/u],
  ])("%s is told, with the file, the path and the fix", (_name, now, message, fix) => {
    expect(faults(now())).toEqual([
      {
        file: "bots.config.ts",
        path: "gateway.tls.certificate",
        value: JSON.stringify(own.certificate),
        message: expect.stringMatching(message),
        fix: expect.stringMatching(fix),
      },
    ]);
  });

  it("of other names than gateway.hosts has is told, whatever the port; behind a proxy it is not what browsers see", () => {
    const { from } = times();
    const hosts = [`${NAME}:8443`, "chat.example.com", "192.0.2.7"];
    expect(faults(from, { hosts })).toMatchObject([
      {
        path: "gateway.tls.certificate",
        message: `the certificate is for ${NAME}, and not for chat.example.com, 192.0.2.7 of gateway.hosts`,
      },
    ]);
    for (const trustedProxies of [1, ["10.0.0.5"]]) expect(faults(from, { hosts, trustedProxies })).toEqual([]);
  });

  it("is nobody's without gateway.tls", () => expect(certificateFaults(load({}), 0)).toEqual([]));
});
