/** A bot on a stage of its own: an installation in a folder of its own, one account in this process, its own clock. */
import type { BotConfig } from "../../core/bot.ts";
import type { LoadedConfig } from "../../core/config/index.ts";
import type { Environment } from "../../core/environment.ts";
import type { Store } from "../../core/store/store.ts";
import { type Runtime, startRuntime } from "../runtime/runtime.ts";
import type { Role } from "../runtime/shared.ts";
import { inProcessAccount, type InProcessAccount } from "./in-process-account.ts";
import { createRecorder, type Recorder } from "./recorder.ts";

/** A bot that runs, with nothing in its memory. */
export interface Stage {
  readonly bot: BotConfig;
  readonly account: InProcessAccount;
  readonly recorder: Pick<Recorder, "take">;
  readonly store: Store;
  readonly clock: () => number;
  readonly check: Runtime["check"];
  readonly close: () => Promise<void>;
}

interface Opening {
  readonly loaded: LoadedConfig;
  readonly bot: BotConfig;
  readonly environment: Environment;
  /** Everything that it keeps; the caller makes and removes it. */
  readonly directory: string;
}

/** Starts it, without its accounts. Throws what a tool pack or crew throws that cannot be opened. */
export async function openStage({ loaded, bot, environment, directory }: Opening): Promise<Stage> {
  const account = inProcessAccount();
  const recorder = createRecorder(account.fail);
  const runtime = await startRuntime(
    {
      ...loaded,
      config: {
        ...loaded.config,
        // Nothing of the real installation is touched, and nothing has to be there.
        broker: { kind: "embedded", synchronous: "normal" },
        store: {
          kind: "sqlite",
          sealing: { ...loaded.config.store.sealing, key: { kind: "file", path: "sealing.key" } },
        },
        files: { kind: "directory" },
        dataDirectory: directory,
        log: { level: "silent" },
        bots: {
          [bot.id]: {
            ...bot,
            accounts: [account.account],
            crew: recorder.crew(bot.crew),
            tools: bot.tools.map(recorder.pack),
          },
        },
      },
    },
    { roles: new Set<Role>(["adapters", "workers"]), keepApplied: true, environment },
  );
  return {
    bot,
    account,
    recorder,
    store: runtime.store,
    clock: environment.clock,
    check: runtime.check,
    close: runtime.close,
  };
}
