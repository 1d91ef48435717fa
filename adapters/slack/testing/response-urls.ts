/** Posts to a `response_url`: they say something new, or change the message that was pressed. */
import { z } from "zod";
import { BOT_ID, HOME_TEAM, type World, addMessage } from "./world.ts";

const Response = z.object({
  text: z.string().default(""),
  blocks: z.array(z.unknown()).default([]),
  response_type: z.enum(["ephemeral", "in_channel"]).default("ephemeral"),
  replace_original: z.boolean().default(true),
});

/** `id`: `channel.user.ts` of the pressed message or of the command. False for an address that was never given out. */
export function respond(world: World, id: string, body: unknown): boolean {
  const [channelId = "", user = "", ...ts] = id.split(".");
  const channel = world.channels.get(channelId);
  if (channel === undefined) return false;
  const { text, blocks, response_type: type, replace_original: replace } = Response.parse(body);
  const original = world.messages.get(`${channelId}:${ts.join(".")}`);
  if (original !== undefined && replace) {
    Object.assign(original, { text, blocks, streamed: "" });
    world.changed();
    return true;
  }
  addMessage(world, {
    channel: channelId,
    user: world.teams.get(channel.team)?.botUser ?? world.teams.get(HOME_TEAM)?.botUser ?? "",
    botId: BOT_ID,
    text,
    blocks,
    ...(type === "ephemeral" && user !== "" ? { ephemeralFor: user } : {}),
  });
  return true;
}
