/**
 * Logging in to the product as it runs, at its own name and over TLS: as its first owner, with an authenticator app, with a
 * passkey of a virtual authenticator, and at another provider.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TOTP, URI } from "otpauth";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { selfSignedCertificate } from "../../adapters/whatsapp/testing/web/certificate.ts";
import { type Runtime, startRuntime } from "../../cli/runtime/runtime.ts";
import { env } from "../../core/config/index.ts";
import { validateConfig } from "../../core/config/validate.ts";
import { packageDirectory } from "../../core/package-directory.ts";
import { crew, web } from "../../index.ts";
import { launchChromium } from "../support/chromium.ts";
import { CLIENT_ID, CLIENT_SECRET, type OpenIdServer, openIdServer } from "../support/openid-provider.ts";
import { PASSWORD } from "../support/test-identity.ts";

const HOST = "bot.example.com";
const ORIGIN = `https://${HOST}`;
const LOGIN = "jana@example.org";

let folder: string;
let provider: OpenIdServer;
let runtime: Runtime;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const faults: string[] = [];

async function startProduct(): Promise<Runtime> {
  const { cert, key } = selfSignedCertificate(HOST, Date.now());
  const tls = { certificate: join(folder, "tls.crt"), key: join(folder, "tls.key") };
  writeFileSync(tls.certificate, cert);
  writeFileSync(tls.key, key);
  const openId = { issuer: provider.issuer, clientId: CLIENT_ID, clientSecret: env("CLIENT_SECRET") };
  const exported = {
    bots: { harbour: { name: "Harbour", accounts: [web()], crew: crew({ model: "offline" }) } },
    gateway: { port: 0, hosts: [HOST], tls, openId },
    log: { level: "silent" },
  };
  const config = validateConfig(exported, "bots.config.ts", {
    environment: { PARLEY_DATA: folder, CLIENT_SECRET },
    readFile: () => expect.fail("no file is read"),
  });
  const loaded = { config, file: "bots.config.ts", directory: packageDirectory() };
  return await startRuntime(loaded, { roles: new Set(["adapters", "workers", "gateway"]) });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "parley-logging-in-"));
  provider = await openIdServer();
  runtime = await startProduct();
  const { port } = new URL(runtime.url ?? expect.fail("no gateway"));
  browser = await launchChromium([
    `--host-resolver-rules=MAP ${HOST}:443 127.0.0.1:${port}`,
    // Passkeys need a certificate without fault: by this, the browser finds none with any.
    "--ignore-certificate-errors",
  ]);
}, 180_000);
afterAll(async () => {
  await browser.close();
  await runtime.close();
  await provider.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 390, height: 780 } });
  page = await context.newPage();
  faults.length = 0;
  page.on("pageerror", ({ message }) => faults.push(message));
});
afterEach(async () => {
  await context.close();
  if (faults.length > 0) throw new Error(`The page failed: ${faults.join("; ")}`);
});

const openLogin = async (): Promise<void> => void (await page.goto(`${ORIGIN}/account/login?returnTo=/api/v1/me`));
async function sendPassword(): Promise<void> {
  await page.getByLabel("Login").fill(LOGIN);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Log in", exact: true }).click();
}
/** Whom the server takes the browser for, once it is back from the login. */
async function whoIsIn(): Promise<string> {
  await page.waitForURL(`${ORIGIN}/api/v1/me`);
  const { login } = z.object({ login: z.string() }).parse(JSON.parse((await page.textContent("body")) ?? ""));
  return login;
}
/** A call that the page makes with the cookies of its login. */
async function call(path: string, body: unknown): Promise<unknown> {
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const text = await page.evaluate<string>(
    `fetch(${JSON.stringify(`/api/v1/me/${path}`)}, ${JSON.stringify(init)}).then((response) => response.text())`,
  );
  return text === "" ? undefined : JSON.parse(text);
}
/** What an authenticator in this browser answers to the options of the server. */
async function newPasskey(options: unknown): Promise<unknown> {
  return await page.evaluate(`navigator.credentials
    .create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(${JSON.stringify(options)}) })
    .then((made) => made.toJSON())
    .then(({ id, rawId, type, response: { clientDataJSON, attestationObject } }) =>
      ({ id, rawId, type, response: { clientDataJSON, attestationObject } }))`);
}

it("makes the first owner by the link, who logs in with the password", { timeout: 120_000 }, async () => {
  const { secret } = (await runtime.firstOwnerLink()) ?? expect.fail("no link");
  await page.goto(`${ORIGIN}/account/first-owner#${secret}`);
  await page.getByLabel("Login, such as your mail address").fill(LOGIN);
  await page.getByLabel("Name").fill("Jana");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button").click();
  await page.getByRole("link", { name: "Log in" }).click();
  await page.waitForURL(`${ORIGIN}/account/login`);
  await sendPassword();
  // The chat is the first page.
  await page.waitForURL(`${ORIGIN}/`);
  await page.getByText("Online", { exact: true }).waitFor();
});

it("asks for the code of an authenticator app from then on", { timeout: 120_000 }, async () => {
  await openLogin();
  await sendPassword();
  expect(await whoIsIn()).toBe(LOGIN);
  const { uri } = z.object({ uri: z.string() }).parse(await call("totp", { password: PASSWORD }));
  const app = URI.parse(uri);
  if (!(app instanceof TOTP)) throw new Error("The address is of no authenticator app");
  expect(await call("totp/confirm", { code: app.generate() })).toHaveProperty("recoveryCodes");

  await context.clearCookies();
  await openLogin();
  await sendPassword();
  // A code counts once: this is the next one, which clocks that are ahead show already.
  await page.getByLabel("Code of your authenticator app").fill(app.generate({ timestamp: Date.now() + 30_000 }));
  await page.getByRole("button", { name: "Go on" }).click();
  expect(await whoIsIn()).toBe(LOGIN);
});

it("logs in at the provider, and says as a page why it does not", { timeout: 120_000 }, async () => {
  provider.person = { sub: "sub-nobody", email: "nobody@example.org", email_verified: true };
  await openLogin();
  await page.getByRole("link", { name: "Log in with your organisation" }).click();
  await page.getByText("There is no user here for your account").waitFor();
  await page.getByRole("link", { name: "Log in" }).click();
  await page.waitForURL(`${ORIGIN}/account/login`);
  provider.person = { sub: "sub-jana", email: LOGIN, email_verified: true };
  await openLogin();
  await page.getByRole("link", { name: "Log in with your organisation" }).click();
  expect(await whoIsIn()).toBe(LOGIN);
});

it("takes a passkey for both factors, and a password with it", { timeout: 120_000 }, async () => {
  const devtools = await context.newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await openLogin();
  await page.getByRole("link", { name: "Log in with your organisation" }).click();
  await page.waitForURL(`${ORIGIN}/api/v1/me`);
  const options = await call("passkeys/options", { password: PASSWORD });
  expect(await call("passkeys", { name: "Phone", answer: await newPasskey(options) })).toBeUndefined();

  await context.clearCookies();
  await openLogin();
  await page.getByRole("button", { name: "Log in with a passkey" }).click();
  expect(await whoIsIn()).toBe(LOGIN);

  // Whoever began with the password may go on with it.
  await context.clearCookies();
  await openLogin();
  await sendPassword();
  await page.getByLabel("Code of your authenticator app").waitFor();
  await page.getByRole("button", { name: "Log in with a passkey" }).click();
  expect(await whoIsIn()).toBe(LOGIN);

  // Somebody whom the authenticator does not recognise.
  await context.clearCookies();
  await devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
  await openLogin();
  await page.getByRole("button", { name: "Log in with a passkey" }).click();
  await page.getByText("No passkey was used. Try again, or log in with your password.").waitFor();
});
