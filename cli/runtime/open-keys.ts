import { resolve } from "node:path";
import type { SealingKey } from "../../core/config/config.ts";
import type { LoadedConfig } from "../../core/config/index.ts";
import type { Network } from "../../core/network/network.ts";
import {
  databaseKeyPort,
  fileKeyPort,
  givenKeyPort,
  type KeyPort,
  kmsKeyPort,
  withFormerKeys,
} from "../../core/privacy/sealing/index.ts";
import { dataDirectoryOf } from "./data-directory.ts";
import { openNetwork } from "./open-network.ts";

/** Opens what wraps the keys of the installation. Nothing is read yet, and no service is asked. */
export async function openKeys(loaded: LoadedConfig): Promise<KeyPort> {
  const { key, former } = loaded.config.store.sealing;
  const parts = { directory: dataDirectoryOf(loaded), network: await openNetwork(loaded) };
  const open = (one: SealingKey): KeyPort => openKey(one, parts);
  if (key.kind === "database") return withFormerKeys(open(key), former.map(open));
  // What nobody's key wrapped before is opened without being asked for.
  const unkeyed: KeyPort = { ...databaseKeyPort(), check: async () => [] };
  return withFormerKeys(open(key), [...former.map(open), unkeyed]);
}

function openKey(key: SealingKey, parts: { readonly directory: string; readonly network: Network }): KeyPort {
  if (key.kind === "database") return databaseKeyPort();
  if (key.kind === "file") return fileKeyPort(resolve(parts.directory, key.path));
  if (key.kind === "given") return givenKeyPort({ text: key.key.reveal(), from: key.key.from });
  const { keyId, region, endpoint, credentials } = key;
  const keys = credentials && {
    accessKeyId: credentials.accessKeyId.reveal(),
    secretAccessKey: credentials.secretAccessKey.reveal(),
    sessionToken: credentials.sessionToken?.reveal(),
  };
  return kmsKeyPort({ keyId, region, endpoint, credentials: keys, network: parts.network });
}
