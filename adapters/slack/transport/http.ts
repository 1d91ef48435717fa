/** Signed requests: events, commands, interactions; and the installation in further workspaces. */
import { z } from "zod";
import type { AdapterContext, HttpRoute } from "../../../adapter.ts";
import { describeError } from "../../../adapter.ts";
import type { SlackSettings } from "../settings.ts";
import type { Workspaces } from "../workspaces.ts";
import { isSignedBySlack } from "./signature.ts";
import type { Take } from "./socket.ts";

type Context = Pick<AdapterContext<SlackSettings>, "settings" | "log" | "environment" | "accountName">;

const Challenge = z.object({ type: z.literal("url_verification"), challenge: z.string() });
const StateCookie = /(?:^|;\s*)parley_slack_state=([^;]+)/u;
const InstallAnswer = z.object({
  code: z.string().optional(),
  state: z.string().default(""),
  error: z.string().optional(),
});

/** Where this account's HTTP calls are. */
export function basePath(accountName: string): string {
  return accountName === "main" ? "/slack" : `/slack/${encodeURIComponent(accountName)}`;
}

/** Events, commands and interactions by HTTP, where there is a signing secret; the installation, where there is OAuth. */
export function httpRoutes(context: Context, take: Take, workspaces: Workspaces): readonly HttpRoute[] {
  const { settings, accountName } = context;
  const base = basePath(accountName);
  return [
    ...(settings.signingSecret === undefined ? [] : [eventsRoute(context, take, `${base}/events`)]),
    ...(settings.oauth === undefined ? [] : installRoutes(workspaces, base)),
  ];
}

function eventsRoute({ settings, environment, log }: Context, take: Take, path: string): HttpRoute {
  const signingSecret = settings.signingSecret?.reveal() ?? "";
  return {
    method: "POST",
    path,
    summary: "Slack's events, commands and interactions",
    hidden: true,
    permission: "signed",
    handle: async ({ raw }) => {
      // The signature is over the bytes as they came.
      const body = await raw.text();
      if (!isSignedBySlack({ body, headers: raw.headers, signingSecret, nowMs: environment.clock() })) {
        return new Response(null, { status: 401 });
      }
      const parsed = parseBody(body, raw.headers.get("content-type") ?? "");
      const challenge = Challenge.safeParse(parsed);
      if (challenge.success) return Response.json({ challenge: challenge.data.challenge });
      try {
        const answer = await take(parsed);
        return answer === undefined ? new Response(null, { status: 200 }) : Response.json(answer);
      } catch (thrown) {
        log.warn({ error: describeError(thrown) }, "a request of Slack was not acknowledged");
        return new Response(null, { status: 503 });
      }
    },
  };
}

function parseBody(body: string, contentType: string): unknown {
  try {
    if (contentType.includes("json")) return JSON.parse(body);
    const form = Object.fromEntries(new URLSearchParams(body));
    return form["payload"] === undefined ? form : JSON.parse(form["payload"]);
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}

function installRoutes(workspaces: Workspaces, base: string): readonly HttpRoute[] {
  return [
    {
      method: "GET",
      path: `${base}/install`,
      summary: "Adds the app to a workspace",
      hidden: true,
      permission: "public",
      handle: async () => {
        const { url, state } = workspaces.installUrl();
        // Whoever comes back must be who was sent: the state is in the browser as well.
        const cookie = `parley_slack_state=${state}; Path=${base}; Max-Age=600; HttpOnly; Secure; SameSite=Lax`;
        return new Response(null, { status: 302, headers: { location: url, "set-cookie": cookie } });
      },
    },
    {
      method: "GET",
      path: `${base}/oauth/callback`,
      summary: "Slack's answer to an installation",
      hidden: true,
      permission: "signed",
      query: InstallAnswer,
      handle: async ({ query, raw }) => {
        const { code, state, error } = InstallAnswer.parse(query);
        const cookie = StateCookie.exec(raw.headers.get("cookie") ?? "")?.[1];
        if (code === undefined)
          return page(400, `The app was not installed (${error === "access_denied" ? "it was declined" : "no code"}).`);
        if (cookie !== state || !workspaces.isOwnState(state)) {
          return page(
            400,
            `This answer belongs to no installation that was begun here lately. Begin again at ${base}/install.`,
          );
        }
        return page(200, `The app is installed in ${await workspaces.install(code)}. You can close this page.`);
      },
    },
  ];
}

function page(status: number, text: string): Response {
  return new Response(text, {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
  });
}
