import { join } from "node:path";
import { createSpool, type Spool } from "../../core/attachments/index.ts";
import type { LoadedConfig } from "../../core/config/index.ts";
import type { Environment } from "../../core/environment.ts";
import { directoryFiles } from "../../core/files/directory-files.ts";
import type { Files } from "../../core/files/files.ts";
import type { Network } from "../../core/network/network.ts";
import { sealedFiles, type Sealing } from "../../core/privacy/sealing/index.ts";
import { dataDirectoryOf } from "./data-directory.ts";
import { sealedKinds } from "./kept.ts";

const DAY_MS = 86_400_000;

/** Opens what the configuration says that files are kept in. Nothing is connected yet; S3 is loaded only where it is used. */
export async function openFiles(loaded: LoadedConfig, network: Network): Promise<Files> {
  const { files } = loaded.config;
  if (files.kind === "directory") return directoryFiles(dataDirectoryOf(loaded));
  const { s3Files } = await import("../../core/files/s3-files.ts");
  const { credentials, ...place } = files;
  if (credentials === undefined) return s3Files({ ...place, network });
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const keys = { accessKeyId: accessKeyId.reveal(), secretAccessKey: secretAccessKey.reveal() };
  const session = sessionToken === undefined ? {} : { sessionToken: sessionToken.reveal() };
  return s3Files({ ...place, network, credentials: { ...keys, ...session } });
}

/** The same, with secrets sealed where they lie, and by the configuration what people send. */
export async function openSealedFiles(loaded: LoadedConfig, network: Network, sealing: Sealing): Promise<Files> {
  const kinds = sealedKinds(loaded);
  const seals = (key: string): boolean => kinds.some(({ keys }) => keys.test(key));
  return sealedFiles(await openFiles(loaded, network), { sealing, seals });
}

/** What people send. It comes in on this machine, wherever it is kept. */
export function openSpool(loaded: LoadedConfig, files: Files, environment: Environment): Spool {
  return createSpool({
    files,
    incoming: join(dataDirectoryOf(loaded), "spool", "incoming"),
    environment,
    retentionMs: loaded.config.retention.spool * DAY_MS,
  });
}
