import type { Command } from "commander";
import { colors } from "../colors.ts";
import { z } from "zod";
import type { LoadedConfig } from "../../core/config/index.ts";
import { loadConfig } from "../../core/config/index.ts";
import { accountId } from "../../core/conversation-id.ts";
import { needPackages } from "../../core/config/missing-package.ts";
import { ParleyError } from "../../core/errors.ts";
import type { LifecycleEvent } from "../../core/lifecycle.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { CommonOptions, optionsOf } from "../options.ts";
import { print } from "../output.ts";
import { openBroker } from "../runtime/open-broker.ts";
import { startRuntime } from "../runtime/runtime.ts";
import { systemEnvironment } from "../runtime/system-environment.ts";

type LoginPromptEvent = Extract<LifecycleEvent, { type: "login-prompt" }>;

const LOOK_EVERY_MS = 250;

/** `parley login`: shows the QR or pairing code of an account until it is connected. */
export function addLoginCommand(asked: Command): void {
  asked
    .argument("[account]", "platform:account, such as whatsapp:main; the only one when left out")
    .option("--timeout <seconds>", "gives up after this long", "300")
    .action(async (account: string | undefined, _options, command: Command) => {
      const options = optionsOf(command, CommonOptions.extend({ timeout: z.coerce.number().positive() }));
      await login(onlyAccount(await loadConfig(options.config), account), options.timeout);
    });
}

/** The same configuration with this account alone. Throws `cli/unknown-account`. */
function onlyAccount(loaded: LoadedConfig, wanted: string | undefined): LoadedConfig {
  const all = Object.entries(loaded.config.bots).flatMap(([id, bot]) =>
    bot.accounts.map((account) => ({
      id,
      bot,
      account,
      key: accountId(account.adapter.manifest.platform, account.name),
    })),
  );
  const exclusive = all.filter(({ account }) => account.adapter.manifest.connection === "exclusive");
  const found = wanted === undefined && exclusive.length === 1 ? exclusive[0] : all.find(({ key }) => key === wanted);
  if (found === undefined)
    throw new ParleyError(
      "cli/unknown-account",
      `There is no account "${wanted ?? "(none named)"}" in the configuration. There is: ${all.map(({ key }) => key).join(", ")}.`,
    );
  const { id, bot, account } = found;
  return { ...loaded, config: { ...loaded.config, bots: { [id]: { ...bot, accounts: [account] } } } };
}

/**
 * Connects the account, or waits beside the process that already does, and shows what it asks for. Resolves once it is
 * connected. Throws `cli/login-timeout`.
 */
export async function login(loaded: LoadedConfig, timeoutSeconds: number): Promise<void> {
  const broker = await openBroker(loaded, { environment: systemEnvironment(), telemetry: silentTelemetry });
  const elsewhere = { connected: false };
  const unfollow = await broker.follow((event) => {
    if (event.type !== "login-prompt") return;
    if (event.prompt === undefined) elsewhere.connected = true;
    else void show(event.prompt);
  });
  const runtime = await startRuntime(loaded, {
    roles: new Set(["adapters"]),
    keepApplied: true,
    logDestination: { write: () => undefined },
  });
  try {
    const deadline = Date.now() + timeoutSeconds * 1_000;
    const health = () => runtime.accounts.health()[0];
    const connected = (): boolean =>
      health()?.state === "live" || (elsewhere.connected && health()?.state === "stand-by");
    while (!connected()) {
      if (Date.now() > deadline) {
        throw new ParleyError(
          "cli/login-timeout",
          `${health()?.account ?? "the account"} was not connected within ${timeoutSeconds} s (${health()?.detail ?? "unknown"}). Run the command again.`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    print(colors.green(`${health()?.account ?? "the account"} is connected.`));
  } finally {
    await unfollow();
    await runtime.close();
    await broker.close();
  }
}

async function show({ kind, value, expiresAt }: NonNullable<LoginPromptEvent["prompt"]>): Promise<void> {
  const until = colors.dim(`valid until ${new Date(expiresAt).toLocaleTimeString()}`);
  if (kind === "pairing-code") {
    print(`\nType this code on the phone: ${colors.bold(value)}  ${until}\n`);
    return;
  }
  needPackages("A QR code in the terminal", ["qrcode-terminal"]);
  const { default: qrcode } = await import("qrcode-terminal");
  qrcode.generate(value, { small: true }, (picture) => print(`\n${picture}\nScan it with the phone.  ${until}\n`));
}
