/** Secrets that were handed over in files go with what they open: links that were used, keys that were revoked. */
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { ParleyError } from "../../core/errors.ts";
import type { Accounts, ApiKeyService } from "../../gateway/identity/index.ts";

export interface SecretKeepers {
  readonly accounts: Pick<Accounts, "isOpenLink">;
  readonly apiKeys: Pick<ApiKeyService, "get">;
  readonly now: number;
}

/** The name of the file that a key is handed over in. */
export const keyFile = (id: string): string => `key-${id}.secret`;

/** Removes the files of the data directory whose secret opens nothing any more. */
export async function removeSpentSecrets(directory: string, keepers: SecretKeepers): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(directory, entry.name);
    if (await isSpent(path, entry.name, keepers)) await rm(path, { force: true });
  }
}

async function isSpent(path: string, name: string, { accounts, apiKeys, now }: SecretKeepers): Promise<boolean> {
  const keyId = /^key-([\w-]+)\.secret$/u.exec(name)?.[1];
  if (keyId !== undefined) return await isSpentKey(apiKeys, keyId, now);
  if (!/^(?:first-owner|password)-[\da-f]{12}\.link$/u.test(name)) return false;
  const secret = /#([\w-]+)\s*$/u.exec(await readFile(path, "utf8").catch(() => ""))?.[1];
  return secret !== undefined && !(await accounts.isOpenLink(secret));
}

async function isSpentKey(apiKeys: SecretKeepers["apiKeys"], id: string, now: number): Promise<boolean> {
  try {
    const { revokedAt, expiresAt } = await apiKeys.get(id);
    return revokedAt !== undefined || expiresAt <= now;
  } catch (thrown) {
    if (thrown instanceof ParleyError && thrown.code === "identity/unknown-key") return true;
    throw thrown;
  }
}
