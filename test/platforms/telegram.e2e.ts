import { openTelegramLocally } from "../../adapters/telegram/testing/index.ts";
import { conversesOn } from "./end-to-end.ts";

conversesOn("Telegram", "telegram", openTelegramLocally);
