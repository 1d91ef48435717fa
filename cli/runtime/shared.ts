import type { Spool } from "../../core/attachments/index.ts";
import type { Broker } from "../../core/broker/broker.ts";
import type { ConversationLife } from "../../core/conversation/index.ts";
import type { LoadedConfig } from "../../core/config/index.ts";
import type { Environment } from "../../core/environment.ts";
import type { Files } from "../../core/files/files.ts";
import type { Network } from "../../core/network/network.ts";
import type { Store } from "../../core/store/store.ts";
import type { Telemetry } from "../../core/telemetry.ts";
import type { Bots } from "./bots.ts";

/** What a process does. By default all of it. */
export type Role = "adapters" | "workers" | "gateway";

/** What the parts of a runtime share. */
export interface Shared {
  readonly loaded: LoadedConfig;
  readonly environment: Environment;
  readonly telemetry: Telemetry;
  readonly store: Store;
  readonly broker: Broker;
  readonly bots: Bots;
  readonly files: Files;
  readonly spool: Spool;
  readonly network: Network;
  /** The life of conversations, forgetting included. */
  readonly conversations: ConversationLife;
}
