/** The accounts of an installation, with a clock that the test moves and everything that they told others. */
import { directoryFiles } from "../../core/files/directory-files.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { testClock, testEnvironment } from "../../core/testing/index.ts";
import type { Principal } from "../../gateway/access/principal.ts";
import type { Role } from "../../gateway/access/roles.ts";
import type { Contact } from "../../gateway/identity/codes.ts";
import { type Identity, openIdentity, openIdentityStore, openKeyRing } from "../../gateway/identity/index.ts";
import type { OpenIdProvider } from "../../gateway/identity/open-id-provider.ts";
import type { IssuedSession } from "../../gateway/identity/sessions.ts";
import type { TestPlace } from "./test-place.ts";
import { testSealer } from "./test-sealer.ts";

export const PASSWORD = "copper lantern drifts north";
export const SITE = { domain: "bot.example.com", origins: ["https://bot.example.com"] };
export const HOME = { address: "192.0.2.7" };
export const ELSEWHERE = { address: "198.51.100.9" };

/** Opens it. Close it in the end. */
export async function testIdentity(place: TestPlace, folder: string, provider?: OpenIdProvider) {
  const clock = testClock();
  const sent: { readonly contact: Contact; readonly code: string }[] = [];
  const alerts: string[] = [];
  const warnings: object[] = [];
  const databases = await place.open();
  const identity = await openIdentity({
    databases,
    keys: await openKeyRing(directoryFiles(folder)),
    sealer: testSealer(),
    environment: testEnvironment(clock),
    log: { ...silentTelemetry.log, warn: (fields, message) => void warnings.push({ ...fields, message }) },
    name: "Parley",
    site: SITE,
    provider,
    sendCode: async ({ contact, code }) => void sent.push({ contact, code }),
    notify: async ({ kind }) => void alerts.push(kind),
  });
  // Past the services, as somebody who reads the tables sees them.
  const store = await openIdentityStore(databases);
  const close = async (): Promise<void> => {
    await store.close();
    await identity.close();
    await databases.close();
  };
  return { identity, store, clock, sent, alerts, warnings, close };
}

/** A user with `PASSWORD` and a role with all bots; gives the id. */
export async function addUser({ accounts }: Identity, login: string, role: Role = "customer"): Promise<string> {
  const grants = [{ bot: "*", role }];
  const { account, link } = await accounts.create({ login, name: "", grants, by: "test" });
  await accounts.setPasswordByLink(link.secret, PASSWORD);
  return account.id;
}

/** Logs in where the password alone is enough. Throws where it is not. */
export async function logIn({ logins }: Identity, login: string, client = HOME): Promise<IssuedSession> {
  const outcome = await logins.password({ login, password: PASSWORD, client });
  if (outcome.kind === "session") return outcome.session;
  throw new Error(`Asked for a second factor: ${outcome.methods.join(", ")}`);
}

/** Who sends a bearer token, as the gateway would ask; undefined where it is nobody's. */
export async function whoSends({ identities }: Identity, bearer: string): Promise<Principal | undefined> {
  return await identities.authenticate({ bearer, cookies: new Map(), address: HOME.address, method: "GET" });
}
