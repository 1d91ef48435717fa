/** What `parley privacy` works with, beside a running server or without one: everything that keeps something of a person. */
import type { Spool } from "../../core/attachments/index.ts";
import type { Broker } from "../../core/broker/broker.ts";
import { loadConfig } from "../../core/config/index.ts";
import type { EraserOptions } from "../../core/conversation/eraser.ts";
import type { Keeper } from "../../core/privacy/person-export.ts";
import type { Store } from "../../core/store/store.ts";
import { keepersOf, type RunningBot } from "../../core/turn/running-bot.ts";
import { forgetInWebhooks } from "../../gateway/webhooks/index.ts";
import type { Json } from "../../core/json.ts";
import { exportAccount, openIdentityStore } from "../../gateway/identity/index.ts";
import { besideServer } from "./beside-server.ts";
import { openBots } from "./bots.ts";
import { identitySealer } from "./identity-sealer.ts";
import { openBroker } from "./open-broker.ts";
import { openSpool } from "./open-files.ts";

export interface PrivacyDesk {
  readonly store: Store;
  readonly broker: Broker;
  readonly spool: Spool;
  readonly bots: readonly { readonly id: string; readonly keepers: readonly Keeper[] }[];
  readonly keepersOf: EraserOptions["keepersOf"];
  readonly forgetTold: NonNullable<EraserOptions["forgetTold"]>;
  /** What the accounts keep of a person who logs in; undefined where that is nobody. */
  readonly accountOf: (userId: string) => Promise<Json | undefined>;
  readonly clock: () => number;
}

/** Opens it all, does the work and closes it. */
export async function withPrivacyDesk(configFile: string, work: (desk: PrivacyDesk) => Promise<void>): Promise<void> {
  const loaded = await loadConfig(configFile);
  await besideServer(loaded, async (parts, closers) => {
    const { environment, telemetry, store, databases, files } = parts;
    const broker = await openBroker(loaded, { environment, telemetry });
    closers.push(broker.close);
    const bots = await openBots(loaded, parts);
    closers.push(bots.close);
    const spool = openSpool(loaded, files, environment);
    await databases.sealing.ready();
    const accounts = await openIdentityStore(databases);
    closers.push(accounts.close);
    const identity = { store: accounts, sealer: identitySealer(databases.sealing), clock: environment.clock };
    await work({
      store,
      accountOf: async (userId) => await exportAccount(identity, userId),
      broker,
      spool,
      keepersOf: (id) => keepersOf(bots.find(id)),
      forgetTold: async (conversations) => await forgetInWebhooks(databases, conversations),
      clock: environment.clock,
      bots: bots.all().map((bot) => ({ id: bot.config.id, keepers: namedKeepers(bot) })),
    });
  });
}

function namedKeepers({ config, packs, toolset }: RunningBot): readonly Keeper[] {
  const named = packs.map(({ kept }, index) => ({ name: config.tools[index]?.name ?? `tools ${index + 1}`, kept }));
  return [{ name: "proposals", kept: toolset.kept }, ...named];
}
