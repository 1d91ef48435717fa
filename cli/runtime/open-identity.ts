/** Who is who, as the gateway of a process asks: accounts, sessions and keys, and the record of refusals. */
import type { LoadedConfig } from "../../core/config/index.ts";
import { accountId } from "../../core/conversation-id.ts";
import { describeError } from "../../core/errors.ts";
import type { HttpRoute } from "../../core/http.ts";
import type { Databases } from "../../core/store/databases.ts";
import { auditDenials } from "../../gateway/access/audit-denials.ts";
import type { Denial } from "../../gateway/access/principal.ts";
import {
  type Identity,
  identityRoutes,
  type NotifyAlert,
  type OneUseLink,
  openIdentity as openAccounts,
  type OpenIdProvider,
  openKeyRing,
} from "../../gateway/identity/index.ts";
import { createAudit } from "../../tools/audit/index.ts";
import { actionTables } from "../../tools/registry/kept-tables.ts";
import { sendersOf, siteName } from "./code-senders.ts";
import { dataDirectoryOf } from "./data-directory.ts";
import { identitySealer } from "./identity-sealer.ts";
import type { Shared } from "./shared.ts";
import { removeSpentSecrets } from "./spent-secrets.ts";

const PRUNE_EVERY_MS = 60 * 60_000;

type Parts = Pick<Shared, "loaded" | "environment" | "telemetry" | "files" | "bots" | "network"> & {
  readonly databases: Databases;
  readonly notify: NotifyAlert;
  /** A user is gone. */
  readonly removed: (userId: string) => Promise<void>;
};

export interface OpenIdentity extends Pick<Identity, "identities"> {
  readonly routes: readonly HttpRoute[];
  readonly denied: (denial: Denial) => void;
  /** A link for who becomes the first owner; undefined where there is one. */
  readonly firstOwnerLink: () => Promise<OneUseLink | undefined>;
  readonly close: () => Promise<void>;
}

/** Opens it. Close it before the databases. */
export async function openIdentity(parts: Parts): Promise<OpenIdentity> {
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  try {
    const denied = await openRecord(parts, closers);
    const identity = await open(parts, closers);
    const routes = identityRoutes({
      identity,
      clock: parts.environment.clock,
      bots: () => parts.bots.all().map(({ config }) => config.id),
      origin: originOf(parts.loaded),
      chats: () => webAccounts(parts.loaded),
      removed: parts.removed,
      linkUsed: async () => await tidy(parts, identity),
    });
    const { firstOwnerLink } = identity.accounts;
    return { identities: identity.identities, routes, denied, firstOwnerLink, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

async function open(parts: Parts, closers: (() => Promise<void>)[]): Promise<Identity> {
  const { loaded, environment, telemetry, files, databases, notify } = parts;
  await databases.sealing.ready();
  const origin = originOf(loaded);
  const identity = await openAccounts({
    databases,
    keys: await openKeyRing(files),
    sealer: identitySealer(databases.sealing),
    environment,
    log: telemetry.log,
    name: siteName(loaded),
    ...(origin !== undefined && { site: { domain: new URL(origin).hostname, origins: [origin] } }),
    sendCode: sendersOf(loaded, { ...parts, log: telemetry.log })?.send,
    provider: providerOf(loaded),
    notify,
  });
  closers.push(identity.close);
  const timer = setInterval(() => {
    Promise.all([identity.prune(environment.clock()), tidy(parts, identity)]).catch((thrown: unknown) =>
      telemetry.log.warn({ error: describeError(thrown) }, "ended sessions and links could not be deleted"),
    );
  }, PRUNE_EVERY_MS).unref();
  closers.push(async () => clearInterval(timer));
  await tidy(parts, identity);
  return identity;
}

/** Takes away the files of links and keys that are none any more. */
async function tidy({ loaded, environment, telemetry }: Parts, { accounts, apiKeys }: Identity): Promise<void> {
  try {
    await removeSpentSecrets(dataDirectoryOf(loaded), { accounts, apiKeys, now: environment.clock() });
  } catch (thrown) {
    telemetry.log.warn({ error: describeError(thrown) }, "files of links and keys that ended could not be removed");
  }
}

/** The audit of actions, which has the refusals too. */
async function openRecord(
  { databases, files, environment, telemetry }: Parts,
  closers: (() => Promise<void>)[],
): Promise<OpenIdentity["denied"]> {
  const database = databases.open(actionTables.file);
  closers.push(database.close);
  const audit = await createAudit(database, files, { clock: environment.clock, log: telemetry.log });
  closers.push(audit.close);
  const record = auditDenials(audit, telemetry.log);
  return (denial) => void record(denial);
}

function webAccounts({ config }: LoadedConfig): readonly string[] {
  const accounts = Object.values(config.bots).flatMap((bot) => bot.accounts);
  return accounts
    .filter(({ adapter }) => adapter.manifest.platform === "web")
    .map(({ adapter, name }) => accountId(adapter.manifest.platform, name));
}

/** By what address browsers call this server; undefined on a machine without a name. */
function originOf({ config }: LoadedConfig): string | undefined {
  const [host] = config.gateway.hosts;
  return host === undefined ? undefined : `https://${host}`;
}

function providerOf({ config }: LoadedConfig): OpenIdProvider | undefined {
  const { openId } = config.gateway;
  if (openId === undefined) return undefined;
  const { issuer, clientId, clientSecret, newUsers } = openId;
  return {
    issuer,
    clientId,
    clientSecret: () => clientSecret.reveal(),
    newUsers: newUsers === "customer" ? newUsers : undefined,
  };
}
