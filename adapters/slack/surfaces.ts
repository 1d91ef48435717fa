/** The app's own places: Home tab, modal, assistant chats, slash commands. */
import { z } from "zod";
import type { AdapterContext } from "../../adapter.ts";
import { cutText } from "../../adapter.ts";
import { withCommands } from "./manifest.ts";
import { directChannel } from "./elsewhere.ts";
import { encodeMrkdwn } from "./mrkdwn.ts";
import { plainText } from "./render.ts";
import type { SlackSettings } from "./settings.ts";
import { createClient } from "./client.ts";
import type { Workspace, Workspaces } from "./workspaces.ts";

type Context = AdapterContext<SlackSettings>;

const Event = z.object({
  team_id: z.string().optional(),
  enterprise_id: z.string().nullish(),
  authorizations: z.array(z.object({ is_enterprise_install: z.boolean().catch(false) })).catch([]),
  event: z.object({ type: z.string(), user: z.string().optional(), tab: z.string().optional() }).loose(),
});
const AssistantThread = z.object({ assistant_thread: z.object({ channel_id: z.string(), thread_ts: z.string() }) });
const Interaction = z.object({
  type: z.string(),
  trigger_id: z.string().default(""),
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  team: z.object({ id: z.string() }).nullish(),
  actions: z.array(z.object({ action_id: z.string(), action_ts: z.string().default("") })).default([]),
  view: z
    .object({
      id: z.string(),
      callback_id: z.string().optional(),
      state: z
        .object({ values: z.record(z.string(), z.record(z.string(), z.object({ value: z.string().nullish() }))) })
        .optional(),
    })
    .loose()
    .optional(),
});
type Interaction = z.infer<typeof Interaction>;

/**
 * What an interaction means: one with the app's own places as a command or a message, any other as itself. Undefined
 * where it only opened the modal.
 */
export async function meaningOf(
  body: unknown,
  receivedAt: string,
  { context, workspaces }: { readonly context: Context; readonly workspaces: Workspaces },
): Promise<unknown> {
  const parsed = Interaction.safeParse(body);
  if (!parsed.success) return body;
  const { type, user, team, trigger_id: trigger, actions } = parsed.data;
  const [{ action_id: action, action_ts: at } = { action_id: "", action_ts: "" }] = actions;
  const workspace = async (): Promise<Workspace> => await workspaces.of(team?.id ?? user.team_id);
  if (action === "ask" || type === "shortcut") {
    const view = askView(context.bot.name);
    await (await workspace()).call("views.open", { trigger_id: trigger, view });
    return undefined;
  }
  const command = /^command:(.+)$/u.exec(action)?.[1];
  if (command !== undefined) {
    const prefixed = `/${context.settings.commandPrefix}${command}`;
    return await commandAtHome(await workspace(), { user: user.id, receivedAt, command: prefixed, at });
  }
  const text = askedIn(parsed.data);
  return text === undefined ? body : await askedAtHome(await workspace(), { user: user.id, receivedAt, text });
}

function askedIn({ type, view }: Interaction): string | undefined {
  if (type !== "view_submission" || view?.callback_id !== "ask") return undefined;
  const [first] = Object.values(view.state?.values ?? {}).flatMap((block) => Object.values(block));
  return first?.value ?? "";
}

async function commandAtHome(
  workspace: Workspace,
  {
    user,
    receivedAt,
    command,
    at,
  }: { readonly user: string; readonly receivedAt: string; readonly command: string; readonly at: string },
): Promise<object> {
  const channel = await directChannel(workspace, user);
  const who = { team_id: workspace.team, user_id: user, channel_id: channel };
  return { ...who, command, trigger_id: `home:${user}:${at}`, response_url: "", received_at: receivedAt };
}

async function askedAtHome(
  workspace: Workspace,
  { user, receivedAt, text }: { readonly user: string; readonly receivedAt: string; readonly text: string },
): Promise<object> {
  const channel = await directChannel(workspace, user);
  const ts = (Date.parse(receivedAt) / 1_000).toFixed(6);
  return {
    type: "event_callback",
    team_id: workspace.team,
    event: { type: "message", channel, user, ts, text: encodeMrkdwn(text) },
  };
}

/** Shows the Home tab and an assistant chat's suggestions when they are opened. */
export async function serveEvent(body: unknown, context: Context, workspaces: Workspaces): Promise<void> {
  const { team_id: team, event } = Event.safeParse(body).data ?? {};
  if (event === undefined) return;
  if (event.type === "app_home_opened" && event.tab === "home" && event.user !== undefined) {
    const workspace = await workspaces.of(team);
    await workspace.call("views.publish", { user_id: event.user, view: homeView(context) });
  } else if (event.type === "assistant_thread_started") {
    const { assistant_thread: thread } = AssistantThread.parse(event);
    const prompts = context.settings.suggestions.map((text) => ({ title: cutText(text, 60), message: text }));
    const workspace = await workspaces.of(team);
    if (prompts.length > 0) await workspace.call("assistant.threads.setSuggestedPrompts", { ...thread, prompts });
  } else if (event.type === "app_uninstalled" || event.type === "tokens_revoked") {
    await forget(body, workspaces);
  }
}

async function forget(body: unknown, workspaces: Workspaces): Promise<void> {
  const { team_id: team, enterprise_id: organisation, authorizations = [] } = Event.safeParse(body).data ?? {};
  const isWhole = authorizations[0]?.is_enterprise_install === true;
  await workspaces.remove((isWhole ? organisation : undefined) ?? team ?? "");
  // Asked once, so that the account's health says what happened.
  await workspaces.of(team).then(
    async (workspace) => await workspace.call("auth.test"),
    () => undefined,
  );
}

function homeView({ bot, commands }: Context): object {
  const buttons = commands
    .filter(({ argument }) => argument?.required !== true)
    .slice(0, 24)
    .map(({ name }) => ({ type: "button", action_id: `command:${name}`, text: plainText(`/${name}`) }));
  const lines = commands.map(({ name, description }) => `*/${name}* – ${encodeMrkdwn(description)}`).join("\n");
  const ask = { type: "button", action_id: "ask", style: "primary", text: plainText("Ask a question") };
  return {
    type: "home",
    blocks: [
      { type: "header", text: plainText(bot.name, 150) },
      ...(lines === "" ? [] : [{ type: "section", text: { type: "mrkdwn", text: cutText(lines, 3_000) } }]),
      { type: "actions", elements: [ask, ...buttons] },
    ],
  };
}

function askView(name: string): object {
  const element = {
    type: "plain_text_input",
    action_id: "text",
    multiline: true,
    max_length: 3_000,
    focus_on_load: true,
  };
  return {
    type: "modal",
    callback_id: "ask",
    title: plainText(name, 24),
    submit: plainText("Ask", 24),
    blocks: [{ type: "input", block_id: "question", label: plainText("What would you like to know?"), element }],
  };
}

/** Slash commands belong to the app: with a configuration token they follow the bot's own, at every change. */
export async function registerCommands(context: Context): Promise<void> {
  const { settings, commands } = context;
  const { appId, configurationToken } = settings;
  if (appId === undefined || configurationToken === undefined) return;
  const client = await createClient(configurationToken.reveal(), context);
  const exported = z
    .object({ manifest: z.unknown() })
    .parse(await client.apiCall("apps.manifest.export", { app_id: appId }));
  const changed = withCommands(exported.manifest, commands, settings.commandPrefix);
  if (changed !== undefined)
    await client.apiCall("apps.manifest.update", { app_id: appId, manifest: JSON.stringify(changed) });
}
