/** Starts, kills and stops the product as a process of its own. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { AccountConfig } from "../../core/bot.ts";
import { Secret } from "../../core/config/index.ts";

const PRODUCT = fileURLToPath(new URL("processes/product.ts", import.meta.url));

export interface ProductProcess {
  readonly kill: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Resolves when it runs; it may be connected a moment later. */
export async function startProduct(spec: {
  readonly module: string;
  readonly account: AccountConfig;
  readonly directory: string;
}): Promise<ProductProcess> {
  const { module, account, directory } = spec;
  const { platform } = account.adapter.manifest;
  const text = serialize({ module, platform, accountName: account.name, settings: account.settings, directory });
  const child = fork(PRODUCT, [text], { execArgv: ["--import", "tsx"], stdio: ["ignore", 2, 2, "ipc"] });
  await Promise.race([
    once(child, "message"),
    once(child, "exit").then(([code]) => Promise.reject(new Error(`the product ended with ${String(code)}`))),
  ]);
  return { kill: async () => await end(child, "SIGKILL"), stop: async () => await end(child, "SIGTERM") };
}

async function end(child: ChildProcess, signal: "SIGKILL" | "SIGTERM"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill(signal);
  await exited;
}

/** A secret hides itself from JSON; here it must travel. */
function serialize(value: unknown): string {
  return JSON.stringify(value, function (this: unknown, key: string, shown: unknown) {
    const raw: unknown = typeof this === "object" && this !== null ? Reflect.get(this, key) : shown;
    return raw instanceof Secret ? { $secret: raw.reveal() } : shown;
  });
}
