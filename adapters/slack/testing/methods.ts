/** The Web API's other methods: identity, conversations, views, files, the app itself. */
import { z } from "zod";
import { refusalOf } from "./check-blocks.ts";
import type { Announce } from "./messages.ts";
import { type Answer, failed, type Method, method } from "./method.ts";
import type { StoredTeam, World } from "./world.ts";
import { APP, BOT_ID, addMessage, addTeam, directChannel } from "./world.ts";

const Manifest = z.object({
  features: z.object({ slash_commands: z.array(z.object({ command: z.string() }).loose()).default([]) }).loose(),
});
const InThread = { channel_id: z.string(), thread_ts: z.string() };
const Prompts = z
  .array(z.object({ title: z.string().min(1), message: z.string().min(1) }))
  .min(1)
  .max(4);

export const methods: Readonly<Record<string, Method>> = {
  "auth.test": ({ team }) => ({
    ok: true,
    url: "https://local.slack.com/",
    team: "Local",
    user: "parley",
    team_id: team.id,
    user_id: team.botUser,
    bot_id: BOT_ID,
    is_enterprise_install: false,
  }),
  "users.info": method({ user: z.string() }, ({ user: id }, { world }) => {
    const user = world.users.get(id);
    if (user === undefined) return failed("user_not_found");
    const { team, name } = user;
    return { ok: true, user: { id, team_id: team, name, real_name: name, is_bot: false } };
  }),
  "users.conversations": ({ world, team }) => ({
    ok: true,
    channels: [...world.channels.values()]
      .filter((channel) => channel.team === team.id && channel.members.has(team.botUser))
      .map(({ id, type, title }) => ({ id, name: title, is_im: type === "direct" })),
    response_metadata: { next_cursor: "" },
  }),
  "conversations.open": method({ users: z.string() }, ({ users }, { world, team }) =>
    world.users.get(users)?.team === team.id
      ? { ok: true, channel: { id: directChannel(world, users).id } }
      : failed("user_not_found"),
  ),
  "reactions.add": method(
    { channel: z.string(), timestamp: z.string(), name: z.string() },
    ({ channel, timestamp, name }, { world, team }) => {
      const message = world.messages.get(`${channel}:${timestamp}`);
      if (message === undefined) return failed("message_not_found");
      if (!/^[a-z0-9_+-]+$/u.test(name)) return failed("invalid_name");
      if (message.reactions.some((one) => one.user === team.botUser && one.name === name))
        return failed("already_reacted");
      message.reactions.push({ user: team.botUser, name });
      world.changed();
      return { ok: true };
    },
  ),
  "assistant.threads.setStatus": method(
    { ...InThread, status: z.string() },
    ({ channel_id: channel, thread_ts: thread, status }, { world }) => {
      if (!world.messages.has(`${channel}:${thread}`)) return failed("invalid_thread_ts");
      if (status === "") world.statuses.delete(`${channel}:${thread}`);
      else world.statuses.set(`${channel}:${thread}`, status);
      world.changed();
      return { ok: true };
    },
  ),
  "assistant.threads.setTitle": () => ({ ok: true }),
  "assistant.threads.setSuggestedPrompts": method(
    { ...InThread, prompts: Prompts },
    ({ channel_id: channel, thread_ts: thread, prompts }, { world }) => {
      const messages = prompts.map(({ message }) => message);
      world.prompts.set(`${channel}:${thread}`, messages);
      return { ok: true };
    },
  ),
  "views.publish": method(
    { user_id: z.string(), view: z.object({ type: z.literal("home"), blocks: z.unknown() }) },
    ({ user_id: user, view }, { world }) => {
      const refused = refusalOf(view.blocks, 100);
      if (refused !== undefined) return refused;
      world.homes.set(user, view);
      return { ok: true };
    },
  ),
  "views.open": method(
    {
      trigger_id: z.string(),
      view: z.looseObject({ type: z.literal("modal"), title: z.unknown(), blocks: z.unknown() }),
    },
    ({ trigger_id: trigger, view }, { world }) => {
      const user = /^trigger\.([A-Z0-9]+)\./u.exec(trigger)?.[1];
      if (user === undefined) return failed("invalid_trigger");
      const refused = refusalOf(view.blocks, 100);
      if (refused !== undefined) return refused;
      const id = world.newId("V");
      world.modals.set(user, { id, view });
      return { ok: true, view: { id } };
    },
  ),
  "apps.connections.open": ({ world, url }) => ({
    ok: true,
    url: `${url.replace(/^http/u, "ws")}/link/?ticket=${world.newId("t")}&app_id=${APP}`,
  }),
  "apps.manifest.export": ({ world }) => ({
    ok: true,
    manifest: { features: { slash_commands: world.commands.map((command) => ({ command, description: "…" })) } },
  }),
  "apps.manifest.update": method({ app_id: z.literal(APP), manifest: z.unknown() }, ({ manifest }, { world }) => {
    const { features } = Manifest.parse(typeof manifest === "string" ? JSON.parse(manifest) : manifest);
    const names = features.slash_commands.map(({ command }) => command);
    if (!names.every((name) => /^\/[a-z0-9_-]{1,31}$/u.test(name)))
      return failed("invalid_manifest", "a command's name");
    world.commands = names;
    return { ok: true, app_id: APP };
  }),
  "oauth.v2.access": method(
    {
      code: z.string().default(""),
      grant_type: z.string().default("authorization_code"),
      refresh_token: z.string().default(""),
      client_id: z.string(),
      client_secret: z.string(),
    },
    ({ code, grant_type: grant, refresh_token: refreshToken }, { world }) =>
      grant === "refresh_token" ? renewed(world, refreshToken) : installed(world, code),
  ),
  "auth.teams.list": ({ world, team }) => ({
    ok: true,
    teams: [...world.teams.values()]
      .filter(({ organisation }) => organisation === team.id)
      .map(({ id }) => ({ id, name: id })),
  }),
};

/** A refresh token gives the next token, once. */
function renewed(world: World, refreshToken: string): Answer {
  const team = [...world.teams.values()].find((one) => one.refreshToken === refreshToken);
  if (team === undefined) return failed("invalid_refresh_token");
  team.earlier.push(team.token);
  team.token = `xoxe.xoxb-local-${world.newId("R")}`;
  return { ok: true, access_token: team.token, token_type: "bot", ...rotationOf(world, team), team: { id: team.id } };
}

/** A code gives a first token; codes of organisations begin with E. */
function installed(world: World, code: string): Answer {
  const id = /^code-([TE][A-Z0-9]+)$/u.exec(code)?.[1];
  if (id === undefined) return failed("invalid_code");
  const team = addTeam(world, id);
  const named = { id, name: id };
  const isWhole = id.startsWith("E");
  return {
    ok: true,
    access_token: team.token,
    token_type: "bot",
    scope: "chat:write",
    bot_user_id: team.botUser,
    app_id: APP,
    team: isWhole ? null : named,
    enterprise: isWhole ? named : null,
    is_enterprise_install: isWhole,
    ...rotationOf(world, team),
  };
}

function rotationOf(world: World, team: StoredTeam): object {
  if (world.rotatesEvery === undefined) return {};
  team.refreshToken = `xoxe-1-${world.newId("R")}`;
  return { refresh_token: team.refreshToken, expires_in: world.rotatesEvery };
}

/** Files come in three steps: an address, the bytes (`server.ts`), the message that shows them. */
export const fileMethods = (announce: Announce): Readonly<Record<string, Method>> => ({
  "files.getUploadURLExternal": method(
    { filename: z.string().min(1), length: z.coerce.number().positive() },
    ({ filename, length }, { world, url }) => {
      const id = world.newId("F");
      world.uploads.set(id, { name: filename, bytes: new Uint8Array(0) });
      return { ok: true, file_id: id, upload_url: `${url}/upload/v1/${id}?length=${length}` };
    },
  ),
  "files.completeUploadExternal": method(
    {
      files: z.array(z.object({ id: z.string(), title: z.string().optional() })).min(1),
      channel_id: z.string(),
      thread_ts: z.string().optional(),
      initial_comment: z.string().default(""),
    },
    ({ files: named, channel_id: channel, thread_ts: threadTs, initial_comment: text }, { world, team }) => {
      if (!world.channels.has(channel)) return failed("channel_not_found");
      const known = { mediaType: "application/octet-stream", owner: team.botUser };
      const files = named.flatMap(({ id }) => {
        const upload = world.uploads.get(id);
        return upload === undefined || upload.bytes.byteLength === 0 ? [] : [{ ...known, ...upload, id }];
      });
      if (files.length < named.length) return failed("file_not_found");
      for (const file of files) world.files.set(file.id, file);
      const message = addMessage(world, { channel, user: team.botUser, botId: BOT_ID, text, files, threadTs });
      announce(message, "posted");
      return { ok: true, files: files.map(({ id, name }) => ({ id, title: name })) };
    },
  ),
});
