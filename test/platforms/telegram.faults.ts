import { openTelegramLocally } from "../../adapters/telegram/testing/index.ts";
import { survivesFaultsOn } from "./faults.ts";

survivesFaultsOn({
  title: "Telegram",
  open: openTelegramLocally,
  module: "adapters/telegram/index.ts",
  keepsWhileDown: true,
});
