import { ParleyError } from "../../adapter.ts";

/** The app is not (or no longer) installed in the workspace, or Slack refuses its token. */
export class SlackTokenError extends ParleyError {
  override readonly name = "SlackTokenError";

  constructor(reason: string, which: string) {
    super(
      "slack/token-refused",
      `Slack refused the ${which} (${reason}). Reinstall the app in the workspace (OAuth & Permissions) and give its new token.`,
    );
  }
}
