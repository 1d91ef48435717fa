import { openSlackLocally } from "../../adapters/slack/testing/index.ts";
import { conversesOn } from "./end-to-end.ts";

conversesOn("Slack", "slack", openSlackLocally);
