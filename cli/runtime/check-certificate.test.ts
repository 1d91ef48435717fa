import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { validateConfig } from "../../core/config/index.ts";
import { crew, web } from "../../index.ts";
import { makeCertificate } from "../../test/support/certificate.ts";
import { checkCertificate } from "./check-certificate.ts";

const DAY = 86_400_000;

it("doctor says how long a certificate is good, warns two weeks before its end, and names what is wrong", () => {
  const directory = mkdtempSync(join(tmpdir(), "parley-certificate-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const tls = makeCertificate(directory, "bot.example.com");
  const end = Date.parse(new X509Certificate(readFileSync(tls.certificate)).validTo);
  const check = (daysLeft: number, gateway: object = { tls }) => {
    const bots = { harbour: { name: "Harbour", accounts: [web()], crew: crew({ model: "offline" }) } };
    const sources = { environment: {}, readFile: () => "" };
    const config = validateConfig({ bots, gateway }, "bots.config.ts", sources, directory);
    return checkCertificate({ config, file: join(directory, "bots.config.ts"), directory }, end - daysLeft * DAY);
  };
  expect(check(20)).toMatchObject([{ status: "ok", detail: `${tls.certificate}: good for 20 more days` }]);
  expect(check(13)).toMatchObject([{ status: "warning", remedy: expect.stringMatching(/^Renew it/u) }]);
  expect(check(-1)).toMatchObject([
    {
      status: "error",
      detail: expect.stringMatching(
        /^bots\.config\.ts gateway\.tls\.certificate: the certificate ended on .*\.crt"\)$/u,
      ),
      remedy: expect.stringMatching(/^Renew it/u),
    },
  ]);
  expect(check(20, { tls, hosts: ["chat.example.com"] })).toMatchObject([
    { status: "error", detail: expect.stringContaining("not for chat.example.com of gateway.hosts") },
  ]);
  expect(check(20, {})).toEqual([]);
});
