/** What `parley privacy` works with, beside a running server or without one: everything that keeps something of a person. */
import type { Spool } from "../../core/attachments/index.ts";
import type { Broker } from "../../core/broker/broker.ts";
import { loadConfig } from "../../core/config/index.ts";
import type { EraserOptions } from "../../core/conversation/eraser.ts";
import type { Keeper } from "../../core/privacy/person-export.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import type { Store } from "../../core/store/store.ts";
import type { RunningBot } from "../../core/turn/running-bot.ts";
import { forgetInWebhooks } from "../../gateway/webhooks/index.ts";
import { openBots } from "./bots.ts";
import { openBroker } from "./open-broker.ts";
import { openDatabases } from "./open-databases.ts";
import { openSealedFiles, openSpool } from "./open-files.ts";
import { openNetwork } from "./open-network.ts";
import { openStore } from "./open-store.ts";
import { systemEnvironment } from "./system-environment.ts";

export interface PrivacyDesk {
  readonly store: Store;
  readonly broker: Broker;
  readonly spool: Spool;
  readonly bots: readonly { readonly id: string; readonly keepers: readonly Keeper[] }[];
  readonly keepersOf: EraserOptions["keepersOf"];
  readonly forgetTold: NonNullable<EraserOptions["forgetTold"]>;
  readonly clock: () => number;
}

/** Opens it all, does the work and closes it. */
export async function withPrivacyDesk(configFile: string, work: (desk: PrivacyDesk) => Promise<void>): Promise<void> {
  const loaded = await loadConfig(configFile);
  const [environment, telemetry] = [systemEnvironment(), silentTelemetry];
  const closers: (() => Promise<void>)[] = [];
  try {
    const network = await openNetwork(loaded);
    const databases = await openDatabases(loaded);
    closers.push(databases.close);
    const files = await openSealedFiles(loaded, network, databases.sealing);
    closers.push(files.close);
    const store = await openStore(databases);
    closers.push(store.close);
    const broker = await openBroker(loaded, { environment, telemetry });
    closers.push(broker.close);
    const bots = await openBots(loaded, { environment, telemetry, store, databases, files, network });
    closers.push(bots.close);
    const spool = openSpool(loaded, files, environment);
    const keepersOf: EraserOptions["keepersOf"] = (id) => {
      const bot = bots.find(id);
      return bot === undefined ? [] : [...bot.packs, bot.toolset];
    };
    await work({
      store,
      broker,
      spool,
      keepersOf,
      forgetTold: async (conversations) => await forgetInWebhooks(databases, conversations),
      clock: environment.clock,
      bots: bots.all().map((bot) => ({ id: bot.config.id, keepers: namedKeepers(bot) })),
    });
  } finally {
    for (const close of closers.toReversed()) await close();
  }
}

function namedKeepers({ config, packs, toolset }: RunningBot): readonly Keeper[] {
  const named = packs.map(({ kept }, index) => ({ name: config.tools[index]?.name ?? `tools ${index + 1}`, kept }));
  return [{ name: "proposals", kept: toolset.kept }, ...named];
}
