/** The connected accounts: one connection and one delivery each; an account that fails never touches another. */
import { createHash } from "node:crypto";
import type { AccountConfig, BotConfig } from "../../core/bot.ts";
import type { LoadedConfig } from "../../core/config/index.ts";
import { Secret } from "../../core/config/index.ts";
import type { HttpRoute, SocketRoute } from "../../core/http.ts";
import type { Health } from "../../core/adapter.ts";
import { accountId } from "../../core/conversation-id.ts";
import type { ConnectedAccount } from "./connect-account.ts";
import { connectAccount } from "./connect-account.ts";
import type { Role, Shared } from "./shared.ts";

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
  /** Calls back after an account connected late: its routes are there now. */
  readonly onConnected: (listener: () => void) => void;
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

/** Connects every account of the configuration that belongs into a process with these roles. */
export async function openAccounts(shared: Shared, roles: ReadonlySet<Role>): Promise<Accounts> {
  const open = new Map<string, Open>();
  const listeners: (() => void)[] = [];
  const onConnected = (): void => {
    for (const listener of listeners) listener();
  };
  const apply = async (loaded: LoadedConfig): Promise<void> => {
    const wanted = wantedAccounts(loaded).filter((one) => roles.has(roleFor(one)));
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
          open.set(one.key, { ...one, connected: await connectAccount({ ...one, onConnected }, shared) });
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
    onConnected: (listener) => void listeners.push(listener),
    close: async () => {
      await Promise.all(connections().map(async (one) => await one.close()));
      open.clear();
    },
  };
}

/** What is called over HTTP is where the gateway is, so that its answers go out where people wait for them. */
function roleFor({ account: { adapter, settings }, bot }: Wanted): Role {
  return adapter.bind(settings, bot).connection === "gateway" ? "gateway" : "adapters";
}

function wantedAccounts({ config }: LoadedConfig): readonly Wanted[] {
  return Object.values(config.bots).flatMap((bot) =>
    bot.accounts.map((account) => ({
      key: accountId(account.adapter.manifest.platform, account.name),
      fingerprint: fingerprintOf([bot.id, bot.name, account.messagesPerSecond ?? null, account.settings ?? {}]),
      bot,
      account,
    })),
  );
}

/** Secrets count by their hash, so that a rotated token reconnects the account. */
function fingerprintOf(value: unknown): string {
  return JSON.stringify(value, function (this: unknown, key: string, shown: unknown) {
    const raw: unknown = typeof this === "object" && this !== null ? Reflect.get(this, key) : shown;
    return raw instanceof Secret ? createHash("sha256").update(raw.reveal()).digest("hex") : shown;
  });
}
