import { openDiscordLocally } from "../../adapters/discord/testing/index.ts";
import { conversesOn } from "./end-to-end.ts";

conversesOn("Discord", "discord", openDiscordLocally);
