import { openWhatsappLocally } from "../../adapters/whatsapp/testing/index.ts";
import { conversesOn } from "./end-to-end.ts";

conversesOn("WhatsApp", "whatsapp", openWhatsappLocally);
