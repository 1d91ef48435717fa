/** What `parley doctor` asks Slack, without receiving anything. */
import { z } from "zod";
import type { Check } from "../../adapter.ts";
import { describeError, silentTelemetry } from "../../adapter.ts";
import { SCOPES } from "./manifest.ts";
import type { SlackSettings } from "./settings.ts";
import { isTokenRefused, platformError } from "./transport/send-errors.ts";
import { createClient } from "./client.ts";

const Tested = z.object({
  team: z.string().optional(),
  user: z.string().optional(),
  response_metadata: z.object({ scopes: z.array(z.string()).optional() }).optional(),
});

/** The tokens, and what the bot may do. Each finding says what to do about it. */
export async function probeSlack(settings: SlackSettings): Promise<readonly Check[]> {
  return [
    ...(settings.botToken === undefined ? [] : await botChecks(settings, settings.botToken.reveal())),
    ...(settings.appToken === undefined ? [] : [await appCheck(settings, settings.appToken.reveal())]),
    ...(settings.oauth === undefined
      ? []
      : [
          {
            name: "slack installations",
            status: "ok" as const,
            detail: `workspaces install the app; Slack answers to ${settings.oauth.redirectUrl}`,
          },
        ]),
  ];
}

async function botChecks(settings: SlackSettings, token: string): Promise<readonly Check[]> {
  const name = "slack bot token";
  if (token.startsWith("xoxe.")) {
    const remedy =
      "Give oauth instead of botToken: then each new token is kept. Or switch token rotation off in the app.";
    return [
      { name, status: "error", detail: "the app rotates its tokens, so this one expires within 12 hours", remedy },
    ];
  }
  if (!token.startsWith("xoxb-")) {
    const remedy = "Give the Bot User OAuth Token of the app's OAuth & Permissions page as botToken.";
    return [{ name, status: "error", detail: "it does not begin with xoxb-", remedy }];
  }
  try {
    const client = await createClient(token, { settings, log: silentTelemetry.log });
    const { team = "", user = "", response_metadata: facts } = Tested.parse(await client.auth.test());
    const scopes = facts?.scopes ?? [];
    const missing = SCOPES.filter((scope) => scopes.length > 0 && !scopes.includes(scope));
    return [
      { name, status: "ok", detail: `${user} in ${team}` },
      missing.length === 0
        ? { name: "slack scopes", status: "ok", detail: "all that the bot uses" }
        : {
            name: "slack scopes",
            status: "warning",
            detail: `missing: ${missing.join(", ")}`,
            remedy: "Add them under OAuth & Permissions, Bot Token Scopes, and reinstall the app in the workspace.",
          },
    ];
  } catch (thrown) {
    return [failure(name, thrown, "Reinstall the app in the workspace (OAuth & Permissions) and give its new token.")];
  }
}

async function appCheck(settings: SlackSettings, token: string): Promise<Check> {
  const name = "slack app token";
  try {
    const client = await createClient(token, { settings, log: silentTelemetry.log });
    await client.apps.connections.open({});
    return { name, status: "ok", detail: "Socket Mode opens" };
  } catch (thrown) {
    const remedy = "Switch on Socket Mode and make an app-level token with connections:write (Basic Information).";
    return failure(name, thrown, remedy);
  }
}

function failure(name: string, thrown: unknown, remedy: string): Check {
  const detail = platformError(thrown);
  if (detail !== undefined) {
    const isToken = isTokenRefused(thrown) || detail === "missing_scope";
    return {
      name,
      status: "error",
      detail: `Slack answers ${detail}`,
      remedy: isToken ? remedy : "See the method's errors at docs.slack.dev.",
    };
  }
  return {
    name,
    status: "error",
    detail: describeError(thrown),
    remedy: "See whether this machine reaches slack.com over https.",
  };
}
