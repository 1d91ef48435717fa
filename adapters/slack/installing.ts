/** How the app is installed in a further workspace or organisation: out to Slack, and back with a code. */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { AdapterContext } from "../../adapter.ts";
import { createClient } from "./client.ts";
import type { Installations } from "./installations.ts";
import { SCOPES } from "./manifest.ts";
import type { SlackSettings } from "./settings.ts";

export interface Installing {
  /** Address that asks a person to install the app, and the secret that must come back with the answer. */
  readonly installUrl: () => { readonly url: string; readonly state: string };
  /** Keeps the installation that `code` stands for. Gives the workspace's name. */
  readonly install: (code: string) => Promise<string>;
  readonly isOwnState: (state: string) => boolean;
}

const Named = z.object({ id: z.string(), name: z.string().catch("") });
/** What Slack gives for a code. An organisation's installation names no workspace. */
const Access = z.object({
  access_token: z.string(),
  bot_user_id: z.string(),
  team: Named.nullish(),
  enterprise: Named.nullish(),
  is_enterprise_install: z.boolean().catch(false),
  refresh_token: z.string().optional(),
  expires_in: z.number().optional(),
});

const STATE_MS = 10 * 60_000;

export function createInstalling(
  context: Pick<AdapterContext<SlackSettings>, "settings" | "log" | "environment">,
  put: Installations["put"],
): Installing {
  const { settings, environment } = context;
  const { oauth } = settings;
  const secret = oauth?.clientSecret.reveal() ?? "";
  const sign = (text: string): string => createHmac("sha256", secret).update(text).digest("base64url");
  return {
    installUrl: () => {
      const issued = `${environment.clock()}.${randomBytes(12).toString("base64url")}`;
      const state = `${issued}.${sign(issued)}`;
      const query = new URLSearchParams({
        client_id: oauth?.clientId ?? "",
        scope: SCOPES.join(","),
        redirect_uri: oauth?.redirectUrl ?? "",
        state,
      });
      return { url: `https://slack.com/oauth/v2/authorize?${query.toString()}`, state };
    },
    isOwnState: (state) => {
      const [at = "", nonce = "", signature = ""] = state.split(".");
      const expected = Buffer.from(sign(`${at}.${nonce}`));
      const given = Buffer.from(signature);
      const age = environment.clock() - Number(at);
      return given.length === expected.length && timingSafeEqual(given, expected) && age >= 0 && age < STATE_MS;
    },
    install: async (code) => {
      const client = await createClient(undefined, context);
      const access = await client.oauth.v2.access({
        code,
        client_id: oauth?.clientId ?? "",
        client_secret: secret,
        redirect_uri: oauth?.redirectUrl ?? "",
      });
      const given = Access.parse(access);
      const { access_token: token, bot_user_id: botUser, refresh_token: refreshToken, expires_in: seconds } = given;
      const place = given.is_enterprise_install ? given.enterprise : given.team;
      const { id: team, name } = Named.parse(place);
      const rotation =
        refreshToken === undefined || seconds === undefined
          ? {}
          : { refreshToken, expiresAt: environment.clock() + seconds * 1_000 };
      await put({ team, name, token, botUser, ...rotation });
      return name;
    },
  };
}
