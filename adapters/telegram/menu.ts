import type { Api } from "grammy";
import type { AdapterContext } from "../../adapter.ts";
import { cutText } from "../../adapter.ts";
import { toSendError } from "./send-errors.ts";
import type { TelegramSettings } from "./settings.ts";

/** The menu of commands, told to Telegram when it is another one. An account without a menu works all the same. */
export async function registerMenu(
  api: Api,
  { commands, log }: Pick<AdapterContext<TelegramSettings>, "commands" | "log">,
): Promise<void> {
  // Telegram's names have no dashes.
  const wanted = commands
    .filter(({ name }) => /^[a-z0-9_]{1,32}$/u.test(name))
    .map(({ name, description }) => ({ command: name, description: cutText(description, 256) }));
  try {
    const known = await api.getMyCommands();
    const isSame =
      known.length === wanted.length &&
      wanted.every(
        (one, index) => known[index]?.command === one.command && known[index].description === one.description,
      );
    if (!isSame) await api.setMyCommands(wanted);
  } catch (thrown) {
    log.warn({ error: toSendError(thrown).code }, "The menu of commands was not set");
  }
}
