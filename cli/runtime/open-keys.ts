import { resolve } from "node:path";
import { fileKeyPort, givenKeyPort, type KeyPort, kmsKeyPort } from "../../core/privacy/sealing/index.ts";
import type { LoadedConfig, Secret } from "../../core/config/index.ts";
import { dataDirectoryOf } from "./data-directory.ts";
import { openNetwork } from "./open-network.ts";

/** Opens what wraps the keys of the installation. Nothing is read yet, and no service is asked. */
export async function openKeys(loaded: LoadedConfig): Promise<KeyPort> {
  const { key } = loaded.config.store.sealing;
  if (key.kind === "file") return fileKeyPort(resolve(dataDirectoryOf(loaded), key.path));
  if (key.kind === "given") return givenKeyPort({ key: given(key.key), former: key.former.map(given) });
  const { keyId, region, endpoint, credentials } = key;
  const keys = credentials && {
    accessKeyId: credentials.accessKeyId.reveal(),
    secretAccessKey: credentials.secretAccessKey.reveal(),
    sessionToken: credentials.sessionToken?.reveal(),
  };
  return kmsKeyPort({ keyId, region, endpoint, credentials: keys, network: await openNetwork(loaded) });
}

const given = (secret: Secret) => ({ text: secret.reveal(), from: secret.from });
