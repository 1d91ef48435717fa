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
import type { Payload, StoredChannel, StoredGuild, StoredMessage } from "./world.ts";

export interface Dispatches {
  readonly messageCreated: (message: StoredMessage) => void;
  readonly messageUpdated: (message: StoredMessage) => void;
  readonly messageDeleted: (message: StoredMessage) => void;
  readonly reactionChanged: (message: StoredMessage, reaction: Reaction, added: boolean) => void;
  readonly channelCreated: (channel: StoredChannel) => void;
  readonly threadCreated: (thread: StoredChannel) => void;
  readonly guildCreated: (guild: StoredGuild) => void;
  readonly guildDeleted: (guildId: string) => void;
  readonly interactionCreated: (interaction: Payload, guildId: string | undefined) => void;
}

interface Reaction {
  readonly emoji: string;
  readonly userId: string;
}

export function createDispatches(context: PayloadContext, gateway: Gateway): Dispatches {
  const { world } = context;

  /** A message event goes to sessions with the intent of its kind of channel, with the content they may read. */
  const ofMessage = (type: string, message: StoredMessage, extra: Payload = {}): void => {
    if (message.visibleTo !== undefined) return;
    const channel = world.channels.get(message.channelId);
    const needed = channel?.type === "direct" ? INTENTS.directMessages : INTENTS.guildMessages;
    const payload: Payload = { ...gatewayMessage(context, message), ...extra };
    gateway.dispatch({
      type,
      guildId: channel?.guildId,
      data: (intents) => {
        if ((intents & needed) === 0) return undefined;
        return (intents & INTENTS.messageContent) === 0 ? withoutContent(world, payload, message) : payload;
      },
    });
  };

  const ofGuild = (type: string, guildId: string | undefined, data: Payload): void =>
    gateway.dispatch({ type, guildId, data: (intents) => ((intents & INTENTS.guilds) === 0 ? undefined : data) });

  return {
    messageCreated: (message) => ofMessage("MESSAGE_CREATE", message),
    messageUpdated: (message) => ofMessage("MESSAGE_UPDATE", message),
    messageDeleted: (message) => {
      const { id, channelId } = message;
      const channel = world.channels.get(channelId);
      const needed = channel?.type === "direct" ? INTENTS.directMessages : INTENTS.guildMessages;
      const data = {
        id,
        channel_id: channelId,
        ...(channel?.guildId === undefined ? {} : { guild_id: channel.guildId }),
      };
      gateway.dispatch({
        type: "MESSAGE_DELETE",
        guildId: channel?.guildId,
        data: (intents) => ((intents & needed) === 0 ? undefined : data),
      });
    },
    reactionChanged: (message, { emoji, userId }, added) => {
      const channel = world.channels.get(message.channelId);
      const needed = channel?.type === "direct" ? INTENTS.directReactions : INTENTS.guildReactions;
      const user = world.users.get(userId);
      const member = user === undefined ? {} : { member: { ...memberPayload(), user: userPayload(user) } };
      const data = {
        user_id: userId,
        channel_id: message.channelId,
        message_id: message.id,
        emoji: { id: null, name: emoji },
        burst: false,
        type: 0,
        ...(channel?.guildId === undefined ? {} : { guild_id: channel.guildId, ...(added ? member : {}) }),
        ...(added ? { message_author_id: message.author.id } : {}),
      };
      gateway.dispatch({
        type: added ? "MESSAGE_REACTION_ADD" : "MESSAGE_REACTION_REMOVE",
        guildId: channel?.guildId,
        data: (intents) => ((intents & needed) === 0 ? undefined : data),
      });
    },
    channelCreated: (channel) => ofGuild("CHANNEL_CREATE", channel.guildId, channelPayload(world, channel)),
    threadCreated: (thread) =>
      ofGuild("THREAD_CREATE", thread.guildId, { ...channelPayload(world, thread), newly_created: true }),
    guildCreated: (guild) => ofGuild("GUILD_CREATE", guild.id, guildPayload(world, guild)),
    guildDeleted: (guildId) => ofGuild("GUILD_DELETE", guildId, { id: guildId }),
    interactionCreated: (interaction, guildId) =>
      gateway.dispatch({ type: "INTERACTION_CREATE", guildId, data: () => interaction }),
  };
}
