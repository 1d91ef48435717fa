/** The Web API's other methods: identity, conversations, views, files, the app itself. */
import { z } from "zod";
import { refusalOf } from "./check-blocks.ts";
import { type Call, failed, type Method } from "./method.ts";
import type { StoredMessage, StoredTeam } from "./world.ts";
import { APP, BOT_ID, addMessage, addTeam, directChannel } from "./world.ts";

const ok: Method = () => ({ ok: true });
const OnMessage = z.object({ channel: z.string(), timestamp: z.string(), name: z.string() });
const InThread = z.object({ channel_id: z.string(), thread_ts: z.string() });
const Manifest = z.object({
  features: z.object({ slash_commands: z.array(z.object({ command: z.string() }).loose()).default([]) }).loose(),
});

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
  "users.info": ({ world, body }) => {
    const user = world.users.get(z.object({ user: z.string() }).parse(body).user);
    if (user === undefined) return failed("user_not_found");
    return {
      ok: true,
      user: { id: user.id, team_id: user.team, name: user.name, real_name: user.name, is_bot: false },
    };
  },
  "users.conversations": ({ world, team }) => ({
    ok: true,
    channels: [...world.channels.values()]
      .filter((channel) => channel.team === team.id && channel.members.has(team.botUser))
      .map(({ id, type, title }) => ({ id, name: title, is_im: type === "direct" })),
    response_metadata: { next_cursor: "" },
  }),
  "conversations.open": ({ world, team, body }) => {
    const { users } = z.object({ users: z.string() }).parse(body);
    if (world.users.get(users)?.team !== team.id) return failed("user_not_found");
    return { ok: true, channel: { id: directChannel(world, users).id } };
  },
  "reactions.add": ({ world, team, body }) => {
    const { channel, timestamp, name } = OnMessage.parse(body);
    const message = world.messages.get(`${channel}:${timestamp}`);
    if (message === undefined) return failed("message_not_found");
    if (!/^[a-z0-9_+-]+$/u.test(name)) return failed("invalid_name");
    if (message.reactions.some((one) => one.user === team.botUser && one.name === name))
      return failed("already_reacted");
    message.reactions.push({ user: team.botUser, name });
    world.changed();
    return { ok: true };
  },
  "assistant.threads.setStatus": ({ world, body }) => {
    const { channel_id: channel, thread_ts: thread, status } = InThread.extend({ status: z.string() }).parse(body);
    if (!world.messages.has(`${channel}:${thread}`)) return failed("invalid_thread_ts");
    if (status === "") world.statuses.delete(`${channel}:${thread}`);
    else world.statuses.set(`${channel}:${thread}`, status);
    world.changed();
    return { ok: true };
  },
  "assistant.threads.setTitle": ok,
  "assistant.threads.setSuggestedPrompts": ({ world, body }) => {
    const parsed = InThread.extend({
      prompts: z
        .array(z.object({ title: z.string().min(1), message: z.string().min(1) }))
        .min(1)
        .max(4),
    }).safeParse(body);
    if (!parsed.success) return failed("invalid_arguments", z.prettifyError(parsed.error));
    const { channel_id: channel, thread_ts: thread, prompts } = parsed.data;
    world.prompts.set(
      `${channel}:${thread}`,
      prompts.map(({ message }) => message),
    );
    return { ok: true };
  },
  "views.publish": ({ world, body }) => {
    const { user_id: user, view } = z
      .object({ user_id: z.string(), view: z.object({ type: z.literal("home"), blocks: z.unknown() }) })
      .parse(body);
    const refused = refusalOf(view.blocks, 100);
    if (refused !== undefined) return failed(refused.error, refused.detail);
    world.homes.set(user, view);
    return { ok: true };
  },
  "views.open": (call) => openView(call),
  "apps.connections.open": ({ world, url }) => ({
    ok: true,
    url: `${url.replace(/^http/u, "ws")}/link/?ticket=${world.newId("t")}&app_id=${APP}`,
  }),
  "apps.manifest.export": ({ world }) => ({
    ok: true,
    manifest: { features: { slash_commands: world.commands.map((command) => ({ command, description: "…" })) } },
  }),
  "apps.manifest.update": ({ world, body }) => {
    const parsed = z.object({ app_id: z.literal(APP), manifest: z.union([z.string(), z.unknown()]) }).parse(body);
    const manifest: unknown = typeof parsed.manifest === "string" ? JSON.parse(parsed.manifest) : parsed.manifest;
    const { features } = Manifest.parse(manifest);
    const names = features.slash_commands.map(({ command }) => command);
    if (!names.every((name) => /^\/[a-z0-9_-]{1,31}$/u.test(name)))
      return failed("invalid_manifest", "a command's name");
    world.commands = names;
    return { ok: true, app_id: APP };
  },
  "oauth.v2.access": access,
  "auth.teams.list": ({ world, team }) => ({
    ok: true,
    teams: [...world.teams.values()]
      .filter(({ organisation }) => organisation === team.id)
      .map(({ id }) => ({ id, name: id })),
  }),
};

/** A code gives a first token, a refresh token the next one; codes of organisations begin with E. */
function access({ world, body }: Call): ReturnType<Method> {
  const asked = z
    .object({
      code: z.string().default(""),
      grant_type: z.string().default("authorization_code"),
      refresh_token: z.string().default(""),
      client_id: z.string(),
      client_secret: z.string(),
    })
    .parse(body);
  if (asked.grant_type === "refresh_token") {
    const team = [...world.teams.values()].find(({ refreshToken }) => refreshToken === asked.refresh_token);
    if (team === undefined) return failed("invalid_refresh_token");
    team.earlier.push(team.token);
    team.token = `xoxe.xoxb-local-${world.newId("R")}`;
    return { ok: true, access_token: team.token, token_type: "bot", ...rotationOf(world, team), team: { id: team.id } };
  }
  const id = /^code-([TE][A-Z0-9]+)$/u.exec(asked.code)?.[1];
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

function rotationOf(world: Call["world"], team: StoredTeam): object {
  if (world.rotatesEvery === undefined) return {};
  team.refreshToken = `xoxe-1-${world.newId("R")}`;
  return { refresh_token: team.refreshToken, expires_in: world.rotatesEvery };
}

function openView({ world, body }: Call): ReturnType<Method> {
  const View = z.object({
    type: z.literal("modal"),
    title: z.unknown(),
    blocks: z.unknown(),
    private_metadata: z.string().optional(),
  });
  const { trigger_id: trigger, view } = z.object({ trigger_id: z.string(), view: View.loose() }).parse(body);
  const user = /^trigger\.([A-Z0-9]+)\./u.exec(trigger)?.[1];
  if (user === undefined) return failed("invalid_trigger");
  const refused = refusalOf(view.blocks, 100);
  if (refused !== undefined) return failed(refused.error, refused.detail);
  const id = world.newId("V");
  world.modals.set(user, { id, view });
  return { ok: true, view: { id } };
}

/** Files come in three steps: an address, the bytes (`server.ts`), the message that shows them. */
export function fileMethods(
  uploads: Map<string, { readonly name: string; bytes: Uint8Array }>,
  announce: (message: StoredMessage) => void,
): Readonly<Record<string, Method>> {
  return {
    "files.getUploadURLExternal": ({ world, url, body }) => {
      const { filename, length } = z
        .object({ filename: z.string().min(1), length: z.coerce.number().positive() })
        .parse(body);
      const id = world.newId("F");
      uploads.set(id, { name: filename, bytes: new Uint8Array(0) });
      return { ok: true, file_id: id, upload_url: `${url}/upload/v1/${id}?length=${length}` };
    },
    "files.completeUploadExternal": ({ world, team, body }) => {
      const parsed = z
        .object({
          files: z.array(z.object({ id: z.string(), title: z.string().optional() })).min(1),
          channel_id: z.string(),
          thread_ts: z.string().optional(),
          initial_comment: z.string().optional(),
        })
        .parse(body);
      if (!world.channels.has(parsed.channel_id)) return failed("channel_not_found");
      const files = parsed.files.flatMap(({ id }) => {
        const upload = uploads.get(id);
        if (upload === undefined || upload.bytes.byteLength === 0) return [];
        return [
          { id, name: upload.name, bytes: upload.bytes, mediaType: "application/octet-stream", owner: team.botUser },
        ];
      });
      if (files.length < parsed.files.length) return failed("file_not_found");
      for (const file of files) world.files.set(file.id, file);
      const message = addMessage(world, {
        channel: parsed.channel_id,
        user: team.botUser,
        botId: BOT_ID,
        text: parsed.initial_comment ?? "",
        files,
        ...(parsed.thread_ts === undefined ? {} : { threadTs: parsed.thread_ts }),
      });
      announce(message);
      return { ok: true, files: files.map(({ id, name }) => ({ id, title: name })) };
    },
  };
}
