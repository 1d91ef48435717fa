import type { ConnectContext } from "../adapter-binding.ts";
import { accountId } from "../conversation-id.ts";
import { ParleyError } from "../errors.ts";
import { silentTelemetry } from "../silent-telemetry.ts";

type Context = ConnectContext;

/** What an adapter gets when it connects, with nothing behind it: each test says what it wants to watch. */
export function quietContext(platform: string, watched: Partial<Context> = {}): Context {
  const noFiles = async (): Promise<never> =>
    await Promise.reject(new ParleyError("attachment/unknown", "This context keeps no files."));
  return {
    account: accountId(platform, "main"),
    accountName: "main",
    bot: { id: "bot", name: "Bot" },
    environment: { clock: Date.now, newId: () => crypto.randomUUID(), random: Math.random },
    log: silentTelemetry.log,
    identify: () => undefined,
    accept: async () => undefined,
    spool: noFiles,
    openFile: noFiles,
    commands: [],
    login: async () => {},
    history: async () => [],
    actions: async () => [],
    endConversation: async () => {},
    unlink: async () => false,
    conversation: async () => undefined,
    ...watched,
  };
}
