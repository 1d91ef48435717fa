import { userInfo } from "node:os";
import { type LoadedConfig, loadConfig } from "../../core/config/index.ts";
import { ParleyError } from "../../core/errors.ts";
import { EVERY_BOT } from "../../gateway/access/roles.ts";
import {
  type Accounts,
  type ApiKeyService,
  createAccounts,
  createApiKeyService,
  createHasher,
  type IdentityStore,
  openIdentityStore,
  openKeyRing,
} from "../../gateway/identity/index.ts";
import { dataDirectoryOf } from "./data-directory.ts";
import { openDatabases } from "./open-databases.ts";
import { openFiles } from "./open-files.ts";
import { openNetwork } from "./open-network.ts";
import { removeSpentSecrets } from "./spent-secrets.ts";
import { systemEnvironment } from "./system-environment.ts";

/** What the commands on users and keys work with: whoever can run them has the machine, so nobody is asked who they are. */
export interface AccountWork {
  readonly loaded: LoadedConfig;
  readonly accounts: Accounts;
  readonly apiKeys: ApiKeyService;
  readonly store: IdentityStore;
  readonly now: number;
  /** Who works, as it is kept with the roles that they give. */
  readonly by: string;
}

/** Opens the accounts of the configuration for a piece of work. */
export async function withAccounts(configFile: string, work: (parts: AccountWork) => Promise<void>): Promise<void> {
  const loaded = await loadConfig(configFile);
  const files = await openFiles(loaded, await openNetwork(loaded));
  try {
    const hasher = createHasher((await openKeyRing(files)).hashing);
    const databases = await openDatabases(loaded);
    try {
      const store = await openIdentityStore(databases);
      const parts = { store, hasher, environment: systemEnvironment() };
      const accounts = createAccounts(parts);
      const apiKeys = createApiKeyService(parts);
      const now = Date.now();
      try {
        await work({ loaded, store, accounts, apiKeys, now, by: `cli:${userInfo().username}` });
        await removeSpentSecrets(dataDirectoryOf(loaded), { accounts, apiKeys, now });
      } finally {
        await store.close();
      }
    } finally {
      await databases.close();
    }
  } finally {
    await files.close();
  }
}

/** A bot of the configuration, or all of them. Throws `cli/unknown-bot`. */
export function knownBot({ config }: LoadedConfig, bot: string): string {
  if (bot === EVERY_BOT || config.bots[bot] !== undefined) return bot;
  const known = Object.keys(config.bots).join(", ");
  throw new ParleyError(
    "cli/unknown-bot",
    `There is no bot "${bot}". The configuration has: ${known}. All: "${EVERY_BOT}".`,
  );
}
