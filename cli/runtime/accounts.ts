/** The connected accounts: one connection and one delivery each; an account that fails never touches another. */
import type { AccountConfig, BotConfig } from "../../core/bot.ts";
import type { LoadedConfig } from "../../core/config/index.ts";
import type { HttpRoute, SocketRoute } from "../../core/http.ts";
import type { Health } from "../../core/adapter.ts";
import { accountId } from "../../core/conversation-id.ts";
import type { ConnectedAccount } from "./connect-account.ts";
import { connectAccount } from "./connect-account.ts";
import type { Shared } from "./runtime.ts";

/** One account's state, for health, doctor and the dashboard. */
export interface AccountHealth extends Health {
  readonly account: string;
  readonly bot: string;
}

export interface Accounts {
  readonly health: () => readonly AccountHealth[];
  readonly routes: () => readonly HttpRoute[];
  readonly sockets: () => readonly SocketRoute[];
  /** Connects what is new or changed, closes what is gone. */
  readonly reload: (loaded: LoadedConfig) => Promise<void>;
  readonly close: () => Promise<void>;
}

interface Wanted {
  readonly key: string;
  /** Changes when the account must be connected anew. */
  readonly fingerprint: string;
  readonly bot: BotConfig;
  readonly account: AccountConfig;
}

interface Open extends Wanted {
  readonly connected: ConnectedAccount;
}

/** Connects every account of the configuration; `connect` false keeps none (a process without the adapters role). */
export async function openAccounts(shared: Shared, connect: boolean): Promise<Accounts> {
  const open = new Map<string, Open>();
  const apply = async (loaded: LoadedConfig): Promise<void> => {
    const wanted = connect ? wantedAccounts(loaded) : [];
    const keep = new Set(wanted.map(({ key, fingerprint }) => `${key} ${fingerprint}`));
    const gone = [...open.values()].filter(({ key, fingerprint }) => !keep.has(`${key} ${fingerprint}`));
    await Promise.all(
      gone.map(async ({ key, connected }) => {
        open.delete(key);
        await connected.close();
      }),
    );
    await Promise.all(
      wanted
        .filter(({ key }) => !open.has(key))
        .map(async (one) => {
          open.set(one.key, { ...one, connected: await connectAccount(one.account, one.bot, shared) });
        }),
    );
  };
  await apply(shared.loaded);
  const connections = (): readonly ConnectedAccount[] => [...open.values()].map(({ connected }) => connected);
  return {
    health: () =>
      [...open.values()].map(({ key, bot, connected }) => ({ account: key, bot: bot.id, ...connected.health() })),
    routes: () => connections().flatMap((one) => one.routes()),
    sockets: () => connections().flatMap((one) => one.sockets()),
    reload: apply,
    close: async () => {
      await Promise.all(connections().map(async (one) => await one.close()));
      open.clear();
    },
  };
}

function wantedAccounts({ config }: LoadedConfig): readonly Wanted[] {
  return Object.values(config.bots).flatMap((bot) =>
    bot.accounts.map((account) => ({
      key: accountId(account.adapter.manifest.platform, account.name),
      fingerprint: JSON.stringify([bot.id, bot.name, account.settings ?? {}]),
      bot,
      account,
    })),
  );
}
