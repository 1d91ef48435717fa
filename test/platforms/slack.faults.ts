import { openSlackLocally } from "../../adapters/slack/testing/index.ts";
import { survivesFaultsOn } from "./faults.ts";

survivesFaultsOn({
  title: "Slack",
  open: openSlackLocally,
  module: "adapters/slack/index.ts",
  keepsWhileDown: true,
});
