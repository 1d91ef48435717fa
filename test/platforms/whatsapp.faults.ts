import { openWhatsappLocally } from "../../adapters/whatsapp/testing/index.ts";
import { survivesFaultsOn } from "./faults.ts";

survivesFaultsOn({
  title: "WhatsApp",
  open: openWhatsappLocally,
  module: "adapters/whatsapp/index.ts",
  keepsWhileDown: true,
});
