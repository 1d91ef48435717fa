import { openDiscordLocally } from "../../adapters/discord/testing/index.ts";
import { survivesFaultsOn } from "./faults.ts";

survivesFaultsOn({
  title: "Discord",
  open: openDiscordLocally,
  module: "adapters/discord/index.ts",
  keepsWhileDown: true,
});
