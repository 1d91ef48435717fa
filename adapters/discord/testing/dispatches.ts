/** What the gateway tells of what happens in the world: which event, to whom, with which intent. */
import { type Gateway, INTENTS } from "./gateway.ts";
import {
  channelPayload,
  gatewayMessage,
  guildPayload,
  memberPayload,
  type PayloadContext,
  userPayload,
  withoutContent,
} from "./payloads.ts";
import type { Payload, StoredChannel, StoredGuild, StoredMessage, StoredReaction } from "./world.ts";

export type Dispatches = ReturnType<typeof createDispatches>;

/** What the gateway tells; what is shown to one person alone is told to nobody else. */
export function createDispatches(context: PayloadContext, gateway: Gateway) {
  const { world } = context;
  const ofGuild = (type: string, guildId: string | undefined, data: Payload): void =>
    gateway.dispatch({ type, guildId, data: (intents) => ((intents & INTENTS.guilds) === 0 ? undefined : data) });
  return {
    messageCreated: (message: StoredMessage) => tellOfMessage(context, gateway, "MESSAGE_CREATE", message),
    messageUpdated: (message: StoredMessage) => tellOfMessage(context, gateway, "MESSAGE_UPDATE", message),
    messageDeleted: ({ id, channelId, visibleTo }: StoredMessage) => {
      if (visibleTo !== undefined) return;
      const { guildId, needed } = intentFor(context, channelId, "messages");
      const data = { id, channel_id: channelId, guild_id: guildId };
      gateway.dispatch({ type: "MESSAGE_DELETE", guildId, data: (intents) => withIntent(intents, needed, data) });
    },
    reactionChanged: (message: StoredMessage, reaction: StoredReaction, added: boolean) => {
      const { guildId, needed } = intentFor(context, message.channelId, "reactions");
      const data = reactionPayload(context, message, { ...reaction, added });
      const type = added ? "MESSAGE_REACTION_ADD" : "MESSAGE_REACTION_REMOVE";
      gateway.dispatch({ type, guildId, data: (intents) => withIntent(intents, needed, data) });
    },
    channelCreated: (channel: StoredChannel) =>
      ofGuild("CHANNEL_CREATE", channel.guildId, channelPayload(world, channel)),
    threadCreated: (thread: StoredChannel) =>
      ofGuild("THREAD_CREATE", thread.guildId, { ...channelPayload(world, thread), newly_created: true }),
    guildCreated: (guild: StoredGuild) => ofGuild("GUILD_CREATE", guild.id, guildPayload(world, guild)),
    guildDeleted: (id: string, unavailable?: true) => ofGuild("GUILD_DELETE", id, { id, unavailable }),
    threadDeleted: ({ id, guildId, parentId }: StoredChannel) =>
      ofGuild("THREAD_DELETE", guildId, { id, parent_id: parentId, type: 11, guild_id: guildId }),
    interactionCreated: (interaction: Payload, guildId: string | undefined) =>
      gateway.dispatch({ type: "INTERACTION_CREATE", guildId, data: () => interaction }),
  };
}

function withIntent(intents: number, needed: number, data: Payload): Payload | undefined {
  return (intents & needed) === 0 ? undefined : data;
}

/** Which server it is about, and which intent a session needs to be told. */
function intentFor({ world }: PayloadContext, channelId: string, kind: "messages" | "reactions") {
  const channel = world.channels.get(channelId);
  const direct = kind === "messages" ? INTENTS.directMessages : INTENTS.directReactions;
  const guild = kind === "messages" ? INTENTS.guildMessages : INTENTS.guildReactions;
  return { guildId: channel?.guildId, needed: channel?.type === "direct" ? direct : guild };
}

/** With the content that a session may read. What is shown to one person alone is told to nobody. */
function tellOfMessage(context: PayloadContext, gateway: Gateway, type: string, message: StoredMessage): void {
  if (message.visibleTo !== undefined) return;
  const { guildId, needed } = intentFor(context, message.channelId, "messages");
  const payload = gatewayMessage(context, message);
  gateway.dispatch({
    type,
    guildId,
    data: (intents) => {
      const mayRead = (intents & INTENTS.messageContent) !== 0;
      return withIntent(intents, needed, mayRead ? payload : withoutContent(context.world, payload, message));
    },
  });
}

function reactionPayload(
  { world }: PayloadContext,
  message: StoredMessage,
  { emoji, userId, added }: StoredReaction & { readonly added: boolean },
): Payload {
  const guildId = world.channels.get(message.channelId)?.guildId;
  const user = world.users.get(userId);
  const isMember = added && guildId !== undefined && user !== undefined;
  return {
    user_id: userId,
    channel_id: message.channelId,
    message_id: message.id,
    emoji: { id: null, name: emoji },
    burst: false,
    type: 0,
    guild_id: guildId,
    member: isMember ? { ...memberPayload(), user: userPayload(user) } : undefined,
    message_author_id: added ? message.author.id : undefined,
  };
}
