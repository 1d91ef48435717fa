/** Processes of the whole product on the local Telegram: started, killed, and gone when the harness ends. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { z } from "zod";
import { Secret } from "../../core/config/index.ts";
import type { CompletePlatform } from "../../core/testing/index.ts";
import { bundled } from "./build.ts";
import { machineNow } from "./notes.ts";
import type { ProductSpec } from "./processes/product.ts";
import { onInterrupt } from "./stage.ts";

export interface ProductProcess {
  /** How long it took until it was ready, in ms; rejects when it ends before. */
  readonly ready: Promise<number>;
  readonly isAlive: () => boolean;
  /** Kills it; nothing happens to one that ended. */
  readonly end: () => Promise<void>;
}

/** The account on the local platform, as a process is told of it. */
export function accountOf(platform: CompletePlatform): Pick<ProductSpec, "token" | "settings"> {
  const { token, ...settings } = z
    .object({ token: z.instanceof(Secret) })
    .loose()
    .parse(platform.account.settings);
  return { token: token.reveal(), settings };
}

/** Starts a process. */
export function startProduct(spec: ProductSpec): ProductProcess {
  const spawnedAt = machineNow();
  const child = fork(bundled("product"), [JSON.stringify(spec)], { execArgv: [], stdio: ["ignore", 2, 2, "ipc"] });
  const unhooked = onInterrupt(() => child.kill("SIGKILL"));
  let alive = true;
  const ended = once(child, "exit").then(([code]) => {
    alive = false;
    unhooked();
    return String(code);
  });
  const ready = Promise.race([
    once(child, "message").then(() => machineNow() - spawnedAt),
    ended.then((code) => Promise.reject(new Error(`the product ended with ${code}`))),
  ]);
  // Whoever does not wait for it looks whether it lives.
  ready.catch(() => undefined);
  return {
    ready,
    isAlive: () => alive,
    end: async () => {
      if (alive) child.kill("SIGKILL");
      await ended;
    },
  };
}
