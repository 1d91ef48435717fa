import type { Check } from "../../core/check.ts";
import type { LoadedConfig } from "../../core/config/index.ts";
import { accountId, accountOf } from "../../core/conversation-id.ts";

/** Whether somebody hears of conversations that a bot hands over, and can be reached. */
export function checkHandOver({ config: { bots } }: LoadedConfig): readonly Check[] {
  const accounts = Object.values(bots).flatMap((bot) =>
    bot.accounts.map(({ adapter, name }) => accountId(adapter.manifest.platform, name)),
  );
  return Object.values(bots).flatMap(({ id, policies: { handOver } }): readonly Check[] => {
    if (handOver === undefined) return [];
    const name = `${id} hand-over`;
    const { notify } = handOver;
    if (notify === undefined) {
      const remedy = "Name a conversation in handOver.notify, or look for them yourself: parley hand-over list";
      return [{ name, status: "warning", detail: "nobody is told when a conversation is handed over", remedy }];
    }
    if (accounts.includes(accountOf(notify))) return [{ name, status: "ok", detail: `${notify} is told` }];
    return [
      {
        name,
        status: "error",
        detail: `handOver.notify names ${notify}, and no bot has the account ${accountOf(notify)}`,
        remedy: `Name one of its accounts: ${accounts.join(", ")}`,
      },
    ];
  });
}
