/** What an installation keeps: the tables and files of its own, and those of its accounts and tool packs. */
import { spooledFiles } from "../../core/attachments/index.ts";
import type { LoadedConfig } from "../../core/config/index.ts";
import type { KeptFiles } from "../../core/files/files.ts";
import { sealingModule } from "../../core/privacy/sealing/index.ts";
import { type KeptTables, SEALING_FILE } from "../../core/store/databases.ts";
import { storeTables } from "../../core/store/tables/schema.ts";
import { identityKeyFiles } from "../../gateway/identity/key-ring.ts";
import { gatewayTables } from "../../gateway/state/tables.ts";
import { identityTables } from "../../gateway/identity/store/schema.ts";
import { webhookTables } from "../../gateway/webhooks/tables.ts";
import { auditFiles } from "../../tools/audit/checkpoint.ts";
import { actionTables } from "../../tools/registry/kept-tables.ts";
import { mcpKeyFiles } from "./mcp-key.ts";
import type { Role } from "./shared.ts";

/** Every kind of file. */
export function keptFiles({ config }: LoadedConfig): readonly KeptFiles[] {
  const bots = Object.values(config.bots);
  const adapters = bots.flatMap(({ accounts }) => accounts.map(({ adapter }) => adapter));
  const packs = bots.flatMap(({ tools }) => tools);
  const kept = [
    spooledFiles,
    auditFiles,
    mcpKeyFiles,
    identityKeyFiles,
    ...[...adapters, ...packs].flatMap(({ files = [] }) => files),
  ];
  return [...new Map(kept.map((one) => [one.prefix, one])).values()];
}

/** Those that are sealed: secrets, and by the configuration what people send. */
export function sealedKinds(loaded: LoadedConfig): readonly KeptFiles[] {
  const { attachments } = loaded.config.store.sealing;
  return keptFiles(loaded).filter((kind) => kind.isSecret === true || (attachments && kind === spooledFiles));
}

/** Which processes may read a database whole: who is who, and what callers were answered, are the gateway's alone. */
export function roleOf(kept: KeptTables): Role {
  return kept === identityTables || kept === gatewayTables ? "gateway" : "workers";
}

/** Every database: the keys and the store first. */
export async function keptTables({ config }: LoadedConfig): Promise<readonly KeptTables[]> {
  const packs = Object.values(config.bots).flatMap(({ tools }) => tools);
  const tables = await Promise.all(packs.map(async (pack) => (await pack.tables?.()) ?? []));
  const own: readonly KeptTables[] = [
    { file: SEALING_FILE, modules: [sealingModule] },
    storeTables,
    actionTables,
    identityTables,
    webhookTables,
    gatewayTables,
  ];
  return [...new Map([...own, ...tables.flat()].map((one) => [one.file, one])).values()];
}
